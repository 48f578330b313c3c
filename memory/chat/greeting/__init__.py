"""Greeting: the first line of a session, from what is remembered if there is something.

In this order: a birthday today, an event of today, a plan whose day has passed
and of which nothing was heard since, something coming in the next days, else
one of the persona's own lines.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from hashlib import blake2b

from memory.chat.greeting.words import (
    BIRTHDAY,
    COMING,
    COMING_BIRTHDAY,
    EVENTS,
    FIRST,
    GENTLE,
    GREETINGS,
    PASSED,
    PASSED_PLAIN,
    TODAY,
    TODAY_BIRTHDAY,
)
from memory.nlp.dates import say, span
from memory.nlp.dates.names import MONTH_NUMBERS, SHORT_MONTHS, SHORT_WEEKDAYS
from memory.nlp.kin import RELATIVES
from memory.nlp.rephrase import retell
from memory.nlp.words import han_pairs
from memory.types import RULED, Kind, Language, Memory, Persona, Status, Subject

PASSED_DAYS = 7
COMING_DAYS = 3


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What the persona says first, and the memories it comes from."""

    text: str
    memory_ids: tuple[str, ...] = ()


def opening_line(
    persona: Persona,
    language: Language,
    memories: Iterable[Memory],
    today: date,
    seed: str = "",
    zone: tzinfo = UTC,
) -> OpeningLine:
    """The opening line of a session.

    Args:
        persona: Who speaks.
        language: In which language.
        memories: Temporal memories around today, and constant ones about identity
            and relationships (for birthdays). Others don't hurt.
        today: The day in the user's time zone.
        seed: The same seed gives the same line; a session's id keeps sessions varied.
        zone: The user's time zone: on which day something was told.
    """
    # What comes from a danger is never brought up as a plan or an event.
    known = [m for m in memories if m.status is Status.ACTIVE and m.safety is None]
    pick = _Picker(seed)
    for memory, text in _from_memories(persona, language, known, today, pick, zone):
        greeting = pick.one(GREETINGS[language].get(persona.id, GREETINGS[language][""]))
        joint = "" if language == "zh" else " "
        return OpeningLine(f"{greeting}{joint}{text[:1].upper()}{text[1:]}", (memory.id,))
    return OpeningLine(pick.one(persona.text(language).opening_lines))


class _Picker:
    """Choices that depend on the seed alone."""

    def __init__(self, seed: str) -> None:
        self._number = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big")

    def one(self, options: tuple[str, ...]) -> str:
        return options[self._number % len(options)]


def _from_memories(
    persona: Persona,
    language: Language,
    known: list[Memory],
    today: date,
    pick: _Picker,
    zone: tzinfo,
) -> Iterator[tuple[Memory, str]]:
    """Candidates, best first."""
    mine = [m for m in known if m.subject is Subject.USER]
    birthdays = [(m, days) for m in mine if (days := _birthday_in(m, today)) is not None]
    for memory, days in birthdays:
        if days == 0:
            yield memory, pick.one(TODAY_BIRTHDAY[language]).format(whose=_whose(memory, language))
    dated = [(m, days) for m in mine if (days := _days_until(m, today)) is not None]
    dated.sort(key=lambda pair: (-pair[0].importance, abs(pair[1]), pair[0].id))
    for memory, days in dated:
        if days == 0 and _was_planned(memory, zone) and (what := _event(memory, language)):
            yield memory, pick.one(TODAY[language]).format(what=what)
    for memory, days in dated:
        if not -PASSED_DAYS <= days < 0 or not _was_planned(memory, zone):
            continue
        if not heard_since(memory, mine, zone):
            text = _how_was_it(memory, language, persona, today, pick)
            if text:
                yield memory, text
    for memory, days in birthdays:
        if 0 < days <= COMING_DAYS:
            when = say(_in_days(today, days), today, language)
            whose = _whose(memory, language)
            yield memory, pick.one(COMING_BIRTHDAY[language]).format(when=when, whose=whose)
    for memory, days in dated:
        if 0 < days <= COMING_DAYS and _was_planned(memory, zone):
            what = _event(memory, language)
            if what:
                when = _when(memory, today, language)
                yield memory, pick.one(COMING[language]).format(when=when, what=what)


def _in_days(today: date, days: int) -> str:
    return date.fromordinal(today.toordinal() + days).isoformat()


def _days_until(memory: Memory, today: date) -> int | None:
    if memory.kind is not Kind.TEMPORAL or memory.event_date is None:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", memory.event_date):
        return None
    try:
        start, _ = span(memory.event_date)
    except ValueError:
        return None
    return (start - today).days


def _birthday_in(memory: Memory, today: date) -> int | None:
    """Days until the next birthday a memory tells of; None if it tells of none."""
    if not re.search(BIRTHDAY, memory.text):
        return None
    day = _month_and_day(memory.text) if memory.kind is Kind.CONSTANT else None
    if day is None and memory.event_date and len(memory.event_date) == 10:
        day = int(memory.event_date[5:7]), int(memory.event_date[8:])
    if day is None:
        return None
    for year in (today.year, today.year + 1):
        try:
            # 29 February in a common year: people celebrate on the 28th.
            found = date(year, 2, 28) if day == (2, 29) and not isleap(year) else date(year, *day)
        except ValueError:  # 31 June
            return None
        if found >= today:
            return (found - today).days
    return None


