"""English reader: one message of the user, clause by clause."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from memory.builtin.extraction import en_events as events
from memory.builtin.extraction.corrections import explicit as slips_explicitly
from memory.builtin.extraction.corrections import slips_en
from memory.builtin.extraction.denials import denied_en
from memory.builtin.extraction.draft import Cancelled, Draft, Finding, Retracted
from memory.builtin.extraction.en_cancellations import called_off
from memory.builtin.extraction.en_facts import read_fact
from memory.builtin.extraction.en_filters import EN_FILTERS
from memory.builtin.extraction.en_parts import statements, with_speaker
from memory.builtin.extraction.en_reader_state import EnNotes
from memory.builtin.extraction.en_subjects import (
    EnSubject,
    contradicts,
    introduced,
    names_somebody,
    subject_of,
    with_relative,
)
from memory.builtin.extraction.en_text import (
    conjugated,
    lead_stripped,
    tail_stripped,
    third_person,
    with_dates,
)
from memory.builtin.extraction.en_unread import unread_en
from memory.builtin.extraction.en_words import NOT_NAMES, USER
from memory.builtin.extraction.en_yearly import denies_day, yearly_day
from memory.builtin.extraction.roleplay_requests import makes_up_en, said_by_other_en
from memory.builtin.extraction.sentences import Sentence, clean, sentences
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.nlp.dates.names import MONTHS
from memory.types import Kind

_I = re.IGNORECASE
_FEW_WORDS = 3
_NAME = re.compile(
    r"^(?:my (?:full |first )?name(?:'s| is)|(?:you can |please |just |everyone |everybody |people |friends |my friends )*calls? me|i go by|i'm called|i am called|name's)\s+(?P<name>[A-Z\u4e00-\u9fff][\w'’.-]*(?: [A-Z][\w'’.-]*){0,2})$",
    _I,
)
_I_AM_NAME = re.compile(r"^(?:I'm|I am|This is)\s+(?P<name>[A-Z][a-zé]{1,15})$")
_REMIND = re.compile(
    r"^(?:please )?(?:can you |could you )?remind me (?:to |that i have to |about )(?!my \w+'s)", _I
)
_NAMED = re.compile(r"^(?:is|are) (?:named|called) (?P<name>[A-Z][\w' &-]{0,30})$")
_ITS_NAME = re.compile(
    r"^(?:his|her|its|their) names?(?:'s| is| are) (?P<name>[A-Z][\w' &-]{0,30})$", _I
)
_HABIT_FIRST = re.compile(
    r"^(?P<when>every (?:single )?\w+(?: (?:morning|evening|night|afternoon))?|on (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays)),? (?=(?:I|we)\b)",
    _I,
)
# "Just got back from Lisbon": people leave out the "I" of what they just did.
_I_LEFT_OUT = re.compile(
    r"^(?:(?:just|finally|recently) )?(?:found out|got|went|had|saw|met|finished|started|moved|bought|made|came|spent|took|passed|failed|quit|adopted|booked|broke|grew up)\b(?! (?:it|that|me)\b)",
    _I,
)
_HE_OR_SHE = re.compile(r"(s?he)\b", _I)
_HIS = re.compile(r"^[A-Z]\w+ (?:\w+ ){1,3}(?:his|her|its)\b")
_NAMES = re.compile(r"^(?P<name>[A-Z][a-z]+(?:(?:, | and | & )[A-Z][a-z]+)*)$")
# People leave out "I've" and, of a baby, "it's".
_BEEN = re.compile(
    r"^been (?=(?:\w+ly )?(?:\w+ing|vegan|vegetarian|sober|single|married|together|sick|ill|off work)\b)",
    _I,
)
_I_AM_LEFT_OUT = re.compile(
    r"^(?:seeing|flying|going|meeting|starting|moving|visiting|having|getting|taking|leaving|driving|heading)\b.*\b(?:tomorrow|tonight|next|on|this|in)\b",
    _I,
)
# "Got an exam on Monday" is still to come.
_GOT_AHEAD = re.compile(
    r"^(?:I |we )?got (?=(?:an? |my |the |another |this )?(?:[\w']+ ){0,3}?(?:exams?|test|interview|appointment|meeting|evening|open day|viewing|party|wedding|match|gig|class|shift|deadline|flight|presentation|lesson|audition|hearing|scan|check-?up|essay|assignment)\b)",
    _I,
)
_DUE = re.compile(r"^due (?=in|on|at|any|next|this|around|\d)", _I)
# "My nan passed away, the funeral's on Tuesday": part of the same story.
_ITS_DAY = re.compile(r"the (?:funeral|wake|wedding|memorial|ceremony)(?:'s| is| was) ", _I)
_YOU = re.compile(r"\byou(?:r|rs|'re)?\b", _I)
_NOUN_IS = re.compile(
    r"(?:rent|mortgage) \w|[\w' -]{3,50}? (?:is|are|was|has|have|include|includes)\b", _I
)


@dataclass(slots=True)
class EnReader(EnNotes):
    """Findings of one message, in the order in which they were said."""

    def read(self, text: str) -> list[Finding]:
        """All that the user states in ``text``."""
        cleaned = clean(text).replace("’", "'").replace("。", ". ")
        cleaned = re.sub(r"\b(tomorrow|today|yesterday)'s (?=my\b)", r"\1 is ", cleaned, flags=_I)
        for sentence in sentences(cleaned, "en"):
            self._sentence(sentence)
        self._settle_feeling()
        return self.found

    def _sentence(self, sentence: Sentence) -> None:
        self.unreal = self.made_up
        self.topic = None
        parts = statements(sentence.clauses)
        carried = self.open
        start = list(self.found)
        for number, (part, last) in enumerate(parts):
            after = parts[number + 1][0] if number + 1 < len(parts) else ""
            if slips_en(part, after, number == 0) and not (sentence.asks and last):
                self._slip(slips_explicitly(part))
                continue
            if number and last and not sentence.quoting and said_by_other_en(part):
                self.found, self.open, self.before = start, None, None
                continue
            kept = list(self.found)
            self._clause(
                part if EN_FILTERS.absurd(part) else lead_stripped(part),
                sentence.asks and last,
                carried if number == 0 else None,
            )
            if self.found != kept:
                self.before = kept

    def _clause(self, clause: str, marked: bool, carried: int | None) -> None:
        clause = clause.strip()
        if not clause:
            return
        clause = _DUE.sub("I'm due ", _BEEN.sub("I've been ", clause))
        clause = _GOT_AHEAD.sub("I have ", clause)
        if self.topic is None or self.topic.who in (USER, f"{USER}'s"):
            clause = with_speaker(clause)
        self._spoken_of(clause)
        first = self.first
        # "New here. I'm Arjun": a few words before a name change nothing.
        self.first = first and len(clause.split()) <= _FEW_WORDS and not self.found
        if EN_FILTERS.retracts(tail_stripped(clause)):
            if any(isinstance(finding, Draft) for finding in self.found):
                self.found.clear()
            else:
                self.found.append(Retracted())
            return
        if self.made_up or makes_up_en(tail_stripped(clause)):
            self.made_up = self.unreal = True
            self.open = None
            return
        reminder = _REMIND.match(clause)
        if reminder:
            clause, marked = "I have to " + clause[reminder.end() :], False
        if self._name(tail_stripped(clause), first) and not marked:
            return
        if EN_FILTERS.makes_unreal(clause):
            self.unreal = True
        if self.unreal or EN_FILTERS.states_nothing(clause, marked):
            self.open = None
            spoken_of = subject_of(clause, USER, self.scene)
            if spoken_of.person and spoken_of.who != "they":
                self.person = spoken_of
            return
        clause = tail_stripped(clause)
        if len(clause) > 2:
            kept, inherited, felt = list(self.found), self.topic, self.feeling
            self._statement(clause, carried)
            if self.found != kept or self.feeling != felt or denies_day(clause):
                return
            unread = unread_en(clause, inherited, self.person, self.scene)
            if unread:
                self.found.append(unread)

    def _spoken_of(self, clause: str) -> None:
        """Whom "she" means in ``clause`` and after it: nobody whose kin says otherwise."""
        said = _HE_OR_SHE.match(clause)
        for spoken_of in (self.topic, self.person):
            if said and spoken_of and contradicts(said[1], spoken_of.who or ""):
                if spoken_of is self.topic:
                    self.topic = None
                if spoken_of is self.person:
                    self.person = None
        for name, phrase in self.scene.people.items():
            if re.search(rf"(?<!^)\b{re.escape(name)}\b", clause):
                self.person = EnSubject(phrase, "", False, True, True)

    # --- one statement

    def _statement(self, clause: str, carried: int | None) -> None:
        day = self.scene.said_on
        if denies_day(clause):
            self.open = None
            return
        mentions = dates.resolve(clause, day, "en")
        special = yearly_day(clause, mentions) or called_off(clause, mentions, self.scene)
        if special:
            self.open = None
            self._add_special(special)
            return
        named = _ITS_NAME.match(clause)
        if self._name_last(named or _NAMES.match(clause)):
            return
        if named:
            if self.person and self.person.who:
                text = f"{self.person.who} is named {named['name']}"
                self._add(Draft(text, "relationship", 4))
            return
        if mentions and self.open is not None and _ITS_DAY.match(clause):
            last = self.found[self.open]
            if isinstance(last, Draft):
                text = re.sub(r"^the (\w+)'s", r"the \1 is", with_dates(clause, mentions))
                self.found[self.open] = replace(last, text=f"{last.text}, {text}")
            return
        about = self._about(clause, mentions)
        if about is None or _YOU.search(about.predicate):
            self.open = None
            return
        predicate = about.predicate
        called = _NAMED.match(predicate)
        if self._name_last(called):
            return
        if called and about.person:
            self._add(Draft(f"{about.who} {predicate}", "relationship", 4))
            return
        dated = dates.resolve(predicate, day, "en")
        denied = denied_en(predicate) if about.who == USER and not dated else None
        if denied:
            self.open = None
            self.found.append(denied)
            return
        recent = events.RECENT.search(predicate)
        if about.who == USER and events.feeling(predicate) and not dated and not recent:
            self._feel(predicate, carried)
            return
        if self._timeless(about):
            self.open = None
            return
        if dated:
            self._dated(about)
            return
        if recent:
            predicate = tail_stripped(predicate[: recent.start()] + predicate[recent.end() :])
            if self._recent(about, predicate):
                return
        fact = read_fact(predicate)
        if fact and about.who == f"{USER}'s" and not _NOUN_IS.match(predicate):
            fact = None
        if fact and not about.explicit and predicate.startswith(("like ", "always ", "never ")):
            fact = None
        if fact:
            self._add_fact(about, fact)
            self.open = None
            return
        self._undated(about, predicate)

    def _add_special(self, special: Draft | Cancelled) -> None:
        if isinstance(special, Draft):
            self._add(special)
        else:
            self.found.append(special)

    def _about(self, clause: str, mentions: list[DateMention]) -> EnSubject | None:
        """Subject and predicate; a date in front moves behind the predicate."""
        tail, fresh = "", self.topic is None
        habit = _HABIT_FIRST.match(clause)
        if habit:
            clause, tail = clause[habit.end() :], " " + habit["when"].lower()
        elif (
            mentions and not clause[: mentions[0].begin].strip() and len(clause) > mentions[0].stop
        ):
            tail = " " + mentions[0].text
            clause = clause[mentions[0].stop :].lstrip(" ,")
        about = subject_of(clause, USER, self.scene)
        if names_somebody(clause):
            self.person = None
            if about.who == "":
                about = EnSubject(None, clause, False, True)
        if about.who is None:
            self.topic = about
            return None
        if about.who == "they":
            topic = self.topic if self.topic and self.topic.person else self.person
            if topic is None:
                return None
            self.topic = topic
            about = replace(topic, predicate=about.predicate)
        elif about.who == "":
            topic = self.topic
            if topic is None and fresh and _HIS.search(about.predicate):
                # "Percy cut his paw, had three stitches": neither is about the user.
                self.topic = replace(about, who=None)
                return None
            if topic is None and fresh and _I_LEFT_OUT.match(about.predicate):
                topic = self.topic = EnSubject(USER, "", True, False)
            if topic is None or not topic.who or topic.who.endswith("'s"):
                return None
            if topic.who == USER and mentions and _I_AM_LEFT_OUT.match(clause + tail):
                about = replace(about, predicate=f"am {about.predicate}")
            about = replace(topic, predicate=about.predicate, explicit=False)
        else:
            self.topic = about
            self.person = about if about.person else with_relative(about.predicate) or self.person
        return replace(about, predicate=about.predicate + tail)

    def _timeless(self, about: EnSubject) -> bool:
        """Facts in which a date is part of the fact: age, birth, since when."""
        predicate = about.predicate
        born = re.match(r"(?:was|were) born (?:in|on)\b", predicate)
        since = re.match(
            r"have (?:been|lived|worked|had|known|played|studied)\s++(?!since).*\bsince (?:I was|childhood|birth|(?:high |primary |elementary )?school|college|university|\d{4}|(?:last|\w+ )?(?:year|month|summer|winter|spring|fall|January|February|March|April|May|June|July|August|September|October|November|December))\b|have been .* for \w+ (?:years|months)$",
            predicate,
        )
        if not (born or since) or not about.first:
            return False
        mentions = dates.resolve(predicate, self.scene.said_on, "en")
        mentions = [mention.towards(future=False) for mention in mentions]
        text = conjugated(tail_stripped(with_dates(predicate, mentions)))
        base = re.sub(r"(?<!\s)\s+since\b.*", "", predicate)
        fact = read_fact(base) or read_fact(
            re.sub(r"^have (?:been )?(\w+?)(?:ed|ing)?\b", r"\1", base)
        )
        self._add(
            Draft(f"{about.who} {third_person(text)}", fact.category if fact else "identity", 3)
        )
        return True

    def _dated(self, about: EnSubject) -> None:
        predicate = about.predicate
        mentions = dates.resolve(predicate, self.scene.said_on, "en")
        who = about.who or USER
        draft = events.event(who, predicate, mentions, self.scene, about.first, about.explicit)
        if draft is None:
            self.open = None
            return
        if about.person:
            draft = replace(draft, category="relationship", importance=max(3, draft.importance))
        self._add(draft)
        self.open = len(self.found) - 1
        if about.who == USER:
            self.person = introduced(draft.text, self.scene) or self.person
        elif about.who and about.who.startswith(f"{USER} and their "):
            whose = about.who.removeprefix(f"{USER} and their ")
            self.person = EnSubject(f"{USER}'s {whose}", "", False, True, True, True)
        self._join_feeling()

    def _recent(self, about: EnSubject, predicate: str) -> bool:
        """ "I've been sleeping badly lately": true of this month, not for ever."""
        if about.who != USER:
            return False
        day = self.scene.said_on
        fact = read_fact(predicate)
        ill = fact is not None and fact.category == "health"
        if not (
            events.feeling(predicate)
            or ill
            or re.match(
                r"(?:have been|am) (?:having|sleeping|struggling|not sleeping|feeling|(?:really |so |super )?into|watching|reading|playing|working on)|can't sleep|haven't been",
                predicate,
            )
        ):
            return False
        category = "emotion" if events.feeling(predicate) else "health"
        if re.match(
            r"(?:have been|am) (?:(?:really |so |super )?into|watching|reading|playing|working)",
            predicate,
        ):
            category = "preference"
        text = f"{USER} {third_person(conjugated(predicate))} in {MONTHS[day.month - 1]} {day.year}"
        self._add(Draft(text, category, 3, kind=Kind.TEMPORAL, event_date=f"{day:%Y-%m}"))
        self.open = len(self.found) - 1
        return True

    def _undated(self, about: EnSubject, predicate: str) -> None:
        if not events.notable(predicate):
            self.open = None
            return
        day = self.scene.said_on
        now = events.at_once(predicate)
        predicate = re.sub(r"^(?:have )?(?:just|finally|recently) ", "", predicate)
        predicate = re.sub(r"^come(?= back)", "came", predicate)
        text = conjugated(predicate, past_said=True) if about.first else predicate
        if now:
            text += f" on {MONTHS[day.month - 1]} {day.day}, {day.year}"
        self._add(
            Draft(
                f"{about.who} {third_person(text)}",
                "relationship" if about.person else events.category_of(predicate, False),
                max(3, events.importance_of(predicate, False)),
                kind=Kind.TEMPORAL if now else Kind.CONSTANT,
                event_date=day.isoformat() if now else None,
            )
        )
        self.open = len(self.found) - 1
        self._join_feeling()

    # --- parts

    def _name(self, clause: str, first: bool) -> bool:
        match = _NAME.match(clause) or (_I_AM_NAME.match(clause) if first else None)
        if (
            not match
            or NOT_NAMES.search(match["name"])
            or (not match["name"][0].isupper() and match["name"].isascii())
        ):
            return False
        self._add(Draft(f"{USER}'s name is {match['name']}", "identity", 5))
        return True
