"""Emergency detection: whether a danger that is known already is happening now.

Somebody who spoke of dying says little when it happens: "room is spinning", "手开始发麻". By
itself that is no alarm; after what was said before it is. A logistic regression on what the
classifier says of the newest message alone, fitted to ``happening_now.toml``.
"""

from __future__ import annotations

from math import exp, log

from memory.chat.safety.classifier import Scores

WEIGHTS = (0.41, 0.52)
"""Of the log odds of an alarm, and of those of "now"."""

BIAS = 1.15

BAR = 0.45
"""Probability from which it is happening."""

BAR_BY_WORDS = 0.6
"""The same before the sentence encoder is there."""


def happens_now(newest: Scores) -> bool:
    """Whether the newest message, after a danger was spoken of, says that it is happening."""
    bar = BAR_BY_WORDS if newest.by_words else BAR
    return probability(newest) >= bar


def probability(newest: Scores) -> float:
    """Probability that it does."""
    raw = sum(weight * one for weight, one in zip(WEIGHTS, features(newest), strict=True))
    return 1 / (1 + exp(-raw - BIAS))


def features(newest: Scores) -> tuple[float, float]:
    """The log odds of an alarm and of "now"."""
    return log_odds(newest.alarm), log_odds(newest.urgent)


def log_odds(probability: float) -> float:
    """``log(p / (1 - p))``, for none nearer than 0.0001 to 0 or 1."""
    kept = min(max(probability, 1e-4), 1 - 1e-4)
    return log(kept / (1 - kept))
