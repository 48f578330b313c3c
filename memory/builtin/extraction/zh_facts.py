"""Constant facts in Chinese: what a predicate without its subject says.

The same frames read "住在上海" for the user, for the user's sister and for the
persona; who it is about is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from memory.builtin.extraction.zh_checks import Render
from memory.builtin.extraction.zh_frames_life import LIFE
from memory.builtin.extraction.zh_frames_person import PERSON


@dataclass(frozen=True, slots=True)
class ZhFact:
    """A predicate in the form that follows its subject: "住在上海"."""

    text: str
    category: str
    importance: int


@dataclass(frozen=True, slots=True)
class ZhFrame:
    """A pattern over the whole predicate and what it means."""

    pattern: re.Pattern[str]
    category: str
    importance: int
    render: Render | None = None


FRAMES: tuple[ZhFrame, ...] = tuple(
    ZhFrame(re.compile(pattern), category, importance, render)
    for pattern, category, importance, render in (*PERSON, *LIFE)
)


def read_fact(predicate: str) -> ZhFact | None:
    """The fact that ``predicate`` states, or None where no frame fits exactly."""
    if not 1 < len(predicate) <= 60:
        return None
    for frame in FRAMES:
        match = frame.pattern.fullmatch(predicate)
        if match is None:
            continue
        text = frame.render(match) if frame.render else match.group()
        if text:
            # Behind "Rust 了", without its "了", stays a space.
            return ZhFact(text.strip(), frame.category, frame.importance)
    return None
