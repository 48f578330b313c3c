"""How the scores of the fields become one score.

Each field's scores are divided by its best one and summed with weights: on public
data this beats reciprocal rank fusion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD

WORD_TERMS = 1.5
"""What a word that both sides share brings in the words field: itself and its stub,
or two glosses."""

WORD_CHARS = 3
"""And in the CJK field: two characters and their pair."""

DENSE = ""
"""Qdrant's name of the unnamed vector."""


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How the fields add up, and where recall ends.

    ``dense`` is the share of the dense score; 0 leaves it out (as does a search
    without a dense vector). Evidence is counted in words that only one memory holds:
    the best match needs ``telling`` of it (short questions less) or the share
    ``covered`` of the question's terms, or nothing is recalled; all others need the
    share ``relative`` of the best score. ``least_dense`` is the cosine from which on a
    dense match is evidence enough. ``anchor`` is the share of all that a question
    could match in a field, below which its best match isn't taken for the full mark.
    """

    cjk: float = 0.3
    words: float = 1.0
    dense: float = 0.5
    telling: float = 0.3
    covered: float = 0.4
    anchor: float = 0.25
    least_dense: float = 0.35
    relative: float = 0.1


class Match(NamedTuple):
    """What was found of one point: hundreds in every search, most of no further use.

    Field scores are normalised to the best of the search. ``evidence`` is the weighted
    score before that, counted in words that only one of the owner's memories holds:
    how much the match means by itself.
    """

    score: float
    id: str
    cjk: float
    words: float
    dense: float
    evidence: float


@dataclass(frozen=True, slots=True)
class Mix:
    """The shares of one search's score; a field without any match has none."""

    cjk: float
    words: float
    dense: float

    def score(self, cjk: float, words: float, dense: float, *, characters: bool = True) -> float:
        """The score in [0, 1] of a memory with or without Chinese characters.

        A memory without any can't match in their field, and must not lose by that
        to one that shares a character with the question.
        """
        share = self.cjk if characters else 0.0
        lexical = (share * cjk + self.words * words) / (share + self.words or 1.0)
        return self.dense * dense + (1 - self.dense) * lexical


def fuse(
    fields: Mapping[str, Mapping[str, float]],
    asked: Mapping[str, float],
    size: int,
    weights: SearchWeights,
) -> tuple[list[Match], Mix]:
    """The matches of all fields, best first, and the mix that their scores are made with.

    Args:
        fields: Scores by point, for each field.
        asked: Sum of the query's term weights in each sparse field.
        size: How many memories were searched.
        weights: Weights.
    """
    cjk, words = fields.get(CJK_FIELD, {}), fields.get(WORDS_FIELD, {})
    dense = fields.get(DENSE, {})
    lexical = bool(cjk or words)
    mix = Mix(
        cjk=weights.cjk if cjk else 0.0,
        words=weights.words if words else 0.0,
        dense=(weights.dense if lexical else 1.0) if dense else 0.0,
    )
    rare = log(1 + (size - 0.5) / 1.5) if size else 1.0  # IDF of what one memory holds
    word = rare * (WORD_TERMS * weights.words + (WORD_CHARS * weights.cjk if cjk else 0.0))
    # Where even the best match is poor, it must not count like a good one.
    best_cjk = max(_best(cjk), weights.anchor * rare * asked.get(CJK_FIELD, 0.0))
    best_words = max(_best(words), weights.anchor * rare * asked.get(WORDS_FIELD, 0.0))
    worst_dense = min(dense.values(), default=0.0)
    spread = (_best(dense) - worst_dense) or 1.0
    found = []
    for key in {**cjk, **words, **dense}:
        in_cjk, in_words = cjk.get(key, 0.0), words.get(key, 0.0)
        alike = dense.get(key, 0.0) >= weights.least_dense
        scores = (
            in_cjk / best_cjk,
            in_words / best_words,
            (dense.get(key, worst_dense) - worst_dense) / spread,
        )
        raw = weights.cjk * in_cjk + weights.words * in_words
        evidence = raw / word + (weights.telling if alike else 0.0)
        found.append(Match(mix.score(*scores), key, *scores, evidence))
    return sorted(found, key=best_first), mix


def best_first(match: Match) -> tuple[float, str]:
    """Sorts matches by their score; ties by id."""
    return -match.score, match.id


def _best(scores: Mapping[str, float]) -> float:
    return max(scores.values(), default=0.0) or 1.0
