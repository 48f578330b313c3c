"""The built-in embedder: hashed character n-grams, no model file, no network.

The hashing trick of Weinberger et al. 2009 ("Feature Hashing for Large Scale
Multitask Learning") with a signed hash, over characters because they need no
tokenizer in either language. Texts that share spelling land near each other;
meaning it doesn't know. mem0 needs a dense vector for every memory: this is it
when no embedding model is configured.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SIZES = (1, 2, 3, 4)
"""Lengths of the n-grams. Single characters matter in Chinese, little elsewhere."""

WEIGHTS = (0.3, 1.0, 1.0, 1.0)
"""What an n-gram of each length counts."""

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
        return f"builtin-hash-{self._dims}"

    @property
    def dims(self) -> int:
        """Length of a vector."""
        return self._dims

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text."""
        return [self._embed(text).tolist() for text in texts]

    def _embed(self, text: str) -> npt.NDArray[np.float64]:
        plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        total = np.zeros(self._dims)
        if not plain:
            return total
        codes = np.frombuffer(f" {plain} ".encode("utf-32-le", "replace"), dtype="<u4")
        units = codes.astype(np.uint64) + np.uint64(1)
        grams = np.zeros_like(units)
        for size, weight in zip(SIZES, WEIGHTS, strict=True):
            if size > len(units):
                break
            # Rolling: the hash of n characters from that of the first n - 1.
            grams = _mixed(grams[: len(units) - size + 1] * _STEP + units[size - 1 :])
            signs = np.where(grams >> np.uint64(63), weight, -weight)
            places = (grams % np.uint64(self._dims)).astype(np.intp)
            total += np.bincount(places, weights=signs, minlength=self._dims)
        # A gram that occurs nine times isn't nine times as telling.
        total = np.sign(total) * np.sqrt(np.abs(total))
        length = float(np.linalg.norm(total))
        return total / length if length else total


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))
