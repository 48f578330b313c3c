"""Profile: a person on one page, from their memories; by rules, without a model.

Summary, what must not be forgotten, interests, the people in their life, what lies
ahead, patterns. Pure: memories in, a :class:`Profile` out; :mod:`memory.memories.profile_text`
writes it down as Markdown or as a page to print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from memory.memories.people import Person, people
from memory.nlp import dates
from memory.nlp.dates.names import MONTH_NUMBERS
from memory.types import Kind, Language, Memory, Status, Subject

SUMMARY_LIMIT = 7
VITAL_LIMIT = 6
INTERESTS_LIMIT = 10
DISLIKES_LIMIT = 5
UPCOMING_LIMIT = 8
LATELY_LIMIT = 6
HABITS_LIMIT = 8
LATELY_DAYS = 30
VITAL = 5
ORDINARY = 3

# How much of the summary each category may take, in this order.
_SUMMARY = (("identity", 3), ("work_study", 2), ("relationship", 1), ("belief", 1))
_DISLIKED = re.compile(
    r"不(?:太|怎么)?(?:喜欢|爱|吃|喝|能吃|习惯)|讨厌|受不了|反感|怕(?!冷|热)|戒了"
    r"|\b(?:hates?|dislikes?|avoids?|can['’]t stand|doesn['’]t (?:like|eat|drink)|gave up)\b",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"^用户(?:的名字|的全名)?(?:叫|是)[^，。]{1,12}，"
    r"|^The user(?:['’]s name is|is called) [A-Z][\w' -]{0,40}? and (?:she|he|they) "
)
_ONLY_NAME = re.compile(
    r"^用户(?:的名字)?叫[^，。]{1,12}[。]?$|^The user['’]s name is (?:(?! and )[\w' -]){1,40}\.?$"
)
_USER = re.compile(r"用户|\b[Tt]he user\b")
_LEADING = re.compile(r"^(?:用户的?|[Tt]he user (?!and\b|or\b)(?=[a-z]))")
_DAY_ZH = re.compile(
    r"(?:在|于)?(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?!的|之?[前后]|那|起|到)"
)
_DAY_EN = re.compile(
    r"(?<!by )(?<!before )(?<!until )(?<!since )(?<!from )\b(?:[Oo]n )?(?P<day>\d{1,2}) "
    r"(?P<month>[A-Z][a-z]+) (?P<year>\d{4}),?(?= |$)"
)


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One sentence, said of the person by name, and the memory that it is."""

    text: str
    memory: Memory
    when: str = ""


