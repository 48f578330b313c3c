"""Reply by category: what a message tells of its speaker, where its intent is not sure."""

from __future__ import annotations

from collections.abc import Sequence

from memory.types import Operation, Subject

MANY = 3
"""Facts in one message from which somebody introduces themselves."""

# The first of these that a message tells of is what the reply takes up.
_WEIGHT = (
    "health",
    "relationship",
    "work_study",
    "plan",
    "identity",
    "habit",
    "preference",
)


def told_of(kept: Sequence[Operation]) -> str:
    """The table of lines for what will be kept of a message; "" where nothing fits."""
    mine = [one for one in kept if one.subject is not Subject.AI]
    told = {one.category for one in mine}
    if len(mine) >= MANY and "identity" in told:
        return "told_self"
    return next((f"told_{category}" for category in _WEIGHT if category in told), "")
