"""Term statistics: how much a word tells, and how much it is said in earnest.

In a store of thirty memories every word is rare, "times" and "first" too. So what a message
shares with a memory is counted by how rare its terms are in what people say in general
(inverse document frequency, Sparck Jones 1972, over all example sentences of this project),
and by words alone a message is judged by a linear probe on its terms. Made by
``python -m scripts.embed_calibration``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from qdrant_client import models

from memory.system.once import computed_once

FILE = Path(__file__).with_suffix(".npz")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a message shares with a memory, by what its terms tell.

    ``evidence`` is a sum, about 1 for one rare word; ``coverage`` the share of all that the
    message's terms tell.
    """

    evidence: float = 0.0
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """Of terms by their place in the sparse vectors (:mod:`memory.vector_store.search.sparse`).

    ``informative`` is from 0 to 1, and 1 for terms that aren't in it; ``earnest`` are the
    weights of the probe, 0 for others, and ``bias`` its bias.
    """

    informative: Mapping[int, float]
    earnest: Mapping[int, float]
    bias: float

    def overlap(
        self,
        asked: Mapping[str, models.SparseVector],
        given: Mapping[str, Collection[int]],
        shares: Mapping[str, float],
    ) -> Overlap:
        """What a message and a memory share.

        Args:
            asked: The sparse vectors of the message.
            given: The memory's terms in each field.
            shares: What each field counts.
        """
        shared = total = 0.0
        for name, vector in asked.items():
            present, share = given[name], shares[name]
            for place, value in zip(vector.indices, vector.values, strict=True):
                tells = share * value * self.informative.get(place, 1.0)
                total += tells
                if place in present:
                    shared += tells
        return Overlap(shared, shared / total if total else 0.0)

    def earnestness(self, asked: Mapping[str, models.SparseVector]) -> float:
        """How much a message's words are those of what is said in earnest; about -1 to 1."""
        places = terms_of(asked)
        if not places:
            return self.bias
        found = sum(self.earnest.get(place, 0.0) for place in places)
        return found / sqrt(len(places)) + self.bias


def terms_of(vectors: Mapping[str, models.SparseVector]) -> set[int]:
    """The terms in any field."""
    return {place for vector in vectors.values() for place in vector.indices}


@computed_once
def stored() -> TermStatistics:
    """Those in the package, read once."""
    with np.load(FILE, allow_pickle=False) as file:
        places = file["places"].tolist()
        return TermStatistics(
            dict(zip(places, file["informative"].astype(float).tolist(), strict=True)),
            dict(zip(places, file["earnest"].astype(float).tolist(), strict=True)),
            float(file["bias"]),
        )
