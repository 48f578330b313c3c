"""Calibration of an embedder: what its cosines mean.

Sentences that have nothing to do with each other have a cosine of 0.05 with one embedder
and of 0.75 with another (Ethayarajh 2019, "How contextual are contextualized word
representations?"). So cosines are counted from what unrelated sentences have, in standard
deviations of it. Measured once for each embedder on the sentences of ``calibration.toml``
and stored with the collection. Of the sentence encoder in the package everything is known
before (``calibration.npz``, made by ``python -m scripts.embed_calibration``): its three hundred
sentences would take a second of every start.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from memory.llm.sentence_encoder import NAME as ENCODER
from memory.system.once import computed_once
from memory.types import Embedder
from memory.vector_store.search.dense import unit

SENTENCES_FILE = Path(__file__).with_suffix(".toml")
VECTORS_FILE = Path(__file__).with_suffix(".npz")

VERSION = 2
"""Of the sentences and of how they are measured."""

NEIGHBOURS = 3
"""So many lines of chatter say together how much a message is like chatter; as many of what
is said in earnest, how much it is like that."""

LEAST_SPREAD = 0.01
"""An embedder to which everything unrelated is exactly alike is given this spread."""

MOST_SPREAD = 0.2
"""Unrelated sentences of an embedder that knows meaning differ by a half of this or less."""

Vectors = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The scale of one embedder's cosines.

    ``chance`` is the mean cosine of unrelated sentences, ``spread`` its standard deviation.

    Example:
        >>> Calibration(chance=0.7, spread=0.05).level(0.9)
        4.0
    """

    chance: float
    spread: float

    @property
    def tells(self) -> bool:
        """Whether nearness means anything at all.

        Where unrelated sentences are anywhere between alike and opposite, related ones
        can't stand out: such an embedder (hashed letters, say) counts as none at the gate.
        """
        return self.spread <= MOST_SPREAD

    def level(self, cosine: float) -> float:
        """How many standard deviations a cosine is above chance."""
        return round((cosine - self.chance) / self.spread, 6)

    def cosine(self, level: float) -> float:
        """The cosine at a level."""
        return self.chance + level * self.spread

    def record(self) -> dict[str, Any]:
        """What is stored with the collection."""
        return {"version": VERSION, "chance": self.chance, "spread": self.spread}


@dataclass(frozen=True, slots=True)
class CalibratedEmbedder:
    """An embedder that is ready for searches: its scale, and its vectors of example messages."""

    calibration: Calibration
    chatter: Vectors
    earnest: Vectors

    def chatter_excess(self, vector: Sequence[float]) -> float:
        """How much more a message is like small talk than like what is said in earnest.

        In levels (see :class:`Calibration`); what asks about somebody's life is below 0.
        """
        message = unit(np.asarray([vector], dtype=np.float64))[0]
        return self._level(self.chatter, message) - self._level(self.earnest, message)

    def _level(self, examples: Vectors, message: Vectors) -> float:
        nearest = np.sort(examples @ message)[-NEIGHBOURS:]
        return self.calibration.level(float(nearest.mean()))


def recorded(record: Mapping[str, Any] | None) -> Calibration | None:
    """A stored calibration; ``None`` if there is none of this version."""
    if not record or record.get("version") != VERSION:
        return None
    return Calibration(float(record["chance"]), float(record["spread"]))


def measure(embedder: Embedder) -> Calibration:
    """The scale of an embedder.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    pairs = _sentences()["pair"]
    messages = unit(np.asarray(embedder.embed([p["message"] for p in pairs], "query")))
    memories = unit(np.asarray(embedder.embed([p["memory"] for p in pairs])))
    cosines = messages @ memories.T
    unrelated = cosines[~np.eye(len(pairs), dtype=bool)]
    spread = max(LEAST_SPREAD, float(unrelated.std()))
    return Calibration(round(float(unrelated.mean()), 4), round(spread, 4))


def calibrated(embedder: Embedder, known: Calibration | None) -> CalibratedEmbedder:
    """An embedder with its scale; measured unless it is ``known``.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    if embedder.name == ENCODER:
        shipped = stored()
        return replace(shipped, calibration=known or shipped.calibration)
    small, serious = examples_of(embedder)
    return CalibratedEmbedder(known or measure(embedder), small, serious)


def examples_of(embedder: Embedder) -> tuple[Vectors, Vectors]:
    """The vectors of the example messages: of small talk, and of what is said in earnest.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    told = _sentences()
    chatter: list[str] = told["chatter"]
    earnest = [*told["earnest"], *(pair["message"] for pair in told["pair"])]
    vectors = unit(np.asarray(embedder.embed([*chatter, *earnest], "query")))
    return vectors[: len(chatter)], vectors[len(chatter) :]


@computed_once
def stored() -> CalibratedEmbedder:
    """The sentence encoder's scale and vectors in the package, read once."""
    with np.load(VECTORS_FILE, allow_pickle=False) as file:
        return CalibratedEmbedder(
            Calibration(float(file["chance"]), float(file["spread"])),
            unit(file["chatter"].astype(np.float64)),
            unit(file["earnest"].astype(np.float64)),
        )


@cache
def _sentences() -> dict[str, Any]:
    return tomllib.loads(SENTENCES_FILE.read_text(encoding="utf-8"))
