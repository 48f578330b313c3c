"""Marks of danger on memories: which memories come from it, told by source and by text."""

from __future__ import annotations

import re
from dataclasses import replace

from memory.chat.safety.rules import spoken_of
from memory.chat.safety.window import assess_window, likelihood
from memory.types import Kind, Memory, Subject

MAYBE = 0.1
"""Probability from which a memory is marked that the word patterns hear a danger in: what is
long past alarms nobody, and still is no plan and nothing to be cheerful about."""

NEAR_CATEGORIES = frozenset({"emotion", "health", "plan", "event"})
"""What is told beside a danger is marked too where it may belong to it; a name or a
taste told in the same hour isn't."""

_FIRST_ZH = re.compile(r"用户(?:自己|本人)?")
_PERSON_EN = (
    (re.compile(r"\bthe user(?:'s|’s)", re.IGNORECASE), "my"),
    (re.compile(r"\bthe user (?:is|are|was)\b", re.IGNORECASE), "I am"),
    (re.compile(r"\bthe user (?:has|have)\b", re.IGNORECASE), "I have"),
    (re.compile(r"\bthe user (\w+?)(?:es(?<=[sxzh]es)|s)?\b(?= )", re.IGNORECASE), r"I \1"),
    (re.compile(r"\bthe user\b", re.IGNORECASE), "I"),
    (re.compile(r"\b(?:themsel(?:f|ves)|himself|herself)\b", re.IGNORECASE), "myself"),
    (re.compile(r"\btheir\b", re.IGNORECASE), "my"),
)


def kind_of_text(memory: Memory) -> str | None:
    """The kind of danger that a memory's own sentence speaks of, or None.

    Memories are written in the third person; the sentence is read as the person
    themselves would say it ("用户打算…" as "我打算…").
    """
    if memory.subject is not Subject.USER:
        return None
    text = _FIRST_ZH.sub("我", memory.text)
    for pattern, own in _PERSON_EN:
        text = pattern.sub(own, text)
    heard = spoken_of(text)
    if heard is None:
        # Thousands come with an import: the classifier takes twenty times as long, and only
        # says which of these are harmless.
        return None
    found = assess_window([text])
    if found.alarms:
        return found.kind
    return heard if likelihood(text) >= MAYBE else None


def marked(memory: Memory) -> Memory:
    """``memory`` with the mark that its own sentence asks for; itself where none does."""
    kind = kind_of_text(memory) if memory.safety is None else None
    return memory if kind is None else replace(memory, safety=kind)


def told_beside(memory: Memory) -> bool:
    """Whether a memory told while a danger lasted may belong to it."""
    return memory.subject is Subject.USER and (
        memory.kind is Kind.TEMPORAL or memory.category in NEAR_CATEGORIES
    )
