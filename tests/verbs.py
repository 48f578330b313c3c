"""Verbs for tests: remember, say, undo.

They take the running parts, so that a rename in the product touches this file alone.
"""

from __future__ import annotations

from typing import Any

from memory.container import Container
from memory.types import Actor, Change, Kind, Memory, MemoryDraft, Owner, Subject


def remember(
    running: Container,
    owner: Owner,
    text: str,
    *,
    actor: Actor = Actor.HAND,
    group_id: str | None = None,
    **fields: Any,
) -> Memory:
    """Remember ``text``, by default as a constant fact about the user."""
    values: dict[str, Any] = {"subject": Subject.USER, "kind": Kind.CONSTANT}
    draft = MemoryDraft(text=text, **(values | fields))
    return running.memory_service.add(owner, draft, actor=actor, group_id=group_id)


def remember_all(running: Container, owner: Owner, *texts: str, **fields: Any) -> list[Memory]:
    """Remember all of ``texts`` in one go."""
    values: dict[str, Any] = {"subject": Subject.USER, "kind": Kind.CONSTANT}
    drafts = [MemoryDraft(text=text, **(values | fields)) for text in texts]
    return running.memory_service.add_many(owner, drafts)


def say(running: Container, owner: Owner, session_id: str, text: str) -> str:
    """Say ``text`` and get the whole reply."""
    return "".join(running.companion.reply(owner, session_id, text))


def undo(running: Container, owner: Owner, group_id: str) -> list[Change]:
    """Undo a batch or a bulk action."""
    return running.memory_service.undoing.undo_group(owner, group_id)