def _month_and_day(text: str) -> tuple[int, int] | None:
    zh = re.search(r"(\d{1,2})月(\d{1,2})[日号]", text)
    if zh:
        month, day = int(zh[1]), int(zh[2])
    else:
        joined = SHORT_MONTHS.lower()
        en = re.search(
            rf"\b({joined})[a-z]*\.? (\d{{1,2}})\b"
            rf"|\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({joined})",
            text.lower(),
        )
        if not en:
            return None
        month, day = MONTH_NUMBERS[en[1] or en[4]], int(en[2] or en[3])
    return (month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _was_planned(memory: Memory, zone: tzinfo) -> bool:
    """Written before its day: so how it went is not known from this memory."""
    start, _ = span(memory.event_date or "")
    return memory.category == "plan" or memory.created_at.astimezone(zone).date() < start


def heard_since(plan: Memory, memories: list[Memory], zone: tzinfo = UTC) -> bool:
    """Whether a memory made on or after the day already tells of it.

    Args:
        plan: With the day.
        memories: What else is known.
        zone: The user's time zone, in which days begin and end.
    """
    start, _ = span(plan.event_date or "")
    theirs = _pieces(plan.text)
    for other in memories:
        if other.id == plan.id or other.created_at.astimezone(zone).date() < start:
            continue
        if other.category == "plan" and other.event_date and other.event_date > start.isoformat():
            continue
        shared = theirs & _pieces(other.text)
        same_day = other.event_date == plan.event_date
        if len(shared) >= (1 if same_day else 3):
            return True
    return False


_EMPTY = frozenset("用户 计划 打算 准备 一起 the user plans going will with and for".split())  # noqa: SIM905


def _pieces(text: str) -> frozenset[str]:
    bare = re.sub(r"\d+[年月日号点]?|用户|计划|打算|准备|今天|明天", " ", text)
    latin = [w for w in re.findall(r"[a-z]{4,}", bare.lower()) if w not in _EMPTY]
    return frozenset([*han_pairs(bare), *latin])


def _whose(memory: Memory, language: Language) -> str:
    """ "你" or "你妈妈": whose birthday it is."""
    for zh, en in RELATIVES:
        if re.search(rf"用户(?:的)?{zh}|\b{en}(?:['’]s)?\b", memory.text):
            return f"你{zh}" if language == "zh" else f"your {en}'s"
    return "你" if language == "zh" else "your"


def _event(memory: Memory, language: Language) -> str | None:
    """A short name of the event in ``language``: "面试", "your interview"."""
    for pattern, zh, en in EVENTS:
        if re.search(pattern, memory.text, re.IGNORECASE):
            whose = _whose(memory, language)
            if language == "zh":
                return zh if whose == "你" else f"{whose}的{zh}"
            return f"{whose} {en}"
    return None


def _how_was_it(
    memory: Memory, language: Language, persona: Persona, today: date, pick: _Picker
) -> str | None:
    when = _when(memory, today, language)
    what = _event(memory, language)
    if what:
        line = pick.one(PASSED[language]).format(when=when, what=what)
        return line.replace("的你", "你")
    core = _core(retell(memory, persona), language)
    return pick.one(PASSED_PLAIN[language]).format(when=when, core=core) if core else None


def _when(memory: Memory, today: date, language: Language) -> str:
    """The day as one says it, without the date in brackets."""
    return re.sub(r" ?[(（][^()（）]*[)）]", "", say(memory.event_date or "", today, language))


def _core(told: str, language: Language) -> str | None:
    """What was to be done, without "你打算" and dates; None if it can't be cut cleanly."""
    if language == "zh":
        match = re.fullmatch(
            r"你(?:的计划是)?(?:打算|计划|准备|要|想|将要|将|会|约好|约了)?(?:在|于)?"
            r"(?:(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?)?(?:周[一二三四五六日末天]|星期.)?"
            r"(?:打算|计划|准备|要|将|会)?(?:早上|上午|中午|下午|晚上|傍晚)?"
            r"(?P<core>[去和跟参带陪回见看做学到给在跑吃买办搬][^，。；]{1,16})",
            told,
        )
        return match["core"] if match else None
    match = re.match(
        r"you (?:plan to|are planning to|are going to|will|want to|intend to|hope to|have to) "
        r"(?P<core>[a-z][^,.;]{2,60}?)(?: (?:on|in|at|this|next) (?:the )?"
        rf"(?:\d|{SHORT_MONTHS}|{'|'.join(SHORT_WEEKDAYS['en'])}).*)?$",
        told,
    )
    return match["core"] if match else None


def first_greeting(persona: Persona, language: Language, user_name: str) -> str:
    """The first line to somebody who has never said anything to this persona.

    In a language that has none of its own it is the persona's opening line.
    """
    if language not in RULED and (own := persona.text(language).opening_lines):
        return own[0]
    lines = FIRST[language]
    joint = "" if language == "zh" else " "
    user = f"{joint}{user_name}" if user_name else ""
    line = lines.get(persona.id, lines[""])
    return line.format(user=user, name=persona.text(language).name)


def gentle_opening(persona_id: str, language: Language, seed: str = "") -> str:
    """The first line to somebody in danger: of nothing else, and asking for nothing."""
    options = GENTLE[language]
    own = options.get(persona_id, ())
    return _Picker(seed).one((*own, *options[""]))
