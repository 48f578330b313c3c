"""Question classifier: whether a sentence asks for something that was told, in whatever words.

Logistic regression on sentence vectors. The weights (``memory_questions.npz``) are made by
``python -m scripts.train_answers`` from the questions in ``chat/asked_examples`` and, for what
is none, from the statements there and the messages in ``chat/examples``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types.vectors import Encode, Floats

if TYPE_CHECKING:
    import numpy as np

else:
    np = LazyModule("numpy")

WEIGHTS_FILE = Path(__file__).parent / "memory_questions.npz"


@dataclass(frozen=True)
class QuestionWeights:
    """``memory_questions.npz``: a weight for each number of a vector, and the bias."""

    weights: Floats
    bias: float
    examples: str


@computed_once
def stored_weights() -> QuestionWeights:
    """The weights in the package, read once."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:
        return QuestionWeights(
            stored["weights"].astype(np.float32),
            float(stored["bias"]),
            str(stored["examples"]),
        )


def plain(text: str) -> str:
    """``text`` as the classifier reads it: lower case, without a question mark at the end."""
    return " ".join(text.lower().replace("’", "'").split()).rstrip("?？。. ")


def asks_for_memory(texts: Sequence[str], encode: Encode) -> list[float]:
    """Probability, 0 to 1, for each of ``texts`` that it asks for what was told."""
    if not texts:
        return []
    known = stored_weights()
    odds = encode([plain(text) for text in texts]) @ known.weights + known.bias
    return [1 / (1 + math.exp(-value)) for value in odds.tolist()]
