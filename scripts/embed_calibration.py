"""Make what searches know before: the sentence encoder's calibration, and term statistics.

    python -m scripts.embed_calibration

Writes ``calibration.npz`` and ``term_statistics.npz`` of ``memory/vector_store/search``, from
the sentences and example messages there; how often a term is said in general is counted over
the examples of the built-in companion as well. The same sentences give the same numbers.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Also as a script: python scripts/embed_calibration.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from memory.builtin.examples import read_examples
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import SentenceEncoder
from memory.vector_store.search import linear_probe, term_statistics
from memory.vector_store.search.calibration import (
    VECTORS_FILE,
    earnest_messages,
    measure,
    probe_of,
)
from memory.vector_store.search.example_messages import of_no_concern, people
from memory.vector_store.search.sparse import encode_query

BUILTIN = Path(__file__).resolve().parents[1] / "memory" / "builtin"
TERM_RIDGE = 3.0

LEAST_SAID = 0.5
"""A term that is said less in all examples says as much as one that is never said."""

Rows = npt.NDArray[np.float64]


def term_rows(texts: Sequence[str], columns: dict[int, int]) -> Rows:
    """A row of length 1 for each text, its terms alike; terms without a column are left out."""
    rows = np.zeros((len(texts), len(columns)))
    for row, text in zip(rows, texts, strict=True):
        terms = term_statistics.terms_of(encode_query(text))
        row[[columns[term] for term in terms if term in columns]] = max(1, len(terms)) ** -0.5
    return rows


def columns_of(texts: Iterable[str]) -> dict[int, int]:
    """A column for each term of some texts."""
    columns: dict[int, int] = {}
    for text in texts:
        for term in term_statistics.terms_of(encode_query(text)):
            columns.setdefault(term, len(columns))
    return columns


def said() -> list[tuple[str, float]]:
    """All example sentences with what each counts; those made from one line count as one."""
    memories = [memory.text for one in people() for memory in one.memories]
    plain = [(text, 1.0) for text in [*memories, *earnest_messages(), *of_no_concern()]]
    files = [*BUILTIN.glob("extraction/examples/*.txt"), *BUILTIN.glob("chat/examples/*.txt")]
    made = [(one.text, one.weight**2) for file in sorted(files) for one in read_examples(file)]
    return plain + made


def informative() -> dict[int, float]:
    """How much each term tells, 0 to 1; those hardly ever said, which tell all, are left out."""
    counts: defaultdict[int, float] = defaultdict(float)
    total = 0.0
    for text, weight in said():
        total += weight
        for term in term_statistics.terms_of(encode_query(text)):
            counts[term] += weight
    most = log(total + 1)
    return {
        term: (log((total + 1) / (count + 1)) / most) ** 2
        for term, count in counts.items()
        if count >= LEAST_SAID
    }


def main() -> None:
    """Write them."""
    embedder = LocalEmbedder(SentenceEncoder())
    scale = measure(embedder)
    np.savez_compressed(
        VECTORS_FILE,
        chance=np.array(scale.chance),
        spread=np.array(scale.spread),
        probe=probe_of(embedder).astype(np.float32),
    )
    earnest, nothing = earnest_messages(), of_no_concern()
    columns = columns_of([*earnest, *nothing])
    probe = linear_probe.fitted(
        term_rows(earnest, columns), term_rows(nothing, columns), TERM_RIDGE
    )
    weights = {term: float(probe[column]) for term, column in columns.items()}
    tells = informative()
    places = sorted({*weights, *tells})
    np.savez_compressed(
        term_statistics.FILE,
        places=np.array(places, dtype=np.uint32),
        informative=np.array([tells.get(place, 1.0) for place in places], dtype=np.float16),
        earnest=np.array([weights.get(place, 0.0) for place in places], dtype=np.float16),
        bias=np.array(probe[-1]),
    )
    for file in (VECTORS_FILE, term_statistics.FILE):
        print(f"{file.name}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
