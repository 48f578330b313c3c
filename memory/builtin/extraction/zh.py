"""Chinese reader: one message of the user, clause by clause."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from memory.builtin.extraction import zh_events as events
from memory.builtin.extraction.cantonese import simplified
from memory.builtin.extraction.corrections import explicit as slips_explicitly
from memory.builtin.extraction.corrections import slips_zh
from memory.builtin.extraction.denials import denied_zh
from memory.builtin.extraction.draft import Cancelled, Draft, Finding, last_read
from memory.builtin.extraction.fact_frames import StatedFact
from memory.builtin.extraction.roleplay_requests import makes_up_zh, said_by_other_zh
from memory.builtin.extraction.sentences import Sentence, clean, sentences
from memory.builtin.extraction.third_persons import Doubt, about_a_stranger, equated, names_other
from memory.builtin.extraction.zh_cancellations import called_off
from memory.builtin.extraction.zh_facts import read_fact
from memory.builtin.extraction.zh_filters import ZH_FILTERS
from memory.builtin.extraction.zh_introductions import introduced
from memory.builtin.extraction.zh_lists import joined
from memory.builtin.extraction.zh_parts import (
    CALL_ME,
    CALLED,
    DOCTOR,
    DOCTOR_ORDERS,
    ONE_OF_THEM,
    REMIND,
    unglued,
    with_letters,
)
from memory.builtin.extraction.zh_reader_state import ZhNotes
from memory.builtin.extraction.zh_subjects import ZhSubject, own_noun, subject_of
from memory.builtin.extraction.zh_text import (
    adverbs_stripped,
    lead_stripped,
    tail_stripped,
    third_person,
)
from memory.builtin.extraction.zh_unread import kin_brought_in, unread_zh
from memory.builtin.extraction.zh_words import RELATION, RELATIONS, USER, VERBS
from memory.builtin.extraction.zh_yearly import corrected, denies_day, yearly_day
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.types import Kind

_AGE = re.compile(r"(?:今年|都|已经|快|马上)*(?P<n>[1-9]\d)了?")
# With one of these, a weekday in the clause is a habit and no date.
_HABITUAL = re.compile(
    r"每(?!次见|个人|当)|平时|平常|一般(?!般)|通常|经常|常常|习惯|总是|老是|从小|周末(?:才|都|一般|喜欢|爱|总|基本)"
)
_TOLD_ANEW = re.compile(r"不(?:是|在|住|叫)|搬|改成|换成")
# What one's office or school arranges, one has before oneself.
_ARRANGED = re.compile(
    r"^(?:我们)?(?:公司|单位|学校|社区|班里|部门|学院|幼儿园|小区|厂里|医院|村里|工会)(?:里|上)?(?:组织|安排|要|办|举办|举行|开|有|年会|团建|聚餐|体检|旅游|运动会|放假)"
)
_RAISED_BY = re.compile(
    rf"(?:从小)?(?:是|由|跟着?|被)我?(?:{RELATION})(?:一手|一个人|独自|自己)?(?:把我)?(?:带|养|拉扯)大的?$"
)
_CLOCK = re.compile(
    r"[\d一二三四五六七八九十两]{1,3}(?:点|[:：]\d\d)(?:半|钟|多|[\d一二三四五]+分?)?(?:左右)?(?=我)"
)


@dataclass(slots=True)
class ZhReader(ZhNotes):
    """Findings of one message, in the order in which they were said."""

    def read(self, text: str) -> list[Finding]:
        """All that the user states in ``text``."""
        source = clean(text)
        for sentence in sentences(corrected(simplified(source)), "zh"):
            self._sentence(sentence)
        self._settle_feeling()
        return [with_letters(finding, source) for finding in self.found]

    def _sentence(self, sentence: Sentence) -> None:
        state = self.state
        state.unreal = state.made_up
        if state.topic and state.topic.person:
            state.doubt, state.meant = Doubt.ALL, state.topic
        state.topic = None
        state.brought_in = False
        state.lately = None
        clauses = introduced(joined(sentence.clauses))
        last = len(clauses) - 1
        carried = state.open_event
        start = list(self.found)
        for number, clause in enumerate(clauses):
            if number == 1:
                carried = None
            slips = slips_zh(clause, number == 0) and not (sentence.asks and number == last)
            if slips and number == last > 1 and _TOLD_ANEW.search("，".join(clauses)):
                continue  # "我不住那儿了，搬去集美了，刚才说错了": all put right already
            if slips:
                self._slip(slips_explicitly(clause))
                carried = None
                continue
            if number == last > 0 and not sentence.quoting and said_by_other_zh(clause):
                self.found, state.open_event, state.before = start, None, None
                continue
            for part in unglued(lead_stripped(clause)):
                kept = list(self.found)
                self._clause(part, sentence.asks and number == last, carried)
                self._brought_in(tail_stripped(part.strip()))
                if self.found != kept:
                    state.before = kept

    def _clause(self, clause: str, marked: bool, carried: int | None) -> None:
        state = self.state
        clause = clause.strip()
        if ZH_FILTERS.retracts(tail_stripped(clause)):
            self._retract()
            return
        if state.made_up or makes_up_zh(tail_stripped(clause)):
            state.made_up = state.unreal = True
            state.open_event = None
            return
        name = CALL_ME.match(tail_stripped(clause))
        if name and not marked:
            fact = read_fact(f"叫{name['name'].strip()}")
            if fact:
                self._add(Draft(USER + fact.text, fact.category, fact.importance))
            return
        ordered = DOCTOR_ORDERS.match(tail_stripped(clause))
        if ordered and not ZH_FILTERS.asks(clause, marked):
            self._add(Draft(f"{USER}的{ordered['who']}{USER}{ordered['do']}", "health", 3))
            return
        clause = DOCTOR.sub("", clause)
        reminder = REMIND.match(clause)
        if reminder:
            clause = clause[reminder.end() :]
        if ZH_FILTERS.makes_unreal(clause):
            state.unreal = True
        if state.unreal or ZH_FILTERS.states_nothing(clause, marked and not reminder):
            state.open_event = None
            spoken_of = subject_of(clause, USER, self.scene)
            if spoken_of.person and spoken_of.who != "它":
                state.person = spoken_of
            if re.search(r"[你您他她它]", clause):
                # "我知道他喜欢旅游，喜欢美食": what follows is about him.
                state.topic = ZhSubject(None, clause, True)
            return
        clause = tail_stripped(clause)
        if len(clause) < 2:
            return
        kept = list(self.found)
        inherited, doubt = state.topic, state.doubt
        noted = (state.feeling, state.presented)
        self._statement(clause, bool(reminder), carried)
        if self.found != kept:
            return
        if state.topic is None and names_other(clause):
            # "小王在阿里工作，住在北京"
            state.doubt, state.meant = Doubt.ALL, None
        if noted == (state.feeling, state.presented) and not denies_day(clause):
            meant = state.meant if state.brought_in else None
            unread = unread_zh(clause, inherited, state.person, doubt, meant, self.scene)
            if unread:
                self.found.append(unread)
                brought_in = kin_brought_in(unread)
                if brought_in:
                    state.topic = state.person = brought_in

    # --- one statement

    def _statement(self, clause: str, reminder: bool, carried: int | None) -> None:
        state = self.state
        if denies_day(clause):
            state.open_event = None
            return
        special = yearly_day(clause, self.scene.said_on) or called_off(clause, self.scene.said_on)
        if special:
            self._add_special(special, clause)
            return
        if _RAISED_BY.match(clause) and state.topic and not state.topic.pet:
            clause = f"我{clause}"  # "我妈走得早，是奶奶带大的": the speaker was
        mentions = dates.resolve(clause, self.scene.said_on, "zh")
        about = self._about(clause, mentions)
        if about is None:
            state.open_event = None
            return
        predicate = about.predicate
        if about.explicit:
            self._spoken_of(about)
        feeling = events.feeling(predicate)
        if feeling and (about.who == USER or not about.explicit):
            if about.who == USER or state.open_event is not None:
                self._feel(feeling, carried, about.explicit)
            return
        place = last_read(self.found) if ONE_OF_THEM.match(predicate) else None
        last = None if place is None else self.found[place]
        if place is not None and isinstance(last, Draft) and "只" in last.text:
            self.found[place] = replace(last, text=f"{last.text}，{predicate}")
            return
        called = CALLED.match(predicate)
        if (
            called
            and not (about.explicit and about.who == USER)
            and about.who != state.presented
            and self._name_last(called["name"])
        ):
            return
        whose = self._whose(about, predicate)
        if whose is None:
            if read_fact(predicate) is None and not mentions and self._continue(predicate):
                return
            state.open_event = None
            return
        if whose is about:
            self._spoken_of(about)
        about = whose
        denied = denied_zh(predicate) if about.who == USER and not mentions else None
        if denied:
            self.found.append(denied)
            return
        recent = events.RECENT.search(predicate)
        if recent and self._recent(about, predicate[: recent.start()] + predicate[recent.end() :]):
            return
        if _HABITUAL.search(predicate):
            self._constant(about, predicate)
            state.open_event = None
            return
        if mentions and self._dated(about, reminder):
            return
        if recent:
            predicate = (predicate[: recent.start()] + predicate[recent.end() :]).strip("，, ")
        if re.match(r"(?:从[^，]{1,8})?搬[到去]", predicate) and self._continue(predicate):
            return
        passing = recent is not None and predicate.startswith(("不", "没"))
        if not passing and self._constant(about, predicate):
            state.open_event = None
            return
        if self._undated(about, predicate):
            return
        if not about.explicit and self._continue(predicate):
            return
        state.open_event = None

    def _add_special(self, special: Draft | Cancelled, clause: str) -> None:
        state = self.state
        state.open_event = None
        if isinstance(special, Draft):
            # "我妈妈是老师，生日是5月3号": whose birthday?
            person = state.topic if state.topic and state.topic.person else state.meant
            if "我" in clause or not (person or state.doubt):
                self._add(special)
            elif person and person.who and special.text.startswith(f"{USER}的生日"):
                text = special.text.replace(USER, person.who, 1)
                self._add(Draft(text, "relationship", 4))
        else:
            self.found.append(special)

    def _about(self, clause: str, mentions: list[DateMention]) -> ZhSubject | None:
        """Subject and predicate; a date in front goes to the front of the predicate."""
        head, rest = "", clause
        if mentions and not clause[: mentions[0].begin].strip():
            head, rest = mentions[0].text, clause[mentions[0].stop :].lstrip("，, 的")
            clock = _CLOCK.match(rest)
            if clock:
                head, rest = head + clock.group(), rest[clock.end() :]
        lately = events.RECENT.match(rest)
        if lately and not head:
            head, rest = lately.group(), rest[lately.end() :].lstrip("，, ")
        state = self.state
        same = equated(rest, self.scene)
        if same:
            state.topic = state.person = same
            state.presented = same.who
            self._spoken_of(same)
            return None
        about = subject_of(rest, USER, self.scene)
        if not about.person and about_a_stranger(rest):
            about = ZhSubject(None, rest, True)
        if about.who == USER and own_noun(rest) and (state.doubt or _of_person(state.topic)):
            about = ZhSubject("", rest, False)
        if not about.who and mentions and _ARRANGED.match(rest):
            about = ZhSubject(USER, rest, True)
        if about.who is None:
            state.topic = about
            return None
        if about.who == "它":
            topic = state.topic if state.topic and state.topic.person else state.person
            if topic is None:
                state.doubt, state.meant = Doubt.ALL, None
                return None
            state.topic = topic
            about = replace(topic, predicate=about.predicate)
        elif about.who == "":
            self._beside(rest)
            topic = state.topic
            if topic is not None and topic.who is None:
                return None
            who = topic.who if topic else USER
            about = ZhSubject(
                who,
                about.predicate,
                False,
                bool(topic and topic.person),
                bool(topic and topic.close),
            )
        elif state.topic and state.topic.person and not state.topic.close and "我" not in rest:
            if about.person:
                return None  # "我朋友很难过，爷爷去世了": whose grandfather?
            state.topic = about
        else:
            state.topic = about
            state.person = about if about.person else state.person
            self._beside(rest)
        return replace(about, predicate=head + about.predicate) if head else about

    def _beside(self, clause: str) -> None:
        """Notes the one relative with whom something is done: "he" may be them."""
        beside = re.findall(
            rf"(?:和|同|与|跟着?|给|陪|带|由)(?:我(?:的)?)?({RELATION})(?!的|们)|是({RELATION})带",
            clause,
        )
        named = ["".join(names) for names in beside]
        if len(named) == 1:
            who = f"{USER}的{RELATIONS[named[0]]}"
            self.state.person = ZhSubject(who, "", True, True, True)

    def _dated(self, about: ZhSubject, reminder: bool) -> bool:
        who = about.who or USER
        predicate = about.predicate
        mentions = dates.resolve(predicate, self.scene.said_on, "zh")
        if not mentions:
            return False
        timeless = read_fact(predicate) or read_fact(re.sub(r"^(?:今年|今天)", "", predicate))
        if mentions[0].text == "今年" and timeless:
            self._add_fact(about, timeless)
            return True
        if re.search(r"[你您]", predicate):
            return True
        draft = events.event(who, predicate, mentions, self.scene, about.explicit or reminder)
        if draft is None:
            return True
        if about.person:
            draft = replace(draft, category="relationship", importance=max(draft.importance, 3))
        self._add(draft)
        self.state.open_event = len(self.found) - 1
        self._join_feeling()
        return True

    def _recent(self, about: ZhSubject, predicate: str) -> bool:
        """ "最近失眠": true of this month, not for ever."""
        predicate = predicate.strip("，, ")
        feeling = events.feeling(predicate)
        done = about.explicit and re.match(rf"(?:\S{{0,6}}?){VERBS}\S*[了过]", predicate)
        happened = events.notable(predicate) or (done and events.says_something(predicate, True))
        fact = read_fact(predicate)
        ill = fact is not None and fact.category == "health"
        busy = events.BUSY.fullmatch(predicate)
        if not (feeling or events.ailing(predicate) or happened or ill or busy):
            return False
        if predicate.endswith("了") and fact:
            return False
        if about.person and not feeling:
            return False
        day = self.scene.said_on
        category = "emotion" if feeling else events.category_of(predicate, False)
        category = "health" if ill else "preference" if busy else category
        if about.person:
            category = "relationship"
        text = f"{about.who or USER}{day.month}月{feeling or predicate}"
        self._add(
            Draft(
                third_person(text, USER), category, 3, kind=Kind.TEMPORAL, event_date=f"{day:%Y-%m}"
            )
        )
        self.state.open_event = len(self.found) - 1
        self.state.lately = self.state.open_event
        return True

    def _constant(self, about: ZhSubject, predicate: str) -> bool:
        for candidate in (predicate, adverbs_stripped(predicate)):
            fact = read_fact(candidate)
            if fact is None and about.explicit and (age := _AGE.fullmatch(candidate)):
                fact = StatedFact(f"{age['n']}岁", "identity", 4)
            if fact:
                # "最近睡得很差，三点才睡着": both are true of these weeks only.
                lately = self.state.lately
                now = lately is not None and lately == self.state.open_event
                now = now and not about.explicit
                if now and fact.category in ("habit", "health") and self._continue(fact.text, True):
                    return True
                self._add_fact(about, fact)
                return True
        return False

    def _undated(self, about: ZhSubject, predicate: str) -> bool:
        """Events told without a day: "和男朋友分手了", "面试没过"."""
        if events.ailing(predicate) and about.who == USER and re.search(r"又|了$", predicate):
            day = self.scene.said_on
            text = f"{USER}{day.month}月{day.day}日{predicate.lstrip('又')}"
            self._add(Draft(text, "health", 2, kind=Kind.TEMPORAL, event_date=day.isoformat()))
            return True
        if not events.notable(predicate):
            return False
        if not about.explicit and not events.says_something(predicate, False):
            return False
        day = self.scene.said_on
        now, just = events.at_once(predicate), events.just(predicate)
        predicate = re.sub(r"^(?:刚刚|刚才|刚)", "", predicate)
        event_date = day.isoformat() if now else f"{day:%Y-%m}" if just else None
        when = f"{day.month}月{day.day}日" if now else f"{day.month}月" if just else ""
        category = "relationship" if about.person else events.category_of(predicate, False)
        draft = Draft(
            third_person(f"{about.who or USER}{when}{predicate}", USER),
            category,
            max(3, events.importance_of(predicate, False)),
            kind=Kind.TEMPORAL if event_date else Kind.CONSTANT,
            event_date=event_date,
        )
        self._add(draft)
        self.state.open_event = len(self.found) - 1
        self._join_feeling()
        return True


def _of_person(topic: ZhSubject | None) -> bool:
    return topic is not None and topic.person
