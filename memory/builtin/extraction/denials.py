"""Denials: facts that no longer hold, such as "我不住在北京了" for "用户住在北京"."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from memory.builtin.extraction.cantonese import simplified
from memory.builtin.extraction.draft import Denied
from memory.memories.relations.attributes import Attribute, attributes, holder_of, same_value
from memory.nlp.similarity import content, negative
from memory.types import Kind, Memory, Status, Subject

_I = re.IGNORECASE
_NOW_ZH = r"(?:现在|目前|早就|早|已经|其实|都|也|就){0,6}"
_DENIALS_ZH = (
    (rf"{_NOW_ZH}不(?:再)?住在?(?P<x>[\u4e00-\u9fffA-Za-z]{{2,10}})了", "住在{x}"),
    (
        rf"{_NOW_ZH}不(?:再)?在(?P<x>[\u4e00-\u9fffA-Za-z]{{2,10}})(?:工作|上班|任职|实习)了",
        "在{x}工作",
    ),
    (
        rf"{_NOW_ZH}(?:刚|刚刚|最近)?从(?P<x>[\u4e00-\u9fffA-Za-z]{{2,10}})(?:离职|辞职)了?",
        "在{x}工作",
    ),
)
# What "here" and "home" mean nobody knows later.
_VAGUE_ZH = re.compile(r"^(?:这|那|家|公司|一起|学校|宿舍|单位|外面|哪)")
_DENIALS_EN = (
    (r"(?:don't|do not) (?:really )?live in (?P<x>[A-Z][\w' -]{1,30}?) any ?more", "lives in {x}"),
    (r"(?:no longer live|(?:am|'m) no longer living|(?:am|'m) not living) in (?P<x>[A-Z][\w' -]{1,30}?)(?: any ?more)?", "lives in {x}"),
    (r"(?:don't|do not) work (?:at|for) (?P<x>[A-Z][\w'& -]{1,30}?) any ?more", "works at {x}"),
    (r"no longer work (?:at|for) (?P<x>[A-Z][\w'& -]{1,30}?)(?: any ?more)?", "works at {x}"),
    (r"(?:am|was) (?:not|no longer|never) (?:actually |really )?allergic to (?P<x>[\w -]{3,30}?)(?: any ?more| after all)?", "is allergic to {x}"),
)  # fmt: skip
_USER = re.compile(r"^(?:用户|the user)\s*", _I)


def denied_zh(predicate: str) -> Denied | None:
    """What a Chinese ``predicate`` of the user says is over."""
    for pattern, fact in _DENIALS_ZH:
        match = re.fullmatch(pattern, predicate)
        if match and not _VAGUE_ZH.match(match["x"]):
            return Denied(fact.format(x=match["x"]))
    return None


def denied_en(predicate: str) -> Denied | None:
    """What an English ``predicate`` of the user says is over."""
    for pattern, fact in _DENIALS_EN:
        match = re.fullmatch(pattern, predicate, _I)
        if match:
            return Denied(fact.format(x=match["x"]))
    return None


def known_as(
    denied: Denied,
    known: Sequence[Memory],
    said_at: datetime,
    when: Callable[[Memory], datetime],
) -> list[int]:
    """Numbers (from 1) of the known facts that ``denied`` ends.

    What was said after ``said_at`` is news that an old message can't undo; ``when`` tells
    when a memory was said.
    """
    return [
        number
        for number, memory in enumerate(known, 1)
        if memory.status is Status.ACTIVE
        and memory.subject is Subject.USER
        and memory.kind is Kind.CONSTANT
        and memory.category != "plan"
        and denies(denied, memory.text)
        and when(memory) <= said_at
    ]


def denies(denied: Denied, text: str) -> bool:
    """Whether ``text`` states just what ``denied`` says is over."""
    rest, owned = _USER.subn("", simplified(text))
    if not owned or negative(rest) or holder_of(rest):
        return False
    if content(rest) == content(denied.fact):
        return True
    return any(_within(mine, theirs) for mine, theirs in _shared(denied.fact, rest))


def refilled(denied: Denied, text: str) -> bool:
    """Whether ``text`` says what holds instead: that replaces the known fact by itself."""
    rest = _USER.sub("", simplified(text))
    return any(same_value(mine, theirs) is False for mine, theirs in _shared(denied.fact, rest))


def _shared(one: str, other: str) -> list[tuple[Attribute, Attribute]]:
    return [
        (mine, theirs)
        for mine in attributes(one)
        for theirs in attributes(other)
        if (mine.holder, mine.slot) == (theirs.holder, theirs.slot)
    ]


def _within(mine: Attribute, theirs: Attribute) -> bool:
    # Who left Pudong may still live in Shanghai, but not the other way round.
    return bool(same_value(mine, theirs)) and len(mine.value) <= len(theirs.value)
