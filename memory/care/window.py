"""Risk assessment of a window of messages: the classifier, with the word patterns as a floor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from memory.care.assessment import Assessment, RiskKind
from memory.care.classifier import CLASSES, TOGETHER, Encoder, Scores, scores
from memory.care.minors import says_under_18
from memory.care.normalization import normalized
from memory.care.rules import spoken_of

ALARM = 0.5
"""Probability from which a message alarms."""

MIDDLE = 0.5
"""Probability of an alarm or of distress from which it gets the gentle card."""

HARMLESS = 0.08
"""Probability of an alarm below which what the word patterns hear is taken for harmless."""

URGENT = 0.5
"""Probability from which an alarm counts as happening now."""

PIECE = 160
"""Characters that are looked at in one piece: in a long message a sentence mustn't drown."""

MOST_PIECES = 6
"""Pieces of a long message that are looked at closely, the most suspicious by its words."""

_SENTENCE = re.compile(r"[^。！？!?\n;；.]+[。！？!?\n;；.]*")

_encoder: Encoder | None = None


def use_encoder(encoder: Encoder | None) -> None:
    """Have sentence vectors from ``encoder`` once it is ready; None for words alone."""
    global _encoder  # noqa: PLW0603 - one per process, as the encoder itself
    _encoder = encoder


def assess(text: str) -> RiskKind | None:
    """The kind of danger that one message alarms with, of the writer or of others; or None.

    Example: ``assess("k.m.s")`` is ``"suicide"``, ``assess("this queue kills me")`` None.
    """
    found = assess_window([text])
    return found.kind if found.alarms else None


def assess_window(texts: Sequence[str]) -> Assessment:
    """What the newest message speaks of, in the light of those before it.

    The newest is looked at alone and together with the two before. Where the word
    patterns hear a danger it alarms, unless the classifier is sure that it is harmless.

    Args:
        texts: The user's last messages of the session, oldest first.
    """
    young = any(says_under_18(text) for text in texts)
    if not texts or not normalized(texts[-1]):
        return Assessment(young=young)
    newest = texts[-1]
    readings = [scores([piece], _encoder) for piece in _pieces(newest)]
    if len(texts) > 1:
        readings.append(scores([text[-PIECE:] for text in texts[-TOGETHER:]], _encoder))
    worst = max(readings, key=lambda one: one.alarm)
    heard = spoken_of(newest)
    kind = _kind(worst, heard, readings)
    urgent = kind not in (None, "distress") and any(
        one.urgent >= URGENT and one.alarm >= ALARM for one in readings
    )
    return Assessment(kind, urgent, young)


def _kind(worst: Scores, heard: RiskKind | None, readings: Sequence[Scores]) -> RiskKind | None:
    if worst.alarm >= ALARM:
        return worst.alarm_kind
    if heard is not None and worst.alarm >= HARMLESS:
        return heard
    distress = CLASSES.index("distress")
    if any(one.alarm + one.classes[distress] >= MIDDLE for one in readings):
        return "distress"
    return None


def _pieces(text: str) -> list[str]:
    """``text`` itself, or the pieces of a long one that sound most like danger."""
    if len(text) <= PIECE:
        return [text]
    pieces = [""]
    for sentence in _SENTENCE.findall(text):
        for start in range(0, len(sentence), PIECE):
            part = sentence[start : start + PIECE]
            if len(pieces[-1]) + len(part) > PIECE:
                pieces.append("")
            pieces[-1] += part
    told = list(dict.fromkeys(piece for piece in pieces if piece.strip()))[:_MOST_READ]
    told.sort(key=lambda piece: scores([piece], None).alarm, reverse=True)
    return told[:MOST_PIECES]


_MOST_READ = 200
