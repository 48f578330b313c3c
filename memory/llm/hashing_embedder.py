"""The embedder of last resort: hashed character n-grams, no model file, no network.

The hashing trick of Weinberger et al. 2009 ("Feature Hashing for Large Scale
Multitask Learning") with a signed hash, over characters because they need no
tokenizer in either language. Texts that share spelling land near each other;
meaning it doesn't know. mem0 needs a dense vector for every memory: this is it
where neither the sentence encoder nor an embedding endpoint is there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from memory.types import EmbeddingPurpose

SIZES = (1, 2, 3, 4)
"""Lengths of the n-grams. Single characters matter in Chinese, little elsewhere."""

WEIGHTS = (0.3, 1.0, 1.0, 1.0)
"""What an n-gram of each length counts."""

TOGETHER = 128
"""Texts hashed in one go."""

NAME_PREFIX = "builtin-hash-"
"""What the recorded name of every hashed embedder begins with; its size follows."""

# Odd 64-bit constants of splitmix64 (Steele, Lea and Flood 2014): multiplication
# and xor-shift only, so that every platform and Python computes the same hash.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


class HashingEmbedder:
    """Texts to unit vectors of ``dims`` numbers; the same in every process.

    A text without any character becomes the zero vector.
    """

    def __init__(self, dims: int = 384) -> None:
        self._dims = dims

    @property
    def name(self) -> str:
        """What is recorded with the collection."""
        return f"{NAME_PREFIX}{self._dims}"

    @property
    def dims(self) -> int:
        """Length of a vector."""
        return self._dims

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        """One vector for each text, whatever its purpose."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), TOGETHER):
            vectors += self._embed(texts[start : start + TOGETHER]).tolist()
        return vectors

    def _embed(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """All texts as one long row of characters, so that numpy does the looping."""
        padded = [_padded(text) for text in texts]
        codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        owner = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
        units = codes.astype(np.uint64) + np.uint64(1)
        total = np.zeros(len(texts) * self._dims)
        grams = np.zeros_like(units)
        for size, weight in zip(SIZES, WEIGHTS, strict=True):
            count = len(units) - size + 1
            if count < 1:
                break
            # Rolling: the hash of n characters from that of the first n - 1.
            grams = _mixed(grams[:count] * _STEP + units[size - 1 :])
            inside = owner[:count] == owner[size - 1 :]  # not across two texts
            found, whose = grams[inside], owner[:count][inside]
            signs = np.where(found >> np.uint64(63), weight, -weight)
            places = whose * self._dims + (found % np.uint64(self._dims)).astype(np.intp)
            total += np.bincount(places, weights=signs, minlength=len(total))
        rows = total.reshape(len(texts), self._dims)
        # A gram that occurs nine times isn't nine times as telling.
        rows = np.sign(rows) * np.sqrt(np.abs(rows))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: npt.NDArray[np.float64] = np.zeros_like(rows)
        np.divide(rows, lengths, out=unit, where=lengths > 0)
        return unit


def _padded(text: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return f" {plain} " if plain else ""


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))
