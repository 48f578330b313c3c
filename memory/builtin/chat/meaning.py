"""Intent classifier by examples: what a message means where no pattern knows.

Each intent has example sentences in ``examples/intents.*.txt``; their sentence vectors are
in ``intents.npz``, made by ``python -m scripts.embed_intents``. A message means what the
examples nearest to it mean, if they are near enough.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from memory.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    np = LazyModule("numpy")

EXAMPLES = Path(__file__).parent / "examples"
VECTORS_FILE = Path(__file__).parent / "intents.npz"

# Nobody is mourned before they are dead, however alike a stroke sounds.
_DEATHS = frozenset({"loss", "pet_lost"})
_DEATH = re.compile(
    r"走了|没了|去世|过世|不在了|死|葬|坟|头七|忌日|送走|送别|没救|断气|安乐|翻肚|喵星|离开了|再也见不到|没熬过|生前"
    r"|\b(?:died|dead|dies|death|passed|gone|lost|losing|buried|funeral|put (?:him|her|it|the \w+|them) down|didn't make it|grave|grief|mourn\w*|no more)\b"
)

Floats: TypeAlias = "npt.NDArray[np.float32]"
Encode: TypeAlias = Callable[[list[str]], "Floats"]
"""Gives a unit vector for each text; see :mod:`memory.llm.sentence_encoder`."""

NEAREST = 3
"""Examples of an intent that count: their mean similarity is the intent's score."""

SURE = 0.45
"""Score from which a message is taken to mean an intent."""

GLAD = frozenset({"happy", "drop_it"})
SURE_OF_GLAD = 0.6
"""The same for intents with a glad reply, or one that ends a topic: being congratulated on a
loss hurts, and so does being cut short."""

LEAD = 0.03
"""What the best intent must have over the next."""

CARING = frozenset({"sad", "anxious", "tired", "lonely", "angry", "loss", "pet_lost", "sick",
                    "injury", "miss"})  # fmt: skip
SURE_OF_CARING = 0.45
LEAD_OF_CARING = 0.01
"""The same for intents with a caring reply: one too many does no harm."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An intent and how near its examples are, 0 to 1."""

    intent: str
    score: float


@dataclass(frozen=True)
class _Examples:
    vectors: Floats
    labels: tuple[str, ...]
    digest: str


@cache
def stored() -> _Examples:
    """The example vectors in the package, read once."""
    with np.load(VECTORS_FILE, allow_pickle=False) as file:
        vectors = file["vectors"].astype(np.float32) / 127
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return _Examples(vectors, tuple(map(str, file["labels"])), str(file["examples"]))


def ranked_intents(text: str, encode: Encode) -> list[Meant]:
    """Every intent with its score, best first."""
    known = stored()
    near = known.vectors @ encode([text.lower()])[0]
    scores: dict[str, list[float]] = {}
    for place in np.argsort(-near).tolist():
        of_one = scores.setdefault(known.labels[place], [])
        if len(of_one) < NEAREST:
            of_one.append(float(near[place]))
    found = [Meant(intent, sum(best) / len(best)) for intent, best in scores.items()]
    return sorted(found, key=lambda one: -one.score)


def score_of(intent: str, text: str, encode: Encode) -> float:
    """How near the examples of ``intent`` are; 0 if it has none."""
    ranked = ranked_intents(text, encode)
    return next((one.score for one in ranked if one.intent == intent), 0.0)


def meant(text: str, encode: Encode | None) -> Meant | None:
    """What a statement means; None where no intent is near enough, or two are equally near."""
    if encode is None or not text.strip():
        return None
    ranked = [
        one
        for one in ranked_intents(text, encode)
        if not one.intent.startswith("ask_")
        and (one.intent not in _DEATHS or _DEATH.search(text.lower()))
    ]
    best, second = ranked[:2]
    least, lead = (SURE_OF_GLAD if best.intent in GLAD else SURE), LEAD
    if best.intent in CARING:
        least, lead = SURE_OF_CARING, LEAD_OF_CARING
        if second.intent in CARING:
            lead = 0.0
    if best.score < least or best.score - second.score < lead:
        return None
    return best
