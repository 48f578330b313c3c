"""Learned relevance: how well a sentence answers a question, by a low-rank bilinear form.

Sentence vectors say how alike two sentences are; "what got nicked?" is little like "my laptop
was stolen". The two matrices (``answers.npz``) are made by ``python -m scripts.train_answers``
from questions and statements that belong together in ``asked_examples``: questions and
answers of the same thing come near each other in the space into which they map them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types.vectors import Floats

if TYPE_CHECKING:
    import numpy as np

else:
    np = LazyModule("numpy")

WEIGHTS_FILE = Path(__file__).parent / "answers.npz"
EXAMPLES = Path(__file__).parent / "asked_examples"


@dataclass(frozen=True)
class MatchWeights:
    """``answers.npz``: a column for each dimension of the common space."""

    question: Floats
    answer: Floats
    examples: str


@computed_once
def stored_weights() -> MatchWeights:
    """The weights in the package, read once."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:
        return MatchWeights(
            stored["question"].astype(np.float32),
            stored["answer"].astype(np.float32),
            str(stored["examples"]),
        )


def matched(question: Floats, texts: Floats) -> list[float]:
    """How well each row of ``texts`` answers ``question``; 0 says nothing either way.

    Args:
        question: Its sentence vector.
        texts: One sentence vector a row.
    """
    weights = stored_weights()
    found: list[float] = ((texts @ weights.answer) @ (question @ weights.question)).tolist()
    return found
