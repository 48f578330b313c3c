"""The forgetting curve (pure).

Retention falls off exponentially with the time since a memory was last met
(Ebbinghaus, "Über das Gedächtnis", 1885): ``R = exp(-t / S)``. As in MemoryBank
(Zhong et al., "MemoryBank: Enhancing Large Language Models with Long-Term Memory",
2023), every recall sets ``t`` back to zero and makes the memory more stable. ``S``
also grows with importance, and what holds for good fades more slowly than a day that
is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from math import exp, log1p

from memory.nlp import dates
from memory.types import Kind, Memory, Use

STABILITY_DAYS: Mapping[int, float] = {1: 30.0, 2: 75.0, 3: 180.0, 4: 540.0, 5: 3650.0}
"""Days after which an event of each importance, never used, has fallen to 1/e."""

CONSTANT_FACTOR = 4.0
"""A lasting fact fades so many times more slowly than an event."""


def stability_days(importance: int, kind: Kind, uses: int) -> float:
    """``S`` in days: the time after which retention is 1/e.

    Args:
        importance: 1 to 5; what lies outside counts as the nearer end.
        kind: Constant or temporal.
        uses: Replies that had the memory in their context. The first ones tell the
            most, so they count by the logarithm.
    """
    base = STABILITY_DAYS[min(5, max(1, importance))]
    return base * (CONSTANT_FACTOR if kind is Kind.CONSTANT else 1.0) * (1.0 + log1p(uses))


def retention(
    memory: Memory, use: Use | None, now: datetime, changed: datetime | None = None
) -> float:
    """How present a memory still is, from 1 (just met) towards 0.

    A pinned memory doesn't fade, and a plan doesn't before its day.

    Args:
        memory: In whatever state.
        use: Its use in replies; ``None`` if there was none.
        now: Aware time.
        changed: When it was last changed here (the journal knows); for one that was
            imported or brought back, later than what the memory says of itself.
    """
    if memory.pinned:
        return 1.0
    met = max(
        memory.created_at,
        memory.updated_at,
        use.last if use else memory.created_at,
        changed or memory.created_at,
    )
    if day := last_day(memory.event_date):
        # Only an event that lay ahead when it was told keeps a memory awake.
        met = max(met, day)
    days = (now - met).total_seconds() / 86_400
    if days <= 0:
        return 1.0
    return exp(-days / stability_days(memory.importance, memory.kind, use.count if use else 0))


def last_day(event_date: str | None) -> datetime | None:
    """When the last day of an event begins (UTC); ``None`` where no date can be read."""
    if not event_date:
        return None
    try:
        _, last = dates.span(event_date)
    except ValueError:  # a date that another mem0 client wrote in its own form
        return None
    return datetime.combine(last, time(), UTC)
