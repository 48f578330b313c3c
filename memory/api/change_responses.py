"""Change responses: what was changed, and the ids that undo takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel

from memory.api.responses.memories import ChangedData, ChangeOut, MemoryOut
from memory.container import Container
from memory.memories.edits import checked
from memory.types import GIVEN_FIELDS, Change, Kind, MemoryDraft, Owner, Subject

LISTED = 500
_CLEARED = frozenset({"event_date", "expiration_date", "metadata"})
FIELDS = (*GIVEN_FIELDS, "language")


def draft_of(text: str, given: Mapping[str, Any], categories: Collection[str]) -> MemoryDraft:
    """A memory to add from what was given of it, the rest as one would expect.

    Args:
        text: What it says.
        given: Its other fields, by name.
        categories: What it may be filed under.

    Raises:
        BadInput: it can't be a memory (see :func:`memory.memories.edits.checked`): told
            here, before anything is stored for anybody.
    """
    values = {name: given[name] for name in FIELDS if given.get(name) is not None}
    dated = values.get("event_date") is not None
    values.setdefault("kind", Kind.TEMPORAL if dated else Kind.CONSTANT)
    temporal = values["kind"] is Kind.TEMPORAL
    values.setdefault("category", "event" if temporal else "other")
    values.setdefault("subject", Subject.USER)
    return MemoryDraft(**checked({**values, "text": text}, categories))


def given_along(given: Mapping[str, Any]) -> dict[str, Any]:
    """What memories learnt of a conversation get, of what was given along with it.

    Raises:
        BadInput: as :func:`memory.memories.edits.checked`.
    """
    names = ("metadata", "app_id", "run_id", "expiration_date", "immutable")
    return checked({name: given[name] for name in names if given.get(name)}, ())


def fields_of(request: BaseModel) -> dict[str, Any]:
    """The fields that a request really gives; ``null`` only clears dates and metadata."""
    given = request.model_dump(exclude_unset=True)
    names = (*FIELDS, "status")
    return {
        name: given[name]
        for name in names
        if name in given and (given[name] is not None or name in _CLEARED)
    }


def changed(running: Container, owner: Owner, group_id: str | None) -> ChangedData:
    """What a group of changes did; nothing where nothing differed."""
    made = running.db.history.changed_ids(owner, group_id) if group_id else []
    return ChangedData(
        changed=len(made),
        memory_ids=[memory_id for _, memory_id in made[:LISTED]],
        change_ids=[change_id for change_id, _ in made[:LISTED]],
        group_id=group_id if made else None,
    )


def change_out(change: Change) -> ChangeOut:
    """A journal line as the API says it."""
    return ChangeOut(
        id=change.id,
        memory_id=change.memory_id,
        action=change.action.value,
        actor=change.actor.value,
        at=change.at,
        before=None if change.before is None else MemoryOut.of(change.before),
        after=None if change.after is None else MemoryOut.of(change.after),
        group_id=change.group_id,
        undone_by=change.undone_by,
    )


__all__ = ["change_out", "changed", "draft_of", "fields_of", "given_along"]
