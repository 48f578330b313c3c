"""Constant facts in Chinese: what a predicate without its subject says.

The same frames read "住在上海" for the user, for the user's sister and for the
persona; who it is about is decided elsewhere.
"""

from __future__ import annotations

from memory.builtin.extraction.fact_frames import StatedFact, compiled, first_fit
from memory.builtin.extraction.zh_frames_life import LIFE
from memory.builtin.extraction.zh_frames_person import PERSON

FRAMES = compiled((*PERSON, *LIFE))


def read_fact(predicate: str) -> StatedFact | None:
    """The fact that ``predicate`` states, or None where no frame fits exactly."""
    return first_fit(FRAMES, predicate) if 1 < len(predicate) <= 60 else None
