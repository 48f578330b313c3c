"""BM25 alone: characters, pairs of characters and stemmed words in one field.

The plain baseline: k1 1.2, b 0.75, average length of the owner's own texts, no stop
words, no glosses. Dates stand in the texts the way people write them.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from memory.nlp.words import stem

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z]+|\d+")
K1 = 1.2
B = 0.75


def terms(text: str) -> Counter[str]:
    """The terms of a text and how often they occur."""
    found: Counter[str] = Counter()
    for run in _RUNS.findall(text.lower()):
        if run[0].isascii():
            found[stem(run)] += 1
        else:
            found.update(run)
            found.update(a + b for a, b in pairwise(run))
    return found


class BM25:
    """An index of texts in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        documents = [terms(text) for text in texts]
        lengths = [sum(document.values()) for document in documents]
        average = sum(lengths) / max(1, len(lengths)) or 1.0
        self._idf: dict[str, float] = {}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, document in enumerate(documents):
            norm = K1 * (1 - B + B * lengths[number] / average)
            for term, count in document.items():
                self._postings[term].append((number, count * (K1 + 1) / (count + norm)))
        for term, postings in self._postings.items():
            rest = len(documents) - len(postings)
            self._idf[term] = math.log(1 + (rest + 0.5) / (len(postings) + 0.5))

    def search(self, query: str, limit: int) -> list[int]:
        """Positions of the best texts, best first."""
        scores: dict[int, float] = defaultdict(float)
        for term, count in terms(query).items():
            for number, weight in self._postings.get(term, ()):
                scores[number] += count * self._idf[term] * weight
        return sorted(scores, key=lambda number: (-scores[number], number))[:limit]
