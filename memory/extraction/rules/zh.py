"""Reads one Chinese message of the user, clause by clause."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from memory import dates
from memory.dates import DateMention
from memory.dates.numbers import zh_number
from memory.extraction.rules import zh_events as events
from memory.extraction.rules import zh_filters as filters
from memory.extraction.rules.draft import Cancelled, Draft, Finding, Retracted, Scene
from memory.extraction.rules.sentences import Sentence, clean, sentences
from memory.extraction.rules.zh_facts import Fact, read_fact
from memory.extraction.rules.zh_subjects import About, introduced, subject_of
from memory.extraction.rules.zh_text import (
    adverbs_stripped,
    lead_stripped,
    restored,
    simplified,
    tail_stripped,
    third_person,
)
from memory.extraction.rules.zh_words import RELATION, RELATIONS, VERBS
from memory.types import Kind

USER = "用户"

_BIRTHDAY = re.compile(
    rf"(?P<whose>我(?:的)?(?:{RELATION})?)?(?:的)?生日(?:就)?(?:是|在)?(?P<lunar>农历|阴历)?(?P<day>[^，。]{{2,12}}?)(?:的)?"
    rf"|(?:我)?(?:是)?(?P<lunar2>农历|阴历)?(?P<day2>[\d一二三四五六七八九十廿零年月]{{3,11}}[日号])(?:出生|生的|过生日|生日|的生日)(?:的)?"
)
_MONTH_DAY = re.compile(
    r"(?:(\d{4})年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]?"
)
_YEARLY_IS = re.compile(
    rf"(?:就|也)?(?:是)?(?P<what>我(?:的)?(?:{RELATION})?(?:的)?(?:\d+岁)?(?:过)?生日|我(?:们)?(?:和|跟)?(?:我)?(?:{RELATION})?(?:的)?(?:[\d一二三四五六七八九十]+周年)?(?:结婚|恋爱)?(?:\d+周年)?纪念日)"
)
_REMIND = re.compile(r"^(?:请|记得|到时候|麻烦)?提醒我(?:一下)?(?:要|去)?")
_CALL_ME = re.compile(
    r"^(?:你|大家|朋友们?|同事们?|他们|家里人|身边的人)?(?:可以|就|都|直接|平时|一般|也)*(?:叫|喊|称呼)我(?:就|为)?(?P<name>[\u4e00-\u9fff]{1,4}?|[A-Za-z][A-Za-z ]{0,15}?)(?:就行|就好|吧|就可以|好了|就行了|就好了|也行)*$"
)
_CALLED = re.compile(
    r"^(?:(?:它|他|她)?(?:的)?名字(?:是|叫)?|(?:它|他|她)?叫做?|取名叫?|起名叫?|名叫)(?:做|作)?(?P<name>[\u4e00-\u9fff]{1,4}|[A-Z][A-Za-z]{0,15})$"
)
_DOCTOR = re.compile(
    r"^(?:医生|大夫)(?:说|告诉我)(?:，)?|^(?:体检|报告|体检报告|检查结果|B超)?(?:上)?(?:说|显示|查出)(?=我有)"
)
_GLUED = re.compile(
    r"^(我(?:的名字)?叫做?[\u4e00-\u9fff]{2,3}?(?=今年|现在|在[\u4e00-\u9fff]{2}|是(?:一名|一个|个)|来自)"
    r"|(?:我)?今年[\d一二三四五六七八九十]{1,3}岁了?(?=[\u4e00-\u9fff]{3}))"
)
# With one of these, a weekday in the clause is a habit and no date.
_HABITUAL = re.compile(
    r"每(?!次见|个人|当)|平时|平常|一般(?!般)|通常|经常|常常|习惯|总是|老是|从小|周末(?:都|一般|喜欢|爱|总|基本)"
)
_OWN_RELATION = re.compile(rf"(?<=.)用户的({RELATION})")
_ONE_OF_THEM = re.compile(
    r"^(?:其中)?(?:另)?一[只条个](?:是|叫)(?:[\u4e00-\u9fff]{1,4}|[A-Z][a-z]{0,15})$"
)
_CLOCK = re.compile(
    r"[\d一二三四五六七八九十两]{1,3}(?:点|[:：]\d\d)(?:半|钟|多|[\d一二三四五]+分?)?(?:左右)?(?=我)"
)
_NOT_MINE = re.compile(r"[你您]")


@dataclass(slots=True)
class _State:
    """What carries over from clause to clause."""

    topic: About | None = None
    person: About | None = None
    open_event: int | None = None
    feeling: str | None = None
    unreal: bool = False


@dataclass(slots=True)
class ZhReader:
    """Findings of one message, in the order in which they were said."""

    scene: Scene
    found: list[Finding] = field(default_factory=list)
    _state: _State = field(default_factory=_State)

    def read(self, text: str) -> list[Finding]:
        """All that the user states in ``text``."""
        source = clean(text)
        for sentence in sentences(simplified(source), "zh"):
            self._sentence(sentence)
        self._settle_feeling()
        return [_with_letters(finding, source) for finding in self.found]

    def _sentence(self, sentence: Sentence) -> None:
        state = self._state
        state.unreal = False
        state.topic = None
        last = len(sentence.clauses) - 1
        carried = state.open_event
        for number, clause in enumerate(sentence.clauses):
            if number == 1:
                carried = None
            for part in _unglued(lead_stripped(clause)):
                self._clause(part, sentence.asks and number == last, carried)

    def _clause(self, clause: str, marked: bool, carried: int | None) -> None:
        state = self._state
        clause = clause.strip()
        if filters.retracts(tail_stripped(clause)):
            self._retract()
            return
        name = _CALL_ME.match(tail_stripped(clause))
        if name and not marked:
            fact = read_fact(f"叫{name['name'].strip()}")
            if fact:
                self._add(Draft(USER + fact.text, fact.category, fact.importance))
            return
        clause = _DOCTOR.sub("", clause)
        reminder = _REMIND.match(clause)
        if reminder:
            clause = clause[reminder.end() :]
        if filters.unreal(clause) or filters.about_a_text(clause):
            state.unreal = True
        if (
            state.unreal
            or filters.asks(clause, marked and not reminder)
            or filters.unsure(clause)
            or filters.orders(clause)
            or filters.reported(clause)
            or filters.about_the_talk(clause)
        ):
            state.open_event = None
            if re.search(r"[你您他她它]", clause):
                # "我知道他喜欢旅游，喜欢美食": what follows is about him.
                state.topic = About(None, clause, True)
            return
        clause = tail_stripped(clause)
        if len(clause) < 2:
            return
        before = len(self.found)
        self._statement(clause, bool(reminder), carried)
        if len(self.found) == before and state.open_event != carried:
            return

    # --- one statement

    def _statement(self, clause: str, reminder: bool, carried: int | None) -> None:
        state = self._state
        if self._birthday(clause) or self._called_off(clause):
            state.open_event = None
            return
        mentions = dates.resolve(clause, self.scene.said_on, "zh")
        about = self._about(clause, mentions)
        if about is None:
            state.open_event = None
            return
        predicate = about.predicate
        feeling = events.feeling(predicate)
        if feeling and (about.who == USER or not about.explicit):
            if about.who == USER or state.open_event is not None:
                self._feel(feeling, carried, about.explicit)
            return
        last = self.found[-1] if self.found else None
        if _ONE_OF_THEM.match(predicate) and isinstance(last, Draft) and "只" in last.text:
            self.found[-1] = replace(last, text=f"{last.text}，{predicate}")
            return
        called = _CALLED.match(predicate)
        if (
            called
            and not (about.explicit and about.who == USER)
            and self._name_last(called["name"])
        ):
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
        if predicate.startswith(("搬到", "搬去")) and self._continue(predicate):
            return
        if self._constant(about, predicate):
            state.open_event = None
            return
        if self._undated(about, predicate):
            return
        if not about.explicit and self._continue(predicate):
            return
        state.open_event = None

    def _about(self, clause: str, mentions: list[DateMention]) -> About | None:
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
        about = subject_of(rest, USER, self.scene)
        state = self._state
        if about.who is None:
            state.topic = about
            return None
        if about.who == "它":
            topic = state.topic if state.topic and state.topic.person else state.person
            if topic is None:
                return None
            state.topic = topic
            about = replace(topic, predicate=about.predicate)
        elif about.who == "":
            topic = state.topic
            if topic is not None and topic.who is None:
                return None
            who = topic.who if topic else USER
            about = About(
                who,
                about.predicate,
                False,
                bool(topic and topic.person),
                bool(topic and topic.close),
            )
        else:
            state.topic = about
            state.person = about if about.person else state.person
            beside = re.findall(rf"(?:和|跟|给|陪|带)我(?:的)?({RELATION})", rest)
            if len(beside) == 1:
                state.person = About(f"{USER}的{RELATIONS[beside[0]]}", "", True, True, True)
        return replace(about, predicate=head + about.predicate) if head else about

    def _dated(self, about: About, reminder: bool) -> bool:
        who = about.who or USER
        predicate = about.predicate
        mentions = dates.resolve(predicate, self.scene.said_on, "zh")
        if not mentions:
            return False
        timeless = read_fact(predicate) or read_fact(re.sub(r"^(?:今年|今天)", "", predicate))
        if mentions[0].text == "今年" and timeless:
            self._add_fact(about, timeless)
            return True
        if _NOT_MINE.search(predicate):
            return True
        draft = events.event(who, predicate, mentions, self.scene, about.explicit or reminder)
        if draft is None:
            return True
        if about.person:
            draft = replace(draft, category="relationship", importance=max(draft.importance, 3))
        self._add(draft)
        self._state.open_event = len(self.found) - 1
        self._join_feeling()
        return True

    def _recent(self, about: About, predicate: str) -> bool:
        """ "最近失眠": true of this month, not for ever."""
        predicate = predicate.strip("，, ")
        feeling = events.feeling(predicate)
        done = about.explicit and re.match(rf"(?:\S{{0,6}}?){VERBS}\S*[了过]", predicate)
        happened = events.notable(predicate) or (done and events.says_something(predicate, True))
        if not (feeling or events.ailing(predicate) or happened):
            return False
        if predicate.endswith("了") and read_fact(predicate):
            return False
        if about.person and not feeling:
            return False
        day = self.scene.said_on
        category = "emotion" if feeling else events.category_of(predicate, False)
        if about.person:
            category = "relationship"
        text = f"{about.who or USER}{day.month}月{feeling or predicate}"
        self._add(
            Draft(
                third_person(text, USER), category, 3, kind=Kind.TEMPORAL, event_date=f"{day:%Y-%m}"
            )
        )
        self._state.open_event = len(self.found) - 1
        return True

    def _constant(self, about: About, predicate: str) -> bool:
        for candidate in (predicate, adverbs_stripped(predicate)):
            fact = read_fact(candidate)
            if fact:
                self._add_fact(about, fact)
                return True
        return False

    def _undated(self, about: About, predicate: str) -> bool:
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
        self._state.open_event = len(self.found) - 1
        self._join_feeling()
        return True

    def _continue(self, predicate: str, any_word: bool = False) -> bool:
        """What goes on on the same day belongs to the same memory."""
        number = self._state.open_event
        if number is None or "你" in predicate:
            return False
        last = self.found[number]
        if re.search(r"[他她]", predicate) and not (
            isinstance(last, Draft) and re.search(RELATION, last.text)
        ):
            return False
        if not any_word and not events.says_something(predicate, False):
            return False
        last = self.found[number]
        if not isinstance(last, Draft) or len(last.text) + len(predicate) > 60:
            return False
        self.found[number] = replace(last, text=f"{last.text}，{third_person(predicate, USER)}")
        return True

    # --- parts

    def _birthday(self, clause: str) -> bool:
        """Days that come round every year: kept without a year, so constant."""
        mine = _BIRTHDAY.fullmatch(clause)
        if mine:
            day = _MONTH_DAY.search(mine["day"] or mine["day2"])
            lunar = mine["lunar"] or mine["lunar2"] or ""
            if day is None:
                return False
            written = f"{zh_number(day[2])}月{zh_number(day[3])}日"
            whose = third_person(mine["whose"] or "我", USER)
            whose += "" if whose == USER else "的"
            text = f"{USER}{day[1]}年{written}出生" if day[1] and whose == USER else ""
            self._yearly(text or f"{whose}{'的' if whose == USER else ''}生日是{lunar}{written}")
            return True
        mentions = dates.resolve(clause, self.scene.said_on, "zh")
        if len(mentions) != 1 or mentions[0].grain != "day" or "我" not in clause:
            return False
        start = mentions[0].towards(future=True).start
        rest = tail_stripped(clause[: mentions[0].begin] + clause[mentions[0].stop :])
        yearly = _YEARLY_IS.fullmatch(rest)
        if not yearly:
            return False
        what = third_person(yearly["what"], USER)
        if what in (f"{USER}生日", f"{USER}过生日"):
            what = f"{USER}的生日"
        what = re.sub(r"(?<=[^的])生日$", "的生日", what)
        self._yearly(f"{what}是{start.month}月{start.day}日")
        return True

    def _yearly(self, text: str) -> None:
        mine = text.startswith((USER + "的生日", USER + "1", USER + "2"))
        self._add(Draft(text, "identity" if mine else "relationship", 5 if mine else 4))

    def _called_off(self, clause: str) -> bool:
        mentions = dates.resolve(clause, self.scene.said_on, "zh")
        bare = clause
        for mention in reversed(mentions):
            bare = bare[: mention.begin] + bare[mention.stop :]
        bare = re.sub(r"^(?:我们?|的|，)+", "", bare)
        moved = events.postponed(bare)
        if moved and mentions:
            target = mentions[-1].towards(future=True)
            text = f"{USER}的{moved}改到{dates.absolute(target, self.scene.said_on, 'zh')}"
            self.found.append(
                Cancelled(
                    moved,
                    None,
                    Draft(text, "plan", 3, kind=Kind.TEMPORAL, event_date=target.date_str),
                )
            )
            return True
        about = events.cancelled(bare)
        if about is None:
            return False
        day = mentions[0].towards(future=True) if mentions else None
        when = dates.absolute(day, self.scene.said_on, "zh") if day else ""
        event_date = day.date_str if day else self.scene.said_on.isoformat()
        text = (
            f"{USER}{when}的{about}取消了"
            if "取消" in bare or "泡汤" in bare
            else f"{USER}{when}{tail_stripped(bare).replace('我', '')}"
        )
        otherwise = Draft(text, "event", 2, kind=Kind.TEMPORAL, event_date=event_date)
        self.found.append(Cancelled(about, day.date_str if day else None, otherwise))
        return True

    def _name_last(self, name: str) -> bool:
        """ "养了一只猫，叫年糕": the name belongs to what was just said."""
        last = self.found[-1] if self.found else None
        if not isinstance(last, Draft):
            return False
        if last.category != "relationship" or "叫" in last.text:
            return False
        if read_fact(f"叫{name}") is None:
            return False
        named = replace(last, text=f"{last.text}，叫{name}")
        self.found[-1] = named
        self._state.person = introduced(named.text, self.scene) or self._state.person
        return True

    def _feel(self, feeling: str, carried: int | None, explicit: bool) -> None:
        state = self._state
        number = state.open_event if state.open_event is not None else carried
        if number is not None and isinstance(self.found[number], Draft):
            self._attach(number, feeling)
        elif explicit or re.match(r"好|很|太|特别|非常|超|真的|有点", feeling):
            state.feeling = feeling

    def _attach(self, number: int, feeling: str) -> None:
        last = self.found[number]
        if isinstance(last, Draft) and feeling not in last.text:
            # After somebody else's news the feeling is still the speaker's.
            whose = USER if last.category == "relationship" else ""
            self.found[number] = replace(
                last,
                text=f"{last.text}，{whose}{feeling}",
                category="emotion",
                importance=max(last.importance, 3),
            )

    def _join_feeling(self) -> None:
        if self._state.feeling and self._state.open_event is not None:
            self._attach(self._state.open_event, self._state.feeling)
            self._state.feeling = None

    def _settle_feeling(self) -> None:
        """A feeling without a cause is one of this day."""
        feeling, day = self._state.feeling, self.scene.said_on
        if feeling:
            text = f"{USER}{day.month}月{day.day}日{feeling}"
            self._add(Draft(text, "emotion", 2, kind=Kind.TEMPORAL, event_date=day.isoformat()))

    def _add_fact(self, about: About, fact: Fact) -> None:
        if fact.text.startswith("叫") and not about.explicit and not about.person:
            # "学了一道菜，叫做清蒸鲈鱼" isn't the name of the speaker.
            if self._state.open_event is not None:
                self._continue(fact.text, any_word=True)
                return
            last = self.found[-1] if self.found else None
            mine = isinstance(last, Draft) and last.category in ("identity", "work_study")
            if self._state.topic is not None and not mine:
                return
        who = about.who or USER
        # "现在" and "今年" are true on the day of the message only.
        said = re.sub(r"^(?:今年|现在(?=在|[是做住])|目前|如今)+", "", fact.text)
        text = third_person(f"{who}{said}", USER)
        if about.person:
            weight = 4 if about.close or fact.importance >= 5 else 3
            self._add(Draft(text, "relationship", weight))
            return
        self._add(Draft(text, fact.category, fact.importance))
        if about.who == USER and fact.category == "relationship":
            self._state.person = introduced(fact.text, self.scene) or self._state.person

    def _add(self, draft: Draft) -> None:
        if _NOT_MINE.search(draft.text):
            return
        text = draft.text
        if not text.startswith(USER + "的"):
            # "用户和用户的男朋友": whose he is needs saying only once.
            text = _OWN_RELATION.sub(r"\1", text)
        self.found.append(replace(draft, text=text))

    def _retract(self) -> None:
        if any(isinstance(finding, Draft) for finding in self.found):
            self.found.clear()
        else:
            self.found.append(Retracted())


def _unglued(clause: str) -> list[str]:
    """ "我叫小雨今年28岁": people leave out the comma after their name."""
    match = _GLUED.match(clause)
    if not match:
        return [clause]
    return [match.group(1), *_unglued(clause[match.end(1) :])]


def _with_letters(finding: Finding, source: str) -> Finding:
    if isinstance(finding, Draft):
        return replace(finding, text=restored(finding.text, source))
    if isinstance(finding, Cancelled):
        return replace(
            finding,
            about=restored(finding.about, source),
            otherwise=replace(finding.otherwise, text=restored(finding.otherwise.text, source)),
        )
    return finding
