"""Memories to JSON and back: one serialiser for the journal and for exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from memory.errors import BadInput
from memory.nlp.dates import span
from memory.types import Kind, Memory, Owner, Subject

_MEMORY = TypeAdapter(Memory)


def to_dict(memory: Memory) -> dict[str, Any]:
    """A memory as plain JSON values. Times are ISO 8601 in UTC."""
    told: dict[str, Any] = _MEMORY.dump_python(memory, mode="json", exclude={"owner"})
    return {
        **told,
        "user_id": memory.owner.user_id,
        "persona_id": memory.owner.persona_id,
        "created_at": memory.created_at.astimezone(UTC).isoformat(),
        "updated_at": memory.updated_at.astimezone(UTC).isoformat(),
    }


def from_dict(value: Mapping[str, Any]) -> Memory:
    """The memory that :func:`to_dict` wrote.

    Raises:
        BadInput: code ``memory_unreadable``; a field is missing or has a value
            that isn't allowed.
    """
    try:
        given = {name: found for name, found in value.items() if found is not None}
        owner = {"user_id": given["user_id"], "persona_id": given["persona_id"]}
        read = _MEMORY.validate_python({**given, "owner": owner})
        return replace(read, created_at=_utc(read.created_at), updated_at=_utc(read.updated_at))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(code="memory_unreadable", why=type(error).__name__) from error


def from_dict_leniently(value: Any, *, id: str, owner: Owner, at: datetime) -> Memory:
    """As :func:`from_dict`; what is missing or unknown gets a default.

    Args:
        value: What was stored, perhaps by a later version, or garbled.
        id: The memory's.
        owner: Whose it is.
        at: Stands where a time can't be read.
    """
    given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
    plain: dict[str, Any] = {
        "text": "",
        "subject": Subject.USER.value,
        "kind": Kind.TEMPORAL.value if given.get("event_date") else Kind.CONSTANT.value,
        "category": "other",
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "id": id,
        "user_id": owner.user_id,
        "persona_id": owner.persona_id,
    }
    for name, found in given.items():
        if name in ("id", "user_id", "persona_id"):
            continue
        tried = {**plain, name: found}
        try:
            read = from_dict(tried)
            if read.event_date is not None:
                span(read.event_date)
        except (BadInput, ValueError, TypeError):
            continue
        plain = tried
    return from_dict(plain)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
