"""Memories to JSON and back: one serialiser for the journal and for exports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from memory.errors import BadInput
from memory.nlp.dates import span
from memory.types import Kind, Language, Memory, Owner, Source, Status, Subject


def to_dict(memory: Memory) -> dict[str, Any]:
    """A memory as plain JSON values. Times are ISO 8601 in UTC."""
    return {
        "id": memory.id,
        "user_id": memory.owner.user_id,
        "persona_id": memory.owner.persona_id,
        "text": memory.text,
        "subject": memory.subject.value,
        "kind": memory.kind.value,
        "category": memory.category,
        "event_date": memory.event_date,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "status": memory.status.value,
        "language": memory.language,
        "created_at": memory.created_at.astimezone(UTC).isoformat(),
        "updated_at": memory.updated_at.astimezone(UTC).isoformat(),
        "source": {
            "session_id": memory.source.session_id,
            "message_ids": list(memory.source.message_ids),
            "batch_id": memory.source.batch_id,
        },
        "supersedes": memory.supersedes,
        "superseded_by": memory.superseded_by,
        "safety": memory.safety,
        "metadata": dict(memory.metadata),
        "app_id": memory.app_id,
        "run_id": memory.run_id,
        "expiration_date": memory.expiration_date,
        "immutable": memory.immutable,
    }


def from_dict(value: Mapping[str, Any]) -> Memory:
    """The memory that :func:`to_dict` wrote.

    Raises:
        BadInput: code ``memory_unreadable``; a field is missing or has a value
            that isn't allowed.
    """
    try:
        source = value.get("source") or {}
        return Memory(
            id=str(value["id"]),
            owner=Owner(str(value["user_id"]), str(value["persona_id"])),
            text=str(value["text"]),
            subject=Subject(value["subject"]),
            kind=Kind(value["kind"]),
            category=str(value["category"]),
            created_at=_time(value["created_at"]),
            updated_at=_time(value["updated_at"]),
            event_date=value.get("event_date"),
            importance=int(value.get("importance", 3)),
            pinned=bool(value.get("pinned", False)),
            status=Status(value.get("status", Status.ACTIVE)),
            language=cast(Language, value.get("language", "zh")),
            source=Source(
                session_id=source.get("session_id"),
                message_ids=tuple(source.get("message_ids") or ()),
                batch_id=source.get("batch_id"),
            ),
            supersedes=value.get("supersedes"),
            superseded_by=value.get("superseded_by"),
            safety=value.get("safety") or None,
            metadata=dict(value.get("metadata") or {}),
            app_id=value.get("app_id") or None,
            run_id=value.get("run_id") or None,
            expiration_date=value.get("expiration_date") or None,
            immutable=bool(value.get("immutable", False)),
        )
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


def _time(value: str) -> datetime:
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
