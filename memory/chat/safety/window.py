"""Risk assessment of a window of messages: the classifier, with the word patterns as a floor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import exp
from time import monotonic

from memory.chat.safety import attachment
from memory.chat.safety.assessment import Assessment
from memory.chat.safety.classifier import CLASSES, TOGETHER, Encoder, Scores, scores, scores_of
from memory.chat.safety.happening_now import happens_now, log_odds, probability
from memory.chat.safety.minors import says_under_18
from memory.chat.safety.normalization import normalized
from memory.chat.safety.rules import spoken_of
from memory.types import RiskKind

ALARM = 0.55
"""Probability from which a message alarms."""

ALARM_IN_LONG = 0.65
"""The same for a sentence of a long message: among many, one sounds odd by chance."""

ALARM_BY_WORDS = 0.65
"""The same before the sentence encoder is there, where no word pattern is heard."""

ALARM_IN_GRIEF = 0.7
"""The same where it may be grief or sadness: the gentle card comes in any case."""

SADNESS = 0.1
"""Probability of distress from which it may be."""

CONTEXT = 0.3
"""What all that was said lately counts beside the newest message, in log odds."""

ALARM_TOGETHER = 0.8
"""Probability from which it alarms where the newest message by itself tells little."""

MIDDLE = 0.33
"""Probability of an alarm or of distress from which it gets the gentle card."""

MIDDLE_IN_TALK = 0.5
"""The same where there were messages before it, in the light of them."""

MIDDLE_BY_WORDS = 0.85
"""Before the sentence encoder is there: probability of distress, for the newest message."""

HARMLESS = 0.3
"""Probability of an alarm below which what the word patterns hear is taken for harmless."""

URGENT = 0.3
"""Probability from which an alarm counts as happening now."""

URGENT_OTHERS = 0.45
"""The same where somebody else is in danger: that a friend wants to die is no emergency yet."""

URGENT_FRIEND = 0.6
"""The same for somebody else's danger, in the light of what was said of them: "her location is
off" says nothing by itself. By words alone it never counts."""

URGENT_FRIEND_ALONE = 0.04
"""Probability that the newest message then says by itself that it happens, at the least: after
"she isn't picking up" a bare "yes" is no news."""

PIECE = 180
"""Letters that are looked at in one go, a Chinese character counting as three; a longer
message is looked at sentence by sentence, so that none drowns."""

MOST_PIECES = 4
"""Sentences of a long message that are looked at closely, the most suspicious by their words."""

PATIENCE = 10.0
"""Seconds from the first message on for which messages wait for an encoder that isn't loaded
yet (2 s of CPU, once after the start): words alone miss a third and take jokes for danger."""

BEYOND_DOUBT = 0.05
"""Probability of an alarm or of distress by words alone below which nobody waits: of 200 unseen
dangers the encoder found none below it, and half of everyday messages are."""

DISTRESS = CLASSES.index("distress")

_MOST_READ = 40
"""Sentences of a very long message that are looked at at all, from its start and its end."""

_TAIL = 120
"""Characters at the end of each message that are read together with the others."""

_SENTENCE = re.compile(r"[^。！？!?\n;；.]+[。！？!?\n;；.]*")

_CHINESE = re.compile(r"[\u3400-\u9fff]")

_encoder: Encoder | None = None
_wait_until: float | None = None


def use_encoder(encoder: Encoder | None) -> None:
    """Have sentence vectors from ``encoder`` once it is ready; None for words alone."""
    global _encoder, _wait_until
    _encoder, _wait_until = encoder, None


def warm_up() -> None:
    """Read patterns, spellings and weights, so that the first message needn't."""
    attachment.warm_up()
    scores(["你好, hello"], None)


def assess(text: str) -> RiskKind | None:
    """The kind of danger that one message alarms with, of the writer or of others; or None.

    Example: ``assess("k.m.s")`` is ``"suicide"``, ``assess("this queue kills me")`` None.
    """
    found = assess_window([text])
    return found.kind if found.alarms else None


def likelihood(text: str) -> float:
    """Probability that one message, not a long one, speaks of danger."""
    return _scores_of([[text]])[0].alarm


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
    windows = [[piece] for piece in _pieces(newest)]
    if len(texts) > 1:
        windows.append([text[-_TAIL:] for text in texts[-TOGETHER:]])
    readings = _scores_of(windows)
    alone = readings[: len(readings) - (len(texts) > 1)]
    whole = readings[-1] if len(texts) > 1 else None
    bars = [_bar(one, among_many=len(alone) > 1) for one in readings]
    heard = spoken_of(newest)
    kind = _kind(alone, whole, bars, heard)
    alarming = kind not in (None, "distress")
    over = [
        one.alarm >= (HARMLESS if heard else bar) for one, bar in zip(readings, bars, strict=True)
    ]
    return Assessment(kind, alarming and _urgent(alone, whole, over, kind), young)


