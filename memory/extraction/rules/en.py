"""Reads one English message of the user, clause by clause."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from memory import dates
from memory.dates import DateMention
from memory.dates.resolve_en import MONTHS
from memory.extraction.rules import en_events as events
from memory.extraction.rules import en_filters as filters
from memory.extraction.rules.draft import Cancelled, Draft, Finding, Retracted, Scene
from memory.extraction.rules.en_facts import Fact, read_fact
from memory.extraction.rules.en_subjects import About, introduced, subject_of
from memory.extraction.rules.en_text import (
    conjugated,
    lead_stripped,
    tail_stripped,
    third_person,
    with_dates,
)
from memory.extraction.rules.en_words import NOT_NAMES, PET, RELATION
from memory.extraction.rules.sentences import Sentence, clean, sentences
from memory.types import Kind

USER = "The user"

_I = re.IGNORECASE
_NAME = re.compile(
    r"^(?:my (?:full |first )?name(?:'s| is)|(?:you can |please |just |everyone |everybody |people |friends |my friends )*calls? me|i go by|i'm called|i am called|name's)\s+(?P<name>[A-Z\u4e00-\u9fff][\w'’.-]*(?: [A-Z][\w'’.-]*){0,2})$",
    _I,
)
_I_AM_NAME = re.compile(r"^(?:I'm|I am|This is|It's)\s+(?P<name>[A-Z][a-zé]{1,15})$")
_BIRTHDAY = re.compile(
    r"^(?:my birthday(?:'s| is| falls)?|i was born|i have my birthday|my birthday is coming up)\b",
    _I,
)
_BIRTHDAY_IS = re.compile(
    r"^(?:it's|it is|is)?\s*my (?:\d+\w* )?birthday(?: is)?$|^(?:is )?my birthday$", _I
)
_WHAT = rf"(?:my|our) (?:{RELATION}'s (?:\d+\w* )?birthday|(?:\d+\w* )?(?:wedding )?anniversary)"
_YEARLY = re.compile(
    rf"(?P<what>{_WHAT})(?: is| was| falls)?(?: on)?|(?:it's|it is|is|was) (?P<what2>{_WHAT})", _I
)
_REMIND = re.compile(
    r"^(?:please )?(?:can you |could you )?remind me (?:to |that i have to |about )?", _I
)
_NAMED = re.compile(r"^(?:is|are) (?:named|called) (?P<name>[A-Z][\w' &-]{0,30})$")
_ITS_NAME = re.compile(
    r"^(?:his|her|its|their) names? (?:is|are) (?P<name>[A-Z][\w' &-]{0,30})$", _I
)
_SPLIT = re.compile(
    r"\s+and\s+(?:also\s+|I\s+)?(?=(?:work(?:s|ing)? (?:as|at|in|for)|live in|love|hate|have (?:a|an|two|three|one)|study|am (?:a|an|from|allergic)|'m|enjoy|speak|don't|can't|play the|my|allergic|like)\b)",
    _I,
)
_HABIT_FIRST = re.compile(
    r"^(?P<when>every (?:single )?\w+(?: (?:morning|evening|night|afternoon))?|on (?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays)),? (?=(?:I|we)\b)",
    _I,
)
# "Just got back from Lisbon": people leave out the "I" of what they just did.
_I_LEFT_OUT = re.compile(
    r"^(?:(?:just|finally|recently) )?(?:got|went|had|saw|met|finished|started|moved|bought|made|came|spent|took|passed|failed|quit|adopted|booked|broke|grew up)\b(?! (?:it|that|me)\b)",
    _I,
)
_NAMES = re.compile(r"^(?P<name>[A-Z][a-z]+(?:(?:, | and | & )[A-Z][a-z]+)*)$")
_OWNED = re.compile(
    rf"^The user (?:just |recently )?(?:has|have|owns|adopted|got|rescued|bought) (?:\w+ ){{1,5}}?(?:{RELATION}|{PET})s?\b"
)
_NOUN_IS = re.compile(r"[\w' -]{3,50}? (?:is|are|was|has|have|include|includes)\b", _I)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:people|they|he|she|you|who|sure|think|hope|everyone|someone)\b", _I
)
_NEVER = re.compile(r"\byou(?:r|rs|'re)?\b", _I)


@dataclass(slots=True)
class EnReader:
    """Findings of one message, in the order in which they were said."""

    scene: Scene
    found: list[Finding] = field(default_factory=list)
    _topic: About | None = None
    _person: About | None = None
    _open: int | None = None
    _unreal: bool = False
    _feeling: str | None = None
    _first: bool = True

    def read(self, text: str) -> list[Finding]:
        """All that the user states in ``text``."""
        cleaned = clean(text).replace("’", "'").replace("。", ". ")
        cleaned = re.sub(r"\b(tomorrow|today|yesterday)'s (?=my\b)", r"\1 is ", cleaned, flags=_I)
        for sentence in sentences(cleaned, "en"):
            self._sentence(sentence)
        self._settle_feeling()
        return self.found

    def _sentence(self, sentence: Sentence) -> None:
        self._unreal = False
        self._topic = None
        parts = [
            (part, number == len(sentence.clauses) - 1)
            for number, clause in enumerate(sentence.clauses)
            for part in _coordinated(clause)
        ]
        parts = _rejoined(parts)
        carried = self._open
        for number, (part, last) in enumerate(parts):
            self._clause(
                lead_stripped(part), sentence.asks and last, carried if number == 0 else None
            )

    def _clause(self, clause: str, marked: bool, carried: int | None) -> None:
        clause = clause.strip()
        if not clause:
            return
        first, self._first = self._first, False
        if filters.retracts(tail_stripped(clause)):
            if any(isinstance(finding, Draft) for finding in self.found):
                self.found.clear()
            else:
                self.found.append(Retracted())
            return
        reminder = _REMIND.match(clause)
        if reminder:
            clause, marked = "I have to " + clause[reminder.end() :], False
        if self._name(tail_stripped(clause), first) and not marked:
            return
        if filters.unreal(clause) or filters.about_a_text(clause):
            self._unreal = True
        if (
            self._unreal
            or filters.asks(clause, marked)
            or filters.unsure(clause)
            or filters.orders(clause)
            or filters.reported(clause)
            or filters.about_the_talk(clause)
        ):
            self._open = None
            return
        clause = tail_stripped(clause)
        if len(clause) > 2:
            self._statement(clause, carried)

    # --- one statement

    def _statement(self, clause: str, carried: int | None) -> None:
        day = self.scene.said_on
        mentions = dates.resolve(clause, day, "en")
        if self._birthday(clause, mentions) or self._called_off(clause, mentions):
            self._open = None
            return
        if self._name_last(_ITS_NAME.match(clause) or _NAMES.match(clause)):
            return
        about = self._about(clause, mentions)
        if about is None or _NEVER.search(about.predicate):
            self._open = None
            return
        predicate = about.predicate
        if self._name_last(_NAMED.match(predicate)):
            return
        dated = dates.resolve(predicate, day, "en")
        recent = events.RECENT.search(predicate)
        if about.who == USER and events.feeling(predicate) and not dated and not recent:
            self._feel(predicate, carried)
            return
        if self._timeless(about):
            self._open = None
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
            self._open = None
            return
        self._undated(about, predicate)

    def _about(self, clause: str, mentions: list[DateMention]) -> About | None:
        """Subject and predicate; a date in front moves behind the predicate."""
        tail, fresh = "", self._topic is None
        habit = _HABIT_FIRST.match(clause)
        if habit:
            clause, tail = clause[habit.end() :], " " + habit["when"].lower()
        elif (
            mentions and not clause[: mentions[0].begin].strip() and len(clause) > mentions[0].stop
        ):
            tail = " " + mentions[0].text
            clause = clause[mentions[0].stop :].lstrip(" ,")
        about = subject_of(clause, USER, self.scene)
        if about.who is None:
            self._topic = about
            return None
        if about.who == "they":
            topic = self._topic if self._topic and self._topic.person else self._person
            if topic is None:
                return None
            self._topic = topic
            about = replace(topic, predicate=about.predicate)
        elif about.who == "":
            topic = self._topic
            if topic is None and fresh and _I_LEFT_OUT.match(about.predicate):
                topic = self._topic = About(USER, "", True, False)
            if topic is None or not topic.who or topic.who.endswith("'s"):
                return None
            about = replace(topic, predicate=about.predicate, explicit=False)
        else:
            self._topic = about
            self._person = about if about.person else self._person
        return replace(about, predicate=about.predicate + tail)

    def _timeless(self, about: About) -> bool:
        """Facts in which a date is part of the fact: age, birth, since when."""
        predicate = about.predicate
        born = re.match(r"(?:was|were) born (?:in|on)\b", predicate)
        since = re.match(
            r"have (?:been|lived|worked|had|known|played|studied)\b.*\bsince (?:I was|childhood|birth|(?:high |primary |elementary )?school|college|university|\d{4}|(?:last|\w+ )?(?:year|month|summer|winter|spring|fall|January|February|March|April|May|June|July|August|September|October|November|December))\b|have been .* for \w+ (?:years|months)$",
            predicate,
        )
        if not (born or since) or not about.first:
            return False
        mentions = dates.resolve(predicate, self.scene.said_on, "en")
        mentions = [mention.towards(future=False) for mention in mentions]
        text = conjugated(tail_stripped(with_dates(predicate, mentions)))
        base = re.sub(r"\s+since\b.*", "", predicate)
        fact = read_fact(base) or read_fact(
            re.sub(r"^have (?:been )?(\w+?)(?:ed|ing)?\b", r"\1", base)
        )
        self._add(
            Draft(f"{about.who} {third_person(text)}", fact.category if fact else "identity", 3)
        )
        return True

    def _dated(self, about: About) -> None:
        predicate = about.predicate
        mentions = dates.resolve(predicate, self.scene.said_on, "en")
        who = about.who or USER
        draft = events.event(who, predicate, mentions, self.scene, about.first, about.explicit)
        if draft is None:
            self._open = None
            return
        if about.person:
            draft = replace(draft, category="relationship", importance=max(3, draft.importance))
        self._add(draft)
        self._open = len(self.found) - 1
        self._join_feeling()

    def _recent(self, about: About, predicate: str) -> bool:
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
        self._open = len(self.found) - 1
        return True

    def _undated(self, about: About, predicate: str) -> None:
        if not events.notable(predicate):
            self._open = None
            return
        now = events.at_once(predicate)
        predicate = re.sub(r"^(?:have )?(?:just|finally|recently) ", "", predicate)
        text = conjugated(predicate, past_said=True) if about.first else predicate
        self._add(
            Draft(
                f"{about.who} {third_person(text)}",
                "relationship" if about.person else events.category_of(predicate, False),
                max(3, events.importance_of(predicate, False)),
                kind=Kind.TEMPORAL if now else Kind.CONSTANT,
                event_date=self.scene.said_on.isoformat() if now else None,
            )
        )
        self._open = len(self.found) - 1
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

    def _birthday(self, clause: str, mentions: list[DateMention]) -> bool:
        if len(mentions) != 1 or mentions[0].grain != "day":
            return False
        mention = mentions[0]
        rest = tail_stripped(clause[: mention.begin] + clause[mention.stop :])
        if _BIRTHDAY.match(clause) or _BIRTHDAY_IS.match(rest):
            written = f"{MONTHS[mention.start.month - 1]} {mention.start.day}"
            if re.match(r"i was born", clause, _I):
                if not re.search(r"\d{4}", mention.text):
                    text = f"{USER}'s birthday is {written}"
                else:
                    text = f"{USER} was born on {written}, {mention.start.year}"
            else:
                text = f"{USER}'s birthday is {written}"
            self._add(Draft(text, "identity", 5))
            return True
        yearly = _YEARLY.fullmatch(rest)
        if yearly:
            what = re.sub(
                r"^(?:my|our) ", f"{USER}'s ", yearly["what"] or yearly["what2"], flags=_I
            )
            day = mention.towards(future=True).start
            text = f"{what} is {MONTHS[day.month - 1]} {day.day}"
            self._add(Draft(text, "relationship", 4))
            return True
        return False

    def _called_off(self, clause: str, mentions: list[DateMention]) -> bool:
        bare = clause
        for mention in reversed(mentions):
            bare = bare[: mention.begin] + bare[mention.stop :]
        bare = " ".join(bare.split())
        moved = events.postponed(bare)
        if moved and mentions:
            target = mentions[-1].towards(future=True)
            text = (
                f"{USER}'s {moved} was moved to {dates.absolute(target, self.scene.said_on, 'en')}"
            )
            draft = Draft(text, "plan", 3, kind=Kind.TEMPORAL, event_date=target.date_str)
            self.found.append(Cancelled(moved, None, draft))
            return True
        what = events.cancelled(bare)
        if what is None:
            return False
        day = mentions[0].towards(future=True) if mentions else None
        event_date = day.date_str if day else self.scene.said_on.isoformat()
        when = f" on {dates.absolute(day, self.scene.said_on, 'en')}" if day else ""
        what = re.sub(r"^(?:my|the|our) ", "", what)
        text = f"{USER}'s {what}{when} was cancelled"
        if re.search(r"\b(?:not|no longer)\b", bare):
            text = f"{USER} {third_person(conjugated(subject_of(bare, USER, self.scene).predicate))}{when}"
        otherwise = Draft(
            text,
            "event",
            2,
            kind=Kind.TEMPORAL,
            event_date=event_date,
        )
        self.found.append(Cancelled(what, day.date_str if day else None, otherwise))
        return True

    def _name_last(self, match: re.Match[str] | None) -> bool:
        """ "I have a dog. His name is Max": the name belongs to what was just said."""
        last = self.found[-1] if self.found else None
        if not match or not isinstance(last, Draft):
            return False
        owned = _OWNED.match(last.text)
        if not owned or " named " in last.text:
            return False
        end = owned.end()
        named = replace(last, text=f"{last.text[:end]} named {match['name']}{last.text[end:]}")
        self.found[-1] = named
        self._person = introduced(named.text, self.scene) or self._person
        return True

    def _feel(self, predicate: str, carried: int | None) -> None:
        number = self._open if self._open is not None else carried
        if number is not None and isinstance(self.found[number], Draft):
            self._attach(number, predicate)
        else:
            self._feeling = predicate

    def _attach(self, number: int, predicate: str) -> None:
        last = self.found[number]
        if isinstance(last, Draft):
            # After somebody else's news the feeling is still the speaker's.
            whose = "the user " if last.category == "relationship" else ""
            self.found[number] = replace(
                last,
                text=f"{last.text} and {whose}{events.felt(predicate, last.category == 'plan')}",
                category="emotion",
                importance=max(3, last.importance),
            )

    def _join_feeling(self) -> None:
        if self._feeling and self._open is not None:
            self._attach(self._open, self._feeling)
            self._feeling = None

    def _settle_feeling(self) -> None:
        """A feeling without a cause is one of this day."""
        if self._feeling:
            day = self.scene.said_on
            text = f"{USER} {events.felt(self._feeling)} on {MONTHS[day.month - 1]} {day.day}, {day.year}"
            self._add(Draft(text, "emotion", 2, kind=Kind.TEMPORAL, event_date=day.isoformat()))

    def _add_fact(self, about: About, fact: Fact) -> None:
        predicate = re.sub(r"^(?:(?:just|recently|finally|also) )+", "", fact.predicate)
        predicate = re.sub(r"^have got\b", "have", predicate)
        predicate = conjugated(predicate) if about.first else re.sub(r"^am\b", "is", predicate)
        text = f"{about.who} {third_person(predicate)}"
        if about.person:
            weight = 4 if about.close or fact.importance >= 5 else 3
            self._add(Draft(text, "relationship", weight))
        else:
            self._add(Draft(text, fact.category, fact.importance))
            if fact.category == "relationship":
                self._person = introduced(text, self.scene) or self._person

    def _add(self, draft: Draft) -> None:
        if not _NEVER.search(draft.text):
            self.found.append(draft)


def _coordinated(clause: str) -> list[str]:
    """ "I live in Berlin and work as a nurse" is two facts, unless somebody else works."""
    lead = lead_stripped(clause)
    subject = re.match(r"(?:I|I'm|I've|we|she|he|my \w+)\b", lead, _I)
    if not subject or _SOMEBODY_ELSE.search(lead, subject.end()):
        return [clause]
    return _SPLIT.split(clause)


def _rejoined(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """ "My boyfriend and I broke up" was taken apart at its "and"."""
    joined: list[tuple[str, bool]] = []
    for part, last in parts:
        if joined and re.match(r"I ", part) and _WITH_ME.match(joined[-1][0]):
            part = f"{joined.pop()[0]} and {part}"
        joined.append((part, last))
    return joined


_WITH_ME = re.compile(
    rf"(?:(?:[Yy]esterday|[Tt]oday|[Tt]omorrow|[Ll]ast \w+|[Tt]his \w+|[Oo]n \w+),? )?(?:[Mm]y {RELATION}(?: [A-Z][a-z]+)?|[A-Z][a-z]+)$"
)
