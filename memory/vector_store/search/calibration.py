"""Calibration of an embedder: what its cosines mean.

Sentences that have nothing to do with each other have a cosine of 0.05 with one embedder
and of 0.75 with another (Ethayarajh 2019, "How contextual are contextualized word
representations?"). So cosines are counted from what unrelated sentences have, in standard
deviations of it. Measured once for each embedder on the sentences of ``calibration.toml``.
Whether a message is small talk or said in earnest is judged by a linear probe on its vector,
made from the example messages (:mod:`memory.vector_store.search.example_messages`). Both are
stored with the collection. Of the sentence encoder in the package they are known before
(``calibration.npz``, made by ``python -m scripts.embed_calibration``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from memory.llm.sentence_encoder import NAME as ENCODER
from memory.system.once import computed_once
from memory.types import Embedder
from memory.types.vectors import Doubles
from memory.vector_store.search import example_messages, linear_probe
from memory.vector_store.search.dense import unit

SENTENCES_FILE = Path(__file__).with_suffix(".toml")
VECTORS_FILE = Path(__file__).with_suffix(".npz")

VERSION = 2
"""Of the sentences and of how they are measured."""

EXAMPLES_VERSION = 1
"""Of the example messages and of the probe."""

LEAST_SPREAD = 0.01
"""An embedder to which everything unrelated is exactly alike is given this spread."""

MOST_SPREAD = 0.2
"""Unrelated sentences of an embedder that knows meaning differ by a half of this or less."""


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
    """An embedder that is ready for searches: its scale, and its probe of what is earnest."""

    calibration: Calibration
    probe: Doubles

    def earnestness(self, vector: Sequence[float]) -> float:
        """How much a message is like what is said in earnest; small talk is below 0."""
        message = unit(np.asarray([vector], dtype=np.float64))[0]
        return linear_probe.read(self.probe, message)

    def record(self) -> dict[str, Any]:
        """What is stored with the collection."""
        probe = [round(weight, 4) for weight in self.probe.tolist()]
        return {**self.calibration.record(), "examples": EXAMPLES_VERSION, "probe": probe}


def recorded(record: Mapping[str, Any] | None) -> Calibration | None:
    """A stored calibration; ``None`` if there is none of this version."""
    if not record or record.get("version") != VERSION:
        return None
    return Calibration(float(record["chance"]), float(record["spread"]))


def recorded_probe(record: Mapping[str, Any] | None) -> Doubles | None:
    """A stored probe; ``None`` if there is none of this version."""
    if not record or record.get("examples") != EXAMPLES_VERSION:
        return None
    return np.asarray(record["probe"], dtype=np.float64)


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


def calibrated(embedder: Embedder, record: Mapping[str, Any] | None = None) -> CalibratedEmbedder:
    """An embedder with its scale and its probe; made unless they stand in the ``record``.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    scale = recorded(record)
    if embedder.name == ENCODER:
        return replace(stored(), calibration=scale or stored().calibration)
    known = recorded_probe(record)
    return CalibratedEmbedder(
        scale or measure(embedder), probe_of(embedder) if known is None else known
    )


def probe_of(embedder: Embedder) -> Doubles:
    """The probe of what is said in earnest, for the vectors of an embedder.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    earnest, nothing = earnest_messages(), example_messages.of_no_concern()
    rows = unit(np.asarray(embedder.embed([*earnest, *nothing], "query"), dtype=np.float64))
    return linear_probe.fitted(rows[: len(earnest)], rows[len(earnest) :])


def earnest_messages() -> list[str]:
    """The messages in earnest, those of the calibration's pairs included."""
    pairs = [pair["message"] for pair in _sentences()["pair"]]
    return list(dict.fromkeys([*example_messages.in_earnest(), *pairs]))


@computed_once
def stored() -> CalibratedEmbedder:
    """The sentence encoder's scale and probe in the package, read once."""
    with np.load(VECTORS_FILE, allow_pickle=False) as file:
        return CalibratedEmbedder(
            Calibration(float(file["chance"]), float(file["spread"])),
            file["probe"].astype(np.float64),
        )


@cache
def _sentences() -> dict[str, Any]:
    return tomllib.loads(SENTENCES_FILE.read_text(encoding="utf-8"))