def _urgent(
    alone: Sequence[Scores], whole: Scores | None, over: Sequence[bool], kind: RiskKind | None
) -> bool:
    """Whether it happens now: by the newest message, or by it after what was said before."""
    before = None if whole is None else whole.urgent
    for one, alarms in zip(alone, over, strict=False):
        bar = URGENT_OTHERS if kind == "friend" else URGENT
        if alarms and _in_context(one.urgent, before) >= bar:
            return True
    if whole is None or not over[-1]:
        return False
    # What alarms by itself, "I do want to die", says itself whether it happens.
    signs = [one for one, alarms in zip(alone, over, strict=False) if not alarms]
    if kind == "friend" and not whole.by_words and whole.urgent >= URGENT_FRIEND:
        return any(probability(one) >= URGENT_FRIEND_ALONE for one in signs)
    return any(happens_now(one) for one in signs)


def _scores_of(windows: Sequence[Sequence[str]]) -> list[Scores]:
    """Scores, by the encoder if it is there in a moment and words alone leave a doubt."""
    global _wait_until
    if _encoder is None or _encoder.ready:
        return scores_of(windows, _encoder)
    _encoder.load_in_background()
    if _wait_until is None:
        _wait_until = monotonic() + PATIENCE
    by_words = scores_of(windows, None)
    if not any(_leaves_doubt(one, said) for one, said in zip(by_words, windows, strict=True)):
        return by_words
    there = _encoder.wait(max(0.0, _wait_until - monotonic()))
    return scores_of(windows, _encoder) if there else by_words


def _leaves_doubt(by_words: Scores, said: Sequence[str]) -> bool:
    return _heavy(by_words) >= BEYOND_DOUBT or spoken_of(said[-1]) is not None


def _kind(
    alone: Sequence[Scores], whole: Scores | None, bars: Sequence[float], heard: RiskKind | None
) -> RiskKind | None:
    over = [
        _in_context(one.alarm, None if whole is None else whole.alarm) - bar
        for one, bar in zip(alone, bars, strict=False)
    ]
    worst = max(range(len(alone)), key=over.__getitem__)
    if over[worst] >= 0:
        return alone[worst].alarm_kind
    likely = [one.alarm for one in (*alone, *([whole] if whole else []))]
    if whole is not None and whole.alarm >= max(bars[-1], ALARM_TOGETHER):
        return whole.alarm_kind
    if heard is not None and max(likely) >= HARMLESS:
        return heard
    if alone[0].by_words:
        # Words alone hear a little danger in the mixture of three everyday messages.
        return "distress" if alone[0].classes[DISTRESS] >= MIDDLE_BY_WORDS else None
    lately, bar = (None, MIDDLE) if whole is None else (_heavy(whole), MIDDLE_IN_TALK)
    if any(_in_context(_heavy(one), lately) >= bar for one in alone):
        return "distress"
    return None


def _in_context(newest: float, whole: float | None) -> float:
    """A probability for the newest message, drawn towards that of all that was said lately.

    What sounds odd by itself ("the burnt bit is hidden underneath") is clear in its talk.
    """
    if whole is None:
        return newest
    odds = (1 - CONTEXT) * log_odds(newest) + CONTEXT * log_odds(whole)
    return 1 / (1 + exp(-odds))


def _heavy(one: Scores) -> float:
    """Probability of an alarm or of distress."""
    return one.alarm + one.classes[DISTRESS]


def _bar(one: Scores, *, among_many: bool) -> float:
    if one.by_words:
        return ALARM_BY_WORDS
    if one.classes[DISTRESS] > SADNESS:
        return ALARM_IN_GRIEF
    return ALARM_IN_LONG if among_many else ALARM


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, each once, cut after :data:`PIECE` characters."""
    found = (
        sentence[start : start + PIECE].strip()
        for sentence in _SENTENCE.findall(text)
        for start in range(0, len(sentence), PIECE)
    )
    return list(dict.fromkeys(piece for piece in found if piece))


def _pieces(text: str) -> list[str]:
    """``text`` itself, or the sentences of a long one that sound most like danger."""
    if _size(text) <= PIECE:
        return [text]
    told = sentences(text)
    if len(told) > _MOST_READ:
        told = told[: _MOST_READ // 2] + told[-_MOST_READ // 2 :]
    told.sort(key=lambda piece: scores([piece], None).alarm, reverse=True)
    return told[:MOST_PIECES] or [text[:PIECE]]


def _size(text: str) -> int:
    return len(text) + 2 * len(_CHINESE.findall(text))
