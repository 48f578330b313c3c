"""Noise gate: whether anything is recalled for a message at all.

"How do planes fly" has words in common with something in everybody's life. By words alone
the best match needs evidence; with vectors, meaning has to agree. Thresholds are levels of
the embedder's own scale (:mod:`memory.vector_store.search.calibration`), so that they hold
for every embedder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from memory.nlp.language import has_cjk
from memory.nlp.words import CJK_STOPS
from memory.vector_store.search.fusion import Match, SearchWeights

KEYWORD_LEVEL = 0.8
"""The level at which a lone word ("宠物") finds what it means: there is little to compare."""

ABOUT_US_LEVEL = 1.5
"""The same for a short question about the user or the companion ("我有什么忌口")."""

ANY_LEVEL = 3.25
LONG_LEVEL = 1.5
"""The same for everything else, and for what is long and tells more."""

AGREEING_LEVEL = 2.4
LONG_AGREEING_LEVEL = 0.0
"""The level that is enough where words match too."""

SHORT_WORDS = 2
LONG_WORDS = 7
"""Content words of a short message at most, and of a long one at least."""

CHATTER_EXCESS = 0.6
CHATTER_WEIGHT = 1.5
"""How much more like chatter than like something in earnest a message may be, in levels; what is
beyond counts against it, at this weight."""

EARNEST_EXCESS = 1.0
"""A question about us and a time is answered by words unless it is like chatter by this."""

ENOUGH_EVIDENCE = 0.8
ENOUGH_EVIDENCE_ABOUT_US = 0.55
"""Without vectors: words that only one memory holds."""

MANY_WORDS = 3
"""A question with so many content words and one more needs all of ``min_evidence``."""

_LATIN_WORD = re.compile(r"[a-z']+", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]")
KEYWORD_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gate sees of a message.

    ``words`` counts its content words; ``about_us`` says whether it is about the user or
    the companion, ``dated`` whether it names a time, ``reminding`` whether it says that it
    wants something remembered ("do you remember"). ``chatter`` is how much more it is like
    small talk than like something in earnest, in levels; ``None`` in a search by words alone.
    """

    text: str
    words: int
    about_us: bool
    dated: bool
    reminding: bool
    chatter: float | None


def lets_through(
    asked: Asked,
    found: Sequence[Match],
    coverage: float,
    weights: SearchWeights,
) -> bool:
    """Whether the best of what was found is more than noise.

    Args:
        asked: The message.
        found: Everything that was found, in any order.
        coverage: The share of the message's terms that its best matches hold.
        weights: ``min_evidence`` and ``min_coverage``.
    """
    evidence = max((match.evidence for match in found), default=0.0)
    demand = min(1.0, max(0, asked.words - 1) / MANY_WORDS)
    worded = evidence > 0 and (
        evidence >= demand * weights.min_evidence or coverage >= weights.min_coverage
    )
    if worded and asked.dated and asked.about_us and (asked.chatter or 0.0) < EARNEST_EXCESS:
        return True
    if asked.chatter is None:
        return worded and (
            coverage >= weights.min_coverage
            or evidence >= (ENOUGH_EVIDENCE_ABOUT_US if asked.about_us else ENOUGH_EVIDENCE)
        )
    long = asked.words >= LONG_WORDS
    excess = 0.0 if asked.reminding else max(0.0, asked.chatter - CHATTER_EXCESS)
    penalty = CHATTER_WEIGHT * excess
    if max((match.level for match in found), default=-inf) - penalty >= _needed(asked, long):
        return True
    by_words = sorted(found, key=lambda match: -match.evidence)[:3]
    agreeing = LONG_AGREEING_LEVEL if long else AGREEING_LEVEL
    best = max((match.level for match in by_words), default=-inf)
    return worded and best - penalty >= agreeing


def _needed(asked: Asked, long: bool) -> float:
    if asked.reminding:
        return ABOUT_US_LEVEL
    if asked.words <= SHORT_WORDS:
        if is_keyword(asked.text):
            return KEYWORD_LEVEL
        if asked.about_us:
            return ABOUT_US_LEVEL
    return LONG_LEVEL if long else ANY_LEVEL


def is_keyword(text: str) -> bool:
    """Whether a message is nothing but a word, as one types into a search box."""
    if has_cjk(text):
        return not CJK_STOPS & set(text) and len(_SIGNS.sub("", text)) <= KEYWORD_CHARACTERS
    return len(_LATIN_WORD.findall(text)) <= 1
