"""Score boosts: what a question asks for beyond its words; who, when, and gentle tie-breakers.

Boosts are small numbers added to a search score in [0, 1]. The first two answer
the question ("what did I do last weekend", "what do *you* like"); the others
only decide between memories that match about equally well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from memory.nlp import dates
from memory.types import Judgement, Memory, Opinion

Side: TypeAlias = Literal["user", "ai", "both"]

TIME = 0.30
"""A memory dated within the time that the question names."""

SUBJECT = 0.10
"""A memory about the one that the question asks about."""

PINNED = 0.02
IMPORTANCE = 0.01
"""For importance 5; nothing for 3, the same off for 1."""

NOT_JUDGED = Judgement()

FEEDBACK: Mapping[Opinion, float] = {"positive": 0.01, "negative": -0.02, "very_negative": -0.05}
"""What somebody thinks of a memory; nothing where nobody said anything."""

REPLIES = 0.01
"""For a memory that was in the context of many replies that somebody liked; the same off
where they didn't like them. One thumb is a third of it."""

RETENTION = 0.005
"""For a memory that was just met; a faded one gets less, by its retention."""

_FRAMES = re.compile(
    r"你?还?记不?记?得(?=我|你|咱)|你知不?知?道|你[还曾经]*说过|我[还曾经]*[跟和对]?你?[说提讲]过"
    r"|告诉过?[你我]|[跟和对给与][你我](说|聊|讲|提|分享|推荐)过?[到的]?"
    r"|\b(do|did|can|could|would) you (still )?(remember|recall|know|tell me|guess)\b"
    r"|\byou (once )?(remember|said|told me|mentioned)\b|\b(remind|tell) me\b"
    r"|\b(did )?i (ever )?(told|tell|mention(ed)?|said|say)( to)? you\b",
    re.IGNORECASE,
)
# "Tell me a joke" frames a question like "tell me what I like", and asks for no memory.
_REQUESTS = re.compile(
    r"\btell me\b|[跟和对给与][你我](说|聊|讲|提|分享|推荐)(?!过)", re.IGNORECASE
)
_BOTH = re.compile(
    r"我们|咱们?|我俩|你我|我和你|你和我|\b(we|us|our|both of us|you and i|you and me)\b", re.I
)
_USER = re.compile(r"我|\b(i|me|my|mine|i'm|i've)\b", re.IGNORECASE)
_AI = re.compile(r"你|妳|您|\b(you|your|yours|you're|you've)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """What the words of a message ask about; ``None`` where they don't say."""

    side: Side | None
    span: tuple[date, date] | None


def without_frames(text: str) -> str:
    """``text`` without the phrases that only frame a question."""
    return _FRAMES.sub(" ", text)


def reminds(text: str) -> bool:
    """Whether a message says that something was told before, or wants it remembered."""
    return _FRAMES.search(_REQUESTS.sub(" ", text)) is not None


def side_of(text: str) -> Side | None:
    """Whom a message is about: ``"你说过你喜欢什么"`` is about the AI.

    Phrases that only frame the question ("do you remember", "我跟你说过") are set
    aside first.
    """
    bare = without_frames(text)
    if _BOTH.search(bare):
        return "both"
    user, ai = _USER.search(bare) is not None, _AI.search(bare) is not None
    if user == ai:
        return None
    return "user" if user else "ai"


def boosts(
    memory: Memory, question: Question, present: float = 0.0, judged: Judgement = NOT_JUDGED
) -> dict[str, float]:
    """The boosts of one memory, by name; those that are zero are left out.

    Args:
        memory: What was found.
        question: What is asked for.
        present: Its retention, from 0 to 1.
        judged: What people think of it and of replies that it was in.
    """
    found: dict[str, float] = {}
    if question.span and memory.event_date and overlap(memory.event_date, question.span):
        found["time"] = TIME
    if memory.subject == question.side:
        found["subject"] = SUBJECT
    if memory.pinned:
        found["pinned"] = PINNED
    if memory.importance != 3:
        found["importance"] = IMPORTANCE * (memory.importance - 3) / 2
    if (kept := RETENTION * present) > 0.0001:
        found["retention"] = kept
    if judged.opinion is not None:
        found["feedback"] = FEEDBACK[judged.opinion]
    if judged.replies:
        found["replies"] = REPLIES * judged.replies / (abs(judged.replies) + 2)
    return found


def overlap(event_date: str, wanted: tuple[date, date]) -> bool:
    """Whether an event date (day, month or year) shares a day with ``wanted``."""
    try:
        start, end = dates.span(event_date)
    except ValueError:  # a date that another mem0 client wrote in its own form
        return False
    return start <= wanted[1] and wanted[0] <= end
