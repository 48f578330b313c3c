"""Associations: which memory a topic calls to mind, such as an interview in times of stress.

Shared words alone bring up the wrong thing as often as the right one; these are the
everyday links between what somebody says now and what they told earlier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from memory.builtin.chat.details import occasion
from memory.builtin.chat.find_memory import PASTIME
from memory.builtin.chat.reading import MessageReading
from memory.nlp.dates import span
from memory.nlp.rephrase import retell, retell_dated
from memory.types import Language, Memory, Persona

AHEAD_DAYS = 30
"""Days before an interview or an exam within which it may be what weighs on somebody."""


@dataclass(frozen=True, slots=True)
class Link:
    """``said`` brings to mind a memory that holds ``holds``; ``line`` says it.

    ``{told}`` is the memory in the second person, ``{rest}`` the same without the
    leading "you", ``{event}`` a coming occasion with its day, ``{pet}`` a name.
    """

    said: str
    holds: str
    line: Mapping[Language, str]
    feelings: bool = False
    coming: bool = False


TRIAL = r"面试|复试|笔试|考试|答辩|汇报|演讲|比赛|interview|exam|presentation|viva|audition"
LINKS: tuple[Link, ...] = (
    Link(
        rf"{TRIAL}|\bprep\b",
        TRIAL,
        {
            "zh": "是{event}吧，我记着呢。",
            "en": "That will be {event}, I take it; I haven't forgotten.",
        },
        feelings=True,
        coming=True,
    ),
    Link(
        r"压力|焦虑|紧张|喘不过|心里没底|睡不着|失眠|stress|anxious|nervous|overwhelm|can'?t sleep",
        TRIAL,
        {
            "zh": "{event}也快到了，是不是也在为这个悬着？",
            "en": "And {event} is coming up. Is that weighing on you too?",
        },
        feelings=True,
        coming=True,
    ),
    Link(
        r"失眠|睡不着|没睡|睡不好|can'?t sleep|couldn'?t sleep|insomnia|slept (?:badly|terribly)",
        r"失眠|睡不|睡眠|can't sleep|insomnia|sleeps? (?:badly|poorly)|trouble sleeping",
        {
            "zh": "你之前说过{rest}，还是没好转吗？",
            "en": "You told me before that {told}. Is it still like that?",
        },
        feelings=True,
    ),
    Link(
        r"周末.{0,6}(?:打算|想|出去|干|做|怎么|安排|去哪|没事)|"
        r"(?:打算|想|出去|没安排).{0,6}周末|(?:this|the) weekend",
        rf"周末.{{0,12}}|weekend|{PASTIME}",
        {"zh": "{told}，这次也去吗？", "en": "You told me {told}; will it be that this time?"},
    ),
    Link(
        r"旅行|旅游|出去玩|想出去走|\btravel|\btrip\b|\bholiday",
        r"(?:打算|计划|想|要).{0,10}去(?!.{0,12}(?:面试|考|看|医院|上班|出差|开会))|"
        r"plans? to (?:visit|go|travel)|wants to (?:visit|go|travel)",
        {"zh": "我还记得{told}。", "en": "I remember that {told}."},
    ),
    Link(
        r"听歌|听音乐|歌单|listening to music|playlist",
        r"听|歌|listens? to|music|song",
        {"zh": "我记得{told}。", "en": "I remember that {told}."},
    ),
)
_PETS = (
    (r"猫", r"猫"), (r"狗", r"狗|犬|柯基|金毛|泰迪|边牧|柴"), (r"兔", r"兔"),
    (r"\bcat\b", r"\bcat\b"), (r"\bdog\b", r"\bdog\b"), (r"\brabbit\b", r"\brabbit\b"),
)  # fmt: skip
_PET_NAME = re.compile(r"叫(?:做)?([\u4e00-\u9fff]{1,4}?)(?=的|$|，)|\b(?:called|named) ([A-Z]\w+)")
PET: Mapping[Language, str] = {
    "zh": "是{pet}吧，我记得它。",
    "en": "That will be {pet}, I remember.",
}


@dataclass(frozen=True, slots=True)
class Association:
    """A memory called to mind and the sentence that says so."""

    memory: Memory
    text: str
    feelings: bool


def associated(
    reading: MessageReading, memories: Sequence[Memory], persona: Persona
) -> list[Association]:
    """What the message calls to mind, the closest link first."""
    plain = reading.text.lower().replace("’", "'")
    found: list[Association] = []
    for link in LINKS:
        if not re.search(link.said, plain):
            continue
        for memory in memories:
            text = _said(link, memory, reading, persona)
            if text:
                found.append(Association(memory, text, link.feelings))
                break
    for said, holds in _PETS:
        named = [_PET_NAME.search(m.text) for m in memories if re.search(holds, m.text)]
        pets = [match[1] or match[2] for match in named if match]
        if re.search(said, plain) and len(pets) == 1 and pets[0].lower() not in plain:
            memory = next(m for m in memories if re.search(holds, m.text) and pets[0] in m.text)
            text = PET[reading.language].format(pet=pets[0])
            found.append(Association(memory, text, feelings=True))
    return found


def _said(link: Link, memory: Memory, reading: MessageReading, persona: Persona) -> str | None:
    if not re.search(link.holds, memory.text):
        return None
    event = _coming(memory, reading) if link.coming else None
    if link.coming and event is None:
        return None
    told = retell_dated(memory, persona, reading.today)
    text = link.line[reading.language].format(
        told=told, rest=retell(memory, persona).removeprefix("你"), event=event
    )
    return text[:1].upper() + text[1:]


def _coming(memory: Memory, reading: MessageReading) -> str | None:
    """The memory's occasion with its day, if it lies a few weeks ahead."""
    try:
        day = date.fromisoformat(memory.event_date or "")
    except ValueError:
        return None
    start, _ = span(memory.event_date or "")
    if not reading.today <= start <= reading.today + timedelta(AHEAD_DAYS):
        return None
    return occasion(memory.text, day, reading.today, reading.language)
