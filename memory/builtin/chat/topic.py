"""Topic tracking: which of the things that a message means is answered, after what went before."""

from __future__ import annotations

import re
from dataclasses import replace

from memory.builtin.chat.details import line_slots
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.questions import kind_of_question
from memory.builtin.chat.reading import FEELINGS, MessageReading, read
from memory.nlp.dates import resolve
from memory.types import ReplyRequest

# What a talk stays with.
TOPICS = frozenset(
    [
        "happy",
        "proud",
        "plan",
        "content",
        "annoyed",
        "sport",
        "pet",
        "family",
        "friend",
        "love",
        "food",
        "work",
        "study",
        "travel",
        "music",
        "film",
        "book",
    ]
)
SHORT = 16
"""Characters up to which a message that names a day says little else."""

# Plans that one has to get through.
_TRIAL = (
    r"面试|复试|笔试|考试|答辩|汇报|演讲|比赛|演出|"
    r"interview|exam|test\b|present\b|presentation|gig\b|viva|race\b"
)
# A day for somebody who died is nothing to look forward to.
_MOURNING = (
    r"扫墓|掃墓|上坟|上墳|葬礼|葬禮|追悼|骨灰|告别式|告別式|头七|頭七|"
    r"\bfuneral|\bashes\b|\bgrave|\bmemorial service|\bwake for\b"
)
# Whoever dies in these is made up.
_FICTION = ("game", "film", "book")
_CLOSE = frozenset({"family", "friend", "pet"})
# What goes on with somebody or something just spoken of.
_GOES_ON = r"它|他|她|(?:it|he|she|they|that)\b"


def weightiest_intent(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str:
    """The intent to answer, with what the talk was about just before."""
    intent = reading.intent
    if intent in {"plan", "fallback"} and re.search(_MOURNING, reading.text.lower()):
        return "loss"
    made_up = next((name for name in reading.intents if name in _FICTION), None)
    if intent == "loss" and made_up and not _CLOSE & set(reading.intents):
        return made_up
    if intent == "plan" and re.search(_TRIAL, reading.text.lower()):
        return "plan_hard"
    if intent == "plan":
        return "plan" if _dated(reading, request) else "plan_when"
    if intent == "fact_name" and not reading.name:
        return next((name for name in reading.intents if name != "fact_name"), "fallback")
    if intent == "fallback" and "greet" in reading.intents:
        return "greet"
    if intent in {"fallback", "past"}:
        goes_on = intent == "fallback" or re.match(_GOES_ON, reading.text.lower())
        before = last_topic(request, FEELINGS | TOPICS if goes_on else FEELINGS)
        if before and choose.has_new(before, line_slots(reading)):
            return before
    if intent == "ack":
        # A nod after telling of something hard isn't the end of it.
        before = last_topic(request, FEELINGS)
        return before if before and choose.has_new(before, line_slots(reading)) else intent
    dated = intent == "fallback" and len(reading.text) <= SHORT
    if dated and resolve(reading.text, reading.today, reading.language):
        return "day"
    return intent


def _dated(reading: MessageReading, request: ReplyRequest) -> bool:
    """Whether a day was named, now or in the user's messages just before."""
    before = [m.text for m in request.history[-4:] if m.role == "user"]
    return any(resolve(text, reading.today, reading.language) for text in (reading.text, *before))


def last_topic(request: ReplyRequest, wanted: frozenset[str]) -> str | None:
    """What the user's previous message was about, so that it isn't dropped at once."""
    last = next((m for m in reversed(request.history) if m.role == "user"), None)
    if last is None:
        return None
    before = read(replace(request, message=last.text))
    if kind_of_question(before):
        return None
    return before.intent if before.intent in wanted else None
