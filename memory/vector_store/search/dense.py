"""Dense vector of a question, from whatever embedder there is."""

from __future__ import annotations

import numpy as np

from memory.types import Embedder
from memory.types.vectors import Doubles
from memory.vector_store.search.sparse import line_weights, without_speaker

LINES = 8
"""Of a message after others, so many last lines are embedded."""

Vector = list[float]


def query_vector(embedder: Embedder, text: str) -> Vector:
    """The vector to search with: what was said last counts most, as in the sparse fields.

    Raises:
        ModelError: the embedding endpoint failed.
    """
    lines = [without_speaker(line) for line in text.splitlines() if line.strip()][-LINES:]
    rows = np.asarray(embedder.embed(lines or [text], "query"))
    if len(rows) == 1:
        return [float(number) for number in rows[0]]
    weights = np.asarray(line_weights(len(rows)))[:, np.newaxis]
    return _one((weights * unit(rows)).sum(axis=0))


def unit(rows: Doubles) -> Doubles:
    """The rows with length 1 each; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Doubles = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def _one(row: Doubles) -> Vector:
    return [float(number) for number in unit(row[np.newaxis, :])[0]]
