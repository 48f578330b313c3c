"""Frame matching: what a predicate without its subject says, by the first pattern that fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

FrameCheck: TypeAlias = Callable[[re.Match[str]], str | None]
"""What a match says, reworded where it must read differently; ``None`` if it is no fact."""

FrameSpec: TypeAlias = tuple[str, str, int, FrameCheck | None]
"""A pattern over the whole predicate, the fact's category and importance, and a check."""


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A predicate in the form that follows its subject: "住在上海", "live in Leeds"."""

    text: str
    category: str
    importance: int


@dataclass(frozen=True, slots=True)
class FactFrame:
    """A :data:`FrameSpec`, compiled."""

    pattern: re.Pattern[str]
    category: str
    importance: int
    check: FrameCheck | None


def compiled(specs: Iterable[FrameSpec], flags: re.RegexFlag = re.NOFLAG) -> tuple[FactFrame, ...]:
    """The frames of ``specs``, in their order."""
    return tuple(
        FactFrame(re.compile(pattern, flags), category, importance, check)
        for pattern, category, importance, check in specs
    )


def first_fit(frames: Iterable[FactFrame], predicate: str) -> StatedFact | None:
    """The fact that ``predicate`` states, or None where no frame fits exactly."""
    for frame in frames:
        match = frame.pattern.fullmatch(predicate)
        if match is None:
            continue
        text = frame.check(match) if frame.check else match.group()
        if text:
            # Behind "Rust 了", without its "了", stays a space.
            return StatedFact(text.strip(), frame.category, frame.importance)
    return None
