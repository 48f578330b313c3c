"""mem0's shapes: memories, results of an ``add``, lines of a history, as its clients read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from memory.api.mem0_relations import changed_relations
from memory.types import Change, Hit, Memory, Message, Owner, Status
from memory.vector_store.payload import text_hash

NO_USER = "mem0"
"""Whose memories are that a program adds for an agent, app or run without any user."""


def memory_out(memory: Memory) -> dict[str, Any]:
    """A memory as mem0's platform says it; fields of ours stand beside its own."""
    return {
        "id": memory.id,
        "memory": memory.text,
        "user_id": user_out(memory.owner),
        "agent_id": memory.owner.persona_id,
        "app_id": memory.app_id,
        "run_id": memory.scope_run,
        # What older versions call the run.
        "session_id": memory.scope_run,
        "hash": text_hash(memory.text),
        "metadata": dict(memory.metadata),
        "categories": [memory.category],
        "created_at": memory.created_at.isoformat(),
        "updated_at": memory.updated_at.isoformat(),
        "expiration_date": memory.expiration_date,
        "immutable": memory.immutable,
        "structured_attributes": None,
        "replaced_by": memory.superseded_by,
        "synthesized": False,
        "subject": memory.subject.value,
        "kind": memory.kind.value,
        "event_date": memory.event_date,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "status": memory.status.value,
    }


def hit_out(hit: Hit) -> dict[str, Any]:
    """A search result: a memory with its score and what that is made of."""
    parts = {"semantic": hit.dense, "bm25": max(hit.cjk, hit.words), **hit.boosts}
    return {
        **memory_out(hit.memory),
        "score": round(hit.score, 4),
        "score_breakdown": {name: round(value, 4) for name, value in parts.items()},
    }


def chosen(memory: Mapping[str, Any], fields: Sequence[str] | None) -> dict[str, Any]:
    """A memory with the fields that a request wants; with all, if it says nothing."""
    if fields is None:
        return dict(memory)
    wanted = {"id", "memory", "score", *fields}
    return {name: value for name, value in memory.items() if name in wanted}


def result_out(memory: Memory, event: str) -> dict[str, Any]:
    """One result of an ``add``; its newest version reads the text under ``data``."""
    return {
        "id": memory.id,
        "memory": memory.text,
        "data": {"memory": memory.text},
        "event": event,
        "metadata": dict(memory.metadata),
    }


def added(made: Sequence[Change], event_id: str, *, pending: bool = False) -> dict[str, Any]:
    """What an ``add`` did.

    Args:
        made: Its changes, the newest first.
        event_id: What ``GET /v1/event/…`` finds it by.
        pending: Whether it goes on in the background.
    """
    results = [
        {**result_out(memory, event_out(change)), "id": change.memory_id}
        for change in reversed(made)
        if (memory := change.after or change.before) is not None
    ]
    return {
        "results": results,
        "relations": changed_relations(made[::-1]),
        "status": "PENDING" if pending else "SUCCEEDED",
        "event_id": event_id,
        "message": "ok",
    }


def line_out(change: Change, messages: Mapping[str, Message]) -> dict[str, Any] | None:
    """A line of a memory's history.

    Args:
        change: What happened.
        messages: Those that memories come from, by id, as far as they are still there.
    """
    memory = change.after or change.before
    if memory is None:
        return None
    said = [messages[id] for id in memory.source.message_ids if id in messages]
    return {
        "id": change.id,
        "memory_id": change.memory_id,
        "input": [{"role": message.role, "content": message.text} for message in said],
        "old_memory": None if change.before is None else change.before.text,
        "new_memory": None if change.after is None else change.after.text,
        "event": event_out(change),
        "user_id": user_out(change.owner),
        "agent_id": change.owner.persona_id,
        "app_id": memory.app_id,
        "session_id": memory.scope_run,
        "categories": [memory.category],
        "metadata": dict(memory.metadata),
        "created_at": memory.created_at.isoformat(),
        "updated_at": change.at.isoformat(),
    }


def event_out(change: Change) -> str:
    """``ADD``, ``UPDATE`` or ``DELETE``; what is no longer in force is gone."""
    if change.after is None or change.after.status is not Status.ACTIVE:
        return "DELETE"
    return "ADD" if change.before is None else "UPDATE"


def user_out(owner: Owner) -> str | None:
    """Whose it is; ``None`` where a program named nobody."""
    return None if is_nobody(owner.user_id) else owner.user_id


def nobody(tenant: str | None) -> str:
    """What stands for no user, among a tenant's users or where there are no tenants."""
    return NO_USER if tenant is None else f"{NO_USER}@{tenant}"


def is_nobody(user_id: str) -> bool:
    """Whether this is what :func:`nobody` gives."""
    return user_id.partition("@")[0] == NO_USER
