"""Intent classifier by examples: what a message means, in whatever words.

Each intent has example sentences in ``examples/*.txt``. Two things are made of them by
``python -m scripts.embed_intents`` and lie in ``intents.npz``: the weights of a softmax
regression on sentence vectors, which says how likely each intent is, and the vectors of
the examples in ``intents.*.txt``, whose nearness tells questions about memory from others.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types.vectors import Encode, Floats

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

EXAMPLES = Path(__file__).parent / "examples"
VECTORS_FILE = Path(__file__).parent / "intents.npz"
TONES_FILE = Path(__file__).parent / "words" / "tones.toml"


NEAREST = 3
"""Examples of an intent that count: their mean similarity is the intent's score."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An intent and how near its examples are, 0 to 1."""

    intent: str
    score: float


@dataclass(frozen=True)
class IntentWeights:
    """``intents.npz``: a column of ``matrix`` for each of ``names``."""

    vectors: Floats
    labels: tuple[str, ...]
    matrix: Floats
    bias: Floats
    names: tuple[str, ...]
    digest: str


@computed_once
def stored() -> IntentWeights:
    """The weights and vectors in the package, read once."""
    with np.load(VECTORS_FILE, allow_pickle=False) as file:
        vectors = file["vectors"].astype(np.float32) / 127
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return IntentWeights(
            vectors,
            tuple(map(str, file["labels"])),
            file["matrix"].astype(np.float32),
            file["bias"].astype(np.float32),
            tuple(map(str, file["names"])),
            str(file["examples"]),
        )


@cache
def tones() -> dict[str, str]:
    """The tone of each intent that has one: "bad", "good" or "funny"."""
    table = tomllib.loads(TONES_FILE.read_text(encoding="utf-8"))
    return {intent: tone for tone, names in table.items() for intent in names.split()}


def tone_of(intent: str) -> str:
    """How what ``intent`` tells is to be taken."""
    return tones().get(intent, "neutral")


def ranked_intents(text: str, encode: Encode) -> list[Meant]:
    """The intents of ``intents.*.txt`` by the nearness of their examples, best first."""
    known = stored()
    near = known.vectors @ encode([text.lower()])[0]
    scores: dict[str, list[float]] = {}
    for place in np.argsort(-near).tolist():
        of_one = scores.setdefault(known.labels[place], [])
        if len(of_one) < NEAREST:
            of_one.append(float(near[place]))
    found = [Meant(intent, sum(best) / len(best)) for intent, best in scores.items()]
    return sorted(found, key=lambda one: -one.score)


def likely_intents(text: str, encode: Encode) -> dict[str, float]:
    """The probability of each intent; they sum to 1."""
    known = stored()
    raw = encode([text.lower()])[0] @ known.matrix + known.bias
    odds = np.exp(raw - raw.max())
    return dict(zip(known.names, (odds / odds.sum()).tolist(), strict=True))


def shares(likely: dict[str, float]) -> dict[str, float]:
    """The probability of each tone."""
    found = dict.fromkeys(("bad", "good", "funny", "neutral"), 0.0)
    for intent, value in likely.items():
        found[tone_of(intent)] += value
    return found