@dataclass(frozen=True, slots=True)
class ProfilePerson:
    """A person in their life, with what is remembered of them."""

    label: str
    lines: tuple[ProfileLine, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the conversations show. ``weekday`` 0 is Monday; ``hour`` is the user's own.

    ``mood`` is the mean of the moods lately, ``mood_before`` of those before.
    """

    weekday: int | None = None
    hour: int | None = None
    mood: float | None = None
    mood_before: float | None = None
    mood_word: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A person on one page. Empty parts are empty, never made up."""

    name: str
    language: Language
    made_on: date
    memories: int
    summary: tuple[ProfileLine, ...] = ()
    vital: tuple[ProfileLine, ...] = ()
    interests: tuple[ProfileLine, ...] = ()
    dislikes: tuple[ProfileLine, ...] = ()
    people: tuple[ProfilePerson, ...] = ()
    upcoming: tuple[ProfileLine, ...] = ()
    lately: tuple[ProfileLine, ...] = ()
    habits: tuple[ProfileLine, ...] = ()
    rhythm: Rhythm = Rhythm()


def build_profile(
    name: str,
    memories: Iterable[Memory],
    *,
    today: date,
    language: Language,
    rhythm: Rhythm | None = None,
) -> Profile:
    """Make the profile.

    Args:
        name: How the person is called.
        memories: Theirs, of any subject and status; only those in force that are
            about the user count, and none that comes from a danger.
        today: The day in the user's time zone.
        language: Of headings and of how days are said; sentences keep their own.
        rhythm: What the conversations show, if that is known.
    """
    mine = [
        m
        for m in memories
        if m.subject is Subject.USER and m.status is Status.ACTIVE and m.safety is None
    ]
    constant = sorted((m for m in mine if m.kind is Kind.CONSTANT), key=_weight)
    dated = [m for m in mine if m.kind is Kind.TEMPORAL and m.event_date]
    tastes = [m for m in constant if m.category == "preference"]
    summary = _summary(constant)
    inside = {m.id for m in summary}
    vital = [m for m in constant if _is_vital(m) and m.id not in inside]

    def lines(chosen: Sequence[Memory], limit: int) -> tuple[ProfileLine, ...]:
        return tuple(_line(m, name, today, language) for m in chosen[:limit])

    return Profile(
        name=name,
        language=language,
        made_on=today,
        memories=len(mine),
        summary=tuple(_introduced(summary, name)),
        vital=lines(vital, VITAL_LIMIT),
        interests=lines([m for m in tastes if not _DISLIKED.search(m.text)], INTERESTS_LIMIT),
        dislikes=lines([m for m in tastes if _DISLIKED.search(m.text)], DISLIKES_LIMIT),
        people=_people(people(mine), name, today, language),
        upcoming=lines(_ahead(dated, today), UPCOMING_LIMIT),
        lately=lines(_behind(dated, today), LATELY_LIMIT),
        habits=lines([m for m in constant if m.category == "habit"], HABITS_LIMIT),
        rhythm=rhythm or Rhythm(),
    )


def rhythm_of(
    slots: Iterable[tuple[datetime, int]],
    moods: Sequence[tuple[datetime, int, str]],
    *,
    zone: ZoneInfo,
    today: date,
) -> Rhythm:
    """What conversations show: the busiest hour, and the mood lately and before.

    Args:
        slots: Beginnings of quarters of an hour (aware) and the user's messages in them.
        moods: Time (aware), score and word, oldest first.
        zone: The user's.
        today: The day there.
    """
    counts: dict[tuple[int, int], int] = {}
    for start, count in slots:
        local = start.astimezone(zone)
        place = (local.weekday(), local.hour)
        counts[place] = counts.get(place, 0) + count
    busiest = max(counts, key=lambda place: (counts[place], -place[0], -place[1]), default=None)
    edge = today - timedelta(days=LATELY_DAYS)
    felt = [(at.astimezone(zone).date(), score, word) for at, score, word in moods]
    lately = [score for day, score, _ in felt if day > edge]
    before = [score for day, score, _ in felt if day <= edge]
    words = [word for day, _, word in felt if day > edge and word]
    return Rhythm(
        weekday=busiest[0] if busiest else None,
        hour=busiest[1] if busiest else None,
        mood=sum(lately) / len(lately) if lately else None,
        mood_before=sum(before) / len(before) if before else None,
        mood_word=max(words[::-1], key=words.count, default=""),
    )


def told(text: str, name: str) -> str:
    """A memory about the person, who is the heading: ``用户对花生过敏`` is ``对花生过敏``.

    Where the user isn't the subject of the sentence, their name stands for them.
    """
    bare = _LEADING.sub("", " ".join(text.split()).rstrip("。."))
    return _capital(_named(bare, _given(name)))


def _dated(memory: Memory, name: str) -> str:
    """As :func:`told`, without the day: that is written before it."""
    day = memory.event_date or ""
    text = memory.text
    if len(day) == len("2026-03-04"):
        for pattern in (_DAY_ZH, _DAY_EN):
            text = pattern.sub(lambda m: "" if _iso(m) == day else m[0], text)
    return told(text.strip(" ，,"), name)


def _iso(match: re.Match[str]) -> str:
    month = match["month"]
    number = int(month) if month.isdecimal() else MONTH_NUMBERS.get(month[:3].lower(), 0)
    return f"{match['year']}-{number:02}-{int(match['day']):02}"


def _given(name: str) -> str:
    """The name to go on with: of a Latin name the first part."""
    return name.split()[0] if name.isascii() and name.strip() else name


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _introduced(chosen: Sequence[Memory], name: str) -> Iterator[ProfileLine]:
    """Sentences that follow each other: the first has the whole name as its subject.

    Chinese leaves the subject out after that, English goes on with the first name.
    """
    for place, memory in enumerate(chosen):
        text = " ".join(memory.text.split()).rstrip("。.")
        chinese = text.startswith("用户")
        text = _OWN_NAME.sub("用户" if chinese else "The user ", text)
        if place and chinese:
            yield ProfileLine(told(text, name), memory)
        else:
            called = _given(name) if place else name
            yield ProfileLine(_named(_named(text, called, 1), _given(name)), memory)


def _named(text: str, name: str, most: int = 0) -> str:
    """``text`` with the name where it says "the user"; ``most`` times, 0 for always."""
    return _USER.sub(lambda _: name, text, count=most)


def _summary(constant: Sequence[Memory]) -> list[Memory]:
    """The few that say most who somebody is; a bare name is known already."""
    chosen: list[Memory] = []
    for category, most in _SUMMARY:
        of_it = [m for m in constant if m.category == category and not _ONLY_NAME.match(m.text)]
        chosen += of_it[:most]
    return chosen[:SUMMARY_LIMIT]


def _people(
    found: Iterable[Person], name: str, today: date, language: Language
) -> tuple[ProfilePerson, ...]:
    return tuple(
        ProfilePerson(person.label, tuple(_line(m, name, today, language) for m in person.memories))
        for person in found
    )


def _line(memory: Memory, name: str, today: date, language: Language) -> ProfileLine:
    if memory.kind is Kind.CONSTANT or not memory.event_date:
        return ProfileLine(told(memory.text, name), memory)
    return ProfileLine(_dated(memory, name), memory, dates.say(memory.event_date, today, language))


def _ahead(dated: Sequence[Memory], today: date) -> list[Memory]:
    """What lies ahead, soonest first; a month or year that isn't over counts."""
    return sorted((m for m in dated if _span(m)[1] >= today), key=lambda m: (_span(m), m.id))


def _behind(dated: Sequence[Memory], today: date) -> list[Memory]:
    """What happened lately, latest first."""
    since = today - timedelta(days=LATELY_DAYS)
    recent = [m for m in dated if since <= _span(m)[1] < today]
    return sorted(recent, key=lambda m: (_span(m), m.id), reverse=True)


def _span(memory: Memory) -> tuple[date, date]:
    try:
        return dates.span(memory.event_date or "")
    except ValueError:  # a date that another mem0 client wrote in its own form
        return date.min, date.min


def _is_vital(memory: Memory) -> bool:
    """What must not be forgotten: pinned, of the highest importance, or of their health."""
    health = memory.category == "health" and memory.importance >= ORDINARY
    return memory.pinned or memory.importance >= VITAL or health


def _weight(memory: Memory) -> tuple[int, float, str]:
    return -memory.importance, -memory.created_at.timestamp(), memory.id
