"""Signs of danger in a batch: which of its messages speak of one, and what that marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from memory.chat.safety.assessment import heaviest
from memory.chat.safety.marks import kind_of_text, told_beside
from memory.chat.safety.window import assess_window
from memory.types import Kind, Memory, Message, Subject

BESIDE = timedelta(hours=6)
"""How long after a sign of danger a plan or a feeling may still belong to it."""


@dataclass(frozen=True)
class Signs:
    """The dangers that the messages of a batch speak of.

    Attributes:
        own: The kind that a message itself speaks of, by message id.
        beside: The kind that was spoken of shortly before a message, by message id.
    """

    own: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    def mark_of(self, memory: Memory) -> str | None:
        """The mark of a memory made from this batch, by its source messages and its text."""
        if memory.subject is not Subject.USER:
            return None
        ids = memory.source.message_ids
        kinds = [self.own[id] for id in ids if id in self.own]
        alarms = [kind for kind in kinds if kind != "distress"]
        # A name told in the same breath is a name.
        plain = memory.kind is Kind.CONSTANT and memory.category == "identity"
        if alarms and not plain:
            return heaviest(alarms)
        if told_beside(memory):
            near = [*kinds, *(self.beside[id] for id in ids if id in self.beside)]
            if near:
                return heaviest(near)
        return kind_of_text(memory)


def signs_of(messages: Sequence[Message], before: Iterable[tuple[datetime, str]] = ()) -> Signs:
    """The signs in ``messages``.

    Args:
        messages: A batch, in order. What was noticed when a message was said counts;
            messages of a log from elsewhere are assessed here.
        before: When and what was noticed of this owner up to the last message.
    """
    own: dict[str, str] = {}
    for message in messages:
        if message.role != "user":
            continue
        kind = message.care or assess_window([message.text]).kind
        if kind:
            own[message.id] = kind
    noticed = [(at, kind) for at, kind in before if kind != "distress"]
    noticed += [
        (m.created_at, own[m.id]) for m in messages if own.get(m.id, "distress") != "distress"
    ]
    beside: dict[str, str] = {}
    for message in messages:
        near = [kind for at, kind in noticed if timedelta() <= message.created_at - at <= BESIDE]
        if near and message.role == "user":
            beside[message.id] = heaviest(near)
    return Signs(own, beside)
