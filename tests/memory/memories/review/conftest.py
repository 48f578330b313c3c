"""Memories that say what a test is about, and the findings they make."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from memory.chat.personas import load_personas
from memory.memories.review import Finding
from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.state import ReviewState
from memory.memories.subject import Names
from memory.nlp.language import detect
from memory.types import Kind, Memory, Message, Owner, Role, Source, Subject

OWNER = Owner("lin", "niannian")
# A Saturday, noon in Shanghai.
START = datetime(2025, 10, 18, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")

Make = Callable[..., Memory]
Find = Callable[..., list[Finding]]


@pytest.fixture
def make() -> Make:
    """A memory of the user, a constant one if nothing else is said; each a minute later."""
    made = 0

    def memory(text: str, **fields: Any) -> Memory:
        nonlocal made
        made += 1
        at = START + timedelta(minutes=made)
        dated = fields.get("event_date") is not None
        values: dict[str, Any] = {
            "id": str(uuid.UUID(int=made)),
            "subject": Subject.USER,
            "kind": Kind.TEMPORAL if dated else Kind.CONSTANT,
            "category": "event" if dated else "other",
            "created_at": at,
            "updated_at": at,
            "language": detect(text),
        }
        return Memory(owner=OWNER, text=text, **{**values, **fields})

    return memory


def said(text: str, role: Role = "user", *, days_ago: int = 0) -> Message:
    """A message; its text is its id."""
    at = START - timedelta(days=days_ago)
    return Message(text, "session", OWNER, 1, role, text, at)


def source(*messages: Message) -> Source:
    return Source("session", tuple(message.id for message in messages))


@pytest.fixture
def find() -> Find:
    """The findings of some memories that came from some messages."""

    names = Names.of(load_personas()["niannian"])

    def findings(*memories: Memory, messages: Sequence[Message] = ()) -> list[Finding]:
        state = ReviewState(0, CheckedOwner(names, "小雨", SHANGHAI))
        state.take(memories, lambda ids: [m for m in messages if m.id in ids])
        return state.findings(frozenset())

    return findings
