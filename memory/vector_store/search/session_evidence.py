"""Document-level evidence: what the rest of a session says for one of its memories.

A question's answer and its topic are often said in different breaths: "How was Lisbon?",
and three turns later "the tiles were the best of it". So passages are ranked with the best
passage of their document (Callan 1994, "Passage-level evidence in document retrieval");
the documents here are sessions, and days.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from math import sqrt

from memory.types import Memory

WEIGHT = 1.5
"""What the best of a session counts beside a memory's own score; from 1 to 4 all public
sets find the same."""

_DAY = len("YYYY-MM-DD")


def session_boosts(memories: Sequence[Memory], scores: Sequence[float]) -> list[float]:
    """What each score gains by the best of its session and day.

    It grows with the memory's own score: what hardly matches by itself is not lifted by its
    neighbours. The best of a session gains nothing, and neither does a memory of no session
    and no day.

    Args:
        memories: What was found.
        scores: The score of each, not negative.

    Returns:
        Numbers not below 0, in the same order; no score gets above the best one.
    """
    best = max(scores, default=0.0)
    if best <= 0:
        return [0.0] * len(scores)
    groups = [tuple(_groups(memory)) for memory in memories]
    best_of: dict[Hashable, float] = {}
    for keys, score in zip(groups, scores, strict=True):
        for key in keys:
            best_of[key] = max(score, best_of.get(key, 0.0))
    return [
        best * _lifted(score / best, max(best_of[key] for key in keys) / best) - score
        if keys
        else 0.0
        for keys, score in zip(groups, scores, strict=True)
    ]


def _lifted(own: float, session: float) -> float:
    """A score that ranks as ``own * (1 + WEIGHT * session)`` and is ``own`` where both are equal.

    >>> round(_lifted(0.4, 0.4), 6), round(_lifted(1.0, 1.0), 6), _lifted(0.4, 1.0) > 0.5
    (0.4, 1.0, True)
    """
    ranked = own * (1 + WEIGHT * session)
    return (sqrt(1 + 4 * WEIGHT * ranked) - 1) / (2 * WEIGHT)


def _groups(memory: Memory) -> Iterator[Hashable]:
    """The day that a memory is about, and the session in which it was told on one day."""
    if memory.event_date is not None and len(memory.event_date) == _DAY:
        yield "day", memory.owner, memory.event_date
    if memory.scope_run is not None:
        yield "session", memory.owner, memory.scope_run, memory.created_at.date()
