"""Service notices: that this is an AI, and that it is time for a break.

Fixed words, never a persona's, for whoever serves others (``NIANNIAN_SERVED_TO_OTHERS``).
When they are due follows from the times of the messages alone, so the page and the API
agree, and a conversation from last week shows them where they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from memory.i18n import translate
from memory.types import Language

NoticeKind: TypeAlias = Literal["ai", "break"]

AI_EVERY = timedelta(hours=3)
BREAK_AFTER = timedelta(hours=2)
BREAK_AFTER_MINORS = timedelta(hours=1)
APART = timedelta(minutes=30)
"""A longer silence ends a stretch of talking: the break was taken."""

LOOK_BACK = timedelta(hours=24)
"""How far before a message the times of earlier ones are needed."""


@dataclass(frozen=True, slots=True)
class ServiceNotice:
    """One notice in the reader's language; ``at`` is the time of the message it precedes."""

    kind: NoticeKind
    text: str
    at: datetime


def break_after(*, minor: bool) -> timedelta:
    """How long a talk goes on without a pause until a break is suggested."""
    return BREAK_AFTER_MINORS if minor else BREAK_AFTER


def notices(
    times: Sequence[datetime], *, minor: bool, name: str, language: Language
) -> list[ServiceNotice]:
    """The notices that belong before messages said at ``times``.

    Args:
        times: Of a user's messages, oldest first, from :data:`LOOK_BACK` before the first
            that is shown.
        minor: Breaks come sooner for those under 18.
        name: The persona's name: the notice says that *this* is a program.
        language: In which it is written.
    """
    due: list[tuple[datetime, NoticeKind]] = [
        (time, "ai") for time in _marks(times, every=AI_EVERY, apart=AI_EVERY, at_start=True)
    ]
    after = break_after(minor=minor)
    due += [(time, "break") for time in _marks(times, every=after, apart=APART, at_start=False)]
    return [
        ServiceNotice(kind, notice_text(kind, name, language), time) for time, kind in sorted(due)
    ]


def notice_text(kind: NoticeKind, name: str, language: Language) -> str:
    """The fixed words of a notice."""
    # The wording that New York asks for is in capitals, the name too.
    return translate(language, f"notices.{kind}", name=name.upper())


def _marks(
    times: Sequence[datetime], *, every: timedelta, apart: timedelta, at_start: bool
) -> list[datetime]:
    """The first time of each stretch (if ``at_start``), and the next one ``every`` later."""
    found: list[datetime] = []
    last: datetime | None = None
    mark: datetime | None = None
    for time in times:
        if last is None or mark is None or time - last >= apart:
            mark = time
            if at_start:
                found.append(time)
        elif time - mark >= every:
            mark = time
            found.append(time)
        last = time
    return found


__all__ = [
    "AI_EVERY",
    "APART",
    "LOOK_BACK",
    "NoticeKind",
    "ServiceNotice",
    "break_after",
    "notice_text",
    "notices",
]
