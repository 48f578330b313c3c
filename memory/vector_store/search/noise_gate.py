"""Noise gate: whether anything is recalled for a message at all.

"How do planes fly" has words in common with something in everybody's life, and every sentence
is nearer to one memory than to the others. Whether the best of what was found is meant is a
logistic regression on a few clues: how much is shared, how near the nearest is on the
embedder's own scale (:mod:`memory.vector_store.search.calibration`), and whether the message is
like small talk or like what is said in earnest. The weights are made by
``python -m scripts.fit_noise_gate``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from memory.nlp.language import has_cjk
from memory.nlp.words import CJK_STOPS
from memory.vector_store.search.fusion import Match
from memory.vector_store.search.term_statistics import Overlap

BY_MEANING: Mapping[str, float] = {
    "coverage": 3.09,
    "level": 0.57,
    "earnest": 4.41,
    "words": 1.10,
    "keyword": 2.47,
    "reminding": 1.49,
    "characters": -0.71,
}
BY_MEANING_BIAS = -4.68
BY_WORDS: Mapping[str, float] = {
    "evidence": 2.32,
    "coverage": 3.03,
    "earnest": 2.81,
    "words": 0.92,
    "about_us": 1.24,
    "dated": 0.87,
    "keyword": 1.61,
    "reminding": 1.90,
    "characters": -0.86,
}
BY_WORDS_BIAS = -4.69
"""What each clue adds to the odds that something is meant, with vectors and without."""

REMINDED_EVIDENCE = 0.3
"""Who says "do you remember" and shares this much of a rare word with a memory means one."""

SHORT_WORDS = 2
HELD_COVERAGE = 0.9
"""A message of so few content words is meant if a memory holds all of them."""

HIGHEST_LEVEL = 8.0
"""Nearer than this is no nearer."""

_LATIN_WORD = re.compile(r"[a-z']+", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w]")
KEYWORD_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gate sees of a message.

    ``words`` counts its content words; ``about_us`` says whether it is about the user or the
    companion, ``dated`` whether it names a time, ``reminding`` whether it says that it wants
    something remembered ("do you remember"). ``earnest`` is how much it is like what is said
    in earnest, about -1 to 1: ``by_meaning`` from its vector, otherwise from its words.
    """

    text: str
    words: int
    about_us: bool
    dated: bool
    reminding: bool
    earnest: float
    by_meaning: bool


def lets_through(asked: Asked, found: Sequence[Match], overlap: Overlap) -> bool:
    """Whether the best of what was found is more than noise.

    Args:
        asked: The message.
        found: Everything that was found, in any order.
        overlap: The most that the message shares with one of the best.
    """
    if asked.reminding and overlap.evidence >= REMINDED_EVIDENCE:
        return True
    if asked.words <= SHORT_WORDS and overlap.coverage >= HELD_COVERAGE:
        return True
    weights, bias = (BY_MEANING, BY_MEANING_BIAS) if asked.by_meaning else (BY_WORDS, BY_WORDS_BIAS)
    given = clues(asked, found, overlap)
    return bias + sum(weight * given[name] for name, weight in weights.items()) > 0


def clues(asked: Asked, found: Sequence[Match], overlap: Overlap) -> dict[str, float]:
    """What speaks for and against it, by name."""
    level = max((match.level for match in found), default=0.0)
    return {
        "evidence": min(2.0, overlap.evidence),
        "coverage": overlap.coverage,
        "level": min(HIGHEST_LEVEL, max(0.0, level)),
        "earnest": asked.earnest,
        "words": log(1 + asked.words),
        "about_us": float(asked.about_us),
        "dated": float(asked.dated and asked.about_us),
        "reminding": float(asked.reminding),
        "keyword": float(is_keyword(asked.text)),
        # Two Chinese sentences share a character by chance.
        "characters": float(any(match.cjk > 0 for match in found)),
    }


def is_keyword(text: str) -> bool:
    """Whether a message is nothing but a word, as one types into a search box."""
    if has_cjk(text):
        return not CJK_STOPS & set(text) and len(_SIGNS.sub("", text)) <= KEYWORD_CHARACTERS
    return len(_LATIN_WORD.findall(text)) <= 1
