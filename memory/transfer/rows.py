"""Row conversion: one row of a table or of another program's export to one memory."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from memory.errors import BadInput
from memory.i18n import languages
from memory.memories.edits import checked
from memory.memories.extraction_settings import NAME as CATEGORY_LENGTH
from memory.nlp.language import detect
from memory.system.decoding import clean
from memory.transfer.timestamps import moment
from memory.types import (
    SAFETY_KINDS,
    Kind,
    Language,
    Memory,
    Owner,
    Source,
    Status,
    Subject,
)

ID_LENGTH = 64
"""Longest id in the database (``memory/db/tables.py``)."""

OWNER_LENGTH = 256
_YES = frozenset({"yes", "true", "1", "是"})
_NO = frozenset({"no", "false", "0", "否", ""})


def memory_of(row: Mapping[str, Any], now: datetime) -> Memory:
    """The memory that a row of another program (or of our CSV) describes.

    Args:
        row: Our names of fields; what is missing gets a default, categories that we
            don't have become "other".
        now: When it was made if the row doesn't say.

    Raises:
        BadInput: as :func:`memory.memories.edits.checked`, or ``import_text``: the row
            has no text.
    """
    if not isinstance(row.get("text"), str):
        raise BadInput(code="import_text")
    event_date = row.get("event_date") or None
    by_role = Subject.AI if row.get("role") == "assistant" else Subject.USER
    category = _category(row.get("category"))
    values = checked(
        {
            "text": clean(row["text"]),
            "subject": row.get("subject") or by_role,
            "kind": row.get("kind") or (Kind.TEMPORAL if event_date else Kind.CONSTANT),
            "category": category,
            "event_date": event_date,
            "importance": _whole(row.get("importance")),
            "pinned": _truth(row.get("pinned")),
            "status": row.get("status") or Status.ACTIVE,
            "safety": row["safety"] if row.get("safety") in SAFETY_KINDS else None,
            "metadata": _metadata(row.get("metadata")),
            "app_id": _scope(row.get("app_id")),
            "run_id": _scope(row.get("run_id")),
            "expiration_date": _scope(row.get("expiration_date")),
            "immutable": _truth(row.get("immutable")),
        },
        (category,),
    )
    source = source_of(row.get("source"))
    if values["run_id"] == source.session_id:
        values["run_id"] = None  # the session says it
    created = aware(moment(row.get("created_at")), now)
    return Memory(
        id=known_id(row.get("id")),
        owner=Owner(_name(row.get("user_id")), _name(row.get("persona_id"))),
        created_at=created,
        updated_at=aware(moment(row.get("updated_at")), created),
        language=_language(row.get("language"), values["text"]),
        source=source,
        supersedes=known_id(row.get("supersedes")) or None,
        superseded_by=known_id(row.get("superseded_by")) or None,
        **values,
    )


def _category(value: Any) -> str:
    """The name of a category, one of ours or of the program that wrote the file."""
    name = " ".join(clean(value).split()) if isinstance(value, str) else ""
    return name if 0 < len(name) <= CATEGORY_LENGTH and name.isprintable() else "other"


def _metadata(value: Any) -> Any:
    """A JSON object; tables hold it as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except (ValueError, RecursionError):
        raise BadInput(code="memory_metadata") from None


def _scope(value: Any) -> str | None:
    return clean(value) if isinstance(value, str) and value else None


def aware(value: datetime | None, default: datetime) -> datetime:
    """In UTC; a time without a zone is taken as UTC, as exports mean it."""
    if value is None:
        return default
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def known_id(value: Any) -> str:
    """A UUID in its usual form, or an empty text for what is none."""
    try:
        return str(uuid.UUID(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""


def source_of(value: Any) -> Source:
    """Where a memory came from; empty where that can't be read."""
    if not isinstance(value, Mapping):
        return Source()
    ids = value.get("message_ids")
    return Source(
        session_id=_id(value.get("session_id")),
        message_ids=tuple(id for id in map(_id, ids) if id) if isinstance(ids, list) else (),
        batch_id=_id(value.get("batch_id")),
    )


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(clean(value)) <= ID_LENGTH else None


def _name(value: Any) -> str:
    return clean(value) if isinstance(value, str) and len(value) <= OWNER_LENGTH else ""


def _language(given: Any, text: str) -> Language:
    return given if given in languages() else detect(text)


def _whole(value: Any) -> Any:
    """Tables hold digits; what isn't a whole number is left for the check to refuse."""
    if value is None or value == "":
        return 3
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value) if len(value) < 5 else value
    return value


def _truth(value: Any) -> Any:
    if value is None:
        return False
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in _YES else False if word in _NO else value
    return value
