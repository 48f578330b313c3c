"""Score fusion: how the scores of the fields become one score.

Each field's scores are divided by its best one and summed with weights: on public
data this beats reciprocal rank fusion. Cosines are counted from what unrelated sentences
have with this embedder (:mod:`memory.vector_store.search.calibration`), so that the same
weights serve embedders of every kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, log
from typing import NamedTuple

from memory.vector_store.search.calibration import Calibration
from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD

WORD_TERMS = 1.5
"""What a word that both sides share brings in the words field: itself and its stub,
or two glosses."""

WORD_CHARS = 3
"""And in the CJK field: two characters and their pair."""

DENSE = ""
"""Qdrant's name of the unnamed vector."""

BEST_LEVEL = 2.6
"""The calibrated level below which the best cosine isn't taken for the full mark."""

CERTAIN_LEVELS = (1.0, 9.0)
"""Between these levels a cosine goes from saying nothing to being certain."""


TALK_DENSE = 0.5
"""What the dense score of a memory that quotes several turns counts, beside that of a single
sentence: the vector of much text is a blur."""


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How the fields add up, and where recall ends.

    ``dense`` is the share of the dense score beside both sparse fields; 0 leaves it out
    (as does a search without a dense vector). ``noise_gate`` is off where every candidate is
    wanted. A match needs the share ``relative`` of the best score. ``score_floor`` is the
    share of all that a question could match in a field, below which its best match isn't
    taken for the full mark.
    """

    cjk: float = 0.3
    words: float = 1.0
    dense: float = 0.45
    score_floor: float = 0.25
    relative: float = 0.1
    noise_gate: bool = True


class Match(NamedTuple):
    """What was found of one point: hundreds in every search, most of no further use.

    Field scores are normalised to the best of the search. ``evidence`` is the weighted
    sparse score before that, counted in words that only one of the owner's memories
    holds; ``level`` is the calibrated cosine (minus infinity where there is none). Both
    say how much the match means by itself.
    """

    score: float
    id: str
    cjk: float
    words: float
    dense: float
    evidence: float
    level: float = -inf

    @property
    def strength(self) -> float:
        """How sure it is that this is meant, from 0 to 1, the same in every search."""
        low, high = CERTAIN_LEVELS
        by_words = self.evidence / (1 + self.evidence)
        by_meaning = min(1.0, max(0.0, (self.level - low) / (high - low)))
        return 1 - (1 - by_words) * (1 - by_meaning)


@dataclass(frozen=True, slots=True)
class Mix:
    """The weights in one search's score; a field without any match has none."""

    cjk: float
    words: float
    dense: float

    def score(
        self,
        cjk: float,
        words: float,
        dense: float,
        *,
        characters: bool = True,
        talk: bool = False,
    ) -> float:
        """The score in [0, 1] of a memory with or without Chinese characters.

        A memory without any can't match in their field, and must not lose by that
        to one that shares a character with the question. ``talk``: it quotes several
        turns (:data:`TALK_DENSE`).
        """
        share = self.cjk if characters else 0.0
        meaning = self.dense * TALK_DENSE if talk else self.dense
        total = share + self.words + meaning
        return (share * cjk + self.words * words + meaning * dense) / (total or 1.0)


def fuse(
    fields: Mapping[str, Mapping[str, float]],
    asked: Mapping[str, float],
    size: int,
    weights: SearchWeights,
    calibration: Calibration | None = None,
) -> tuple[list[Match], Mix]:
    """The matches of all fields, best first, and the mix that their scores are made with.

    Args:
        fields: Scores by point, for each field that was searched; in the dense one cosines
            above chance.
        asked: Sum of the query's term weights in each sparse field.
        size: How many memories were searched.
        weights: Weights.
        calibration: Of the embedder; without one the dense field is left out.
    """
    cjk, words = fields.get(CJK_FIELD, {}), fields.get(WORDS_FIELD, {})
    dense = fields.get(DENSE, {}) if calibration else {}
    levels = (
        {key: calibration.level(cosine) for key, cosine in dense.items()} if calibration else {}
    )
    mix = _mix(weights, bool(cjk), bool(words), calibration is not None and DENSE in fields)
    rare = log(1 + (size - 0.5) / 1.5) if size else 1.0  # IDF of what one memory holds
    word = rare * (WORD_TERMS * weights.words + (WORD_CHARS * weights.cjk if cjk else 0.0))
    # Where even the best match is poor, it must not count like a good one.
    best_cjk = max(_best(cjk), weights.score_floor * rare * asked.get(CJK_FIELD, 0.0))
    best_words = max(_best(words), weights.score_floor * rare * asked.get(WORDS_FIELD, 0.0))
    best_level = max(max(levels.values(), default=0.0), BEST_LEVEL)
    found = []
    for key in {**cjk, **words, **dense}:
        in_cjk, in_words = cjk.get(key, 0.0), words.get(key, 0.0)
        level = levels.get(key, -inf)
        scores = (in_cjk / best_cjk, in_words / best_words, max(0.0, level / best_level))
        raw = weights.cjk * in_cjk + weights.words * in_words
        found.append(Match(mix.score(*scores), key, *scores, raw / (word or 1.0), level))
    return sorted(found, key=best_first), mix


def best_first(match: Match) -> tuple[float, str]:
    """Sorts matches by their score; ties by id."""
    return -match.score, match.id


def _mix(weights: SearchWeights, cjk: bool, words: bool, dense: bool) -> Mix:
    if dense and (weights.dense >= 1 or not (cjk or words)):
        return Mix(0.0, 0.0, 1.0)
    # A weight rather than a share, so that it says more where only one sparse field does.
    beside = weights.dense / (1 - weights.dense) * (weights.cjk + weights.words) if dense else 0.0
    return Mix(weights.cjk if cjk else 0.0, weights.words if words else 0.0, beside)


def _best(scores: Mapping[str, float]) -> float:
    return max(scores.values(), default=0.0) or 1.0
