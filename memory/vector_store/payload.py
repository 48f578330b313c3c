"""Memories as mem0's payloads, and back.

mem0's own keys (``data``, ``hash``, ``created_at``, ``updated_at``, ``user_id``,
``agent_id``, ``run_id``, ``role``, ``text_lemmatized``) stand beside ours, so any
stock mem0 2.x client reads our memories. Reading is tolerant: a point that a
stock client wrote has none of our keys and gets defaults.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from memory.i18n import languages
from memory.nlp.dates import span
from memory.nlp.language import detect
from memory.types import Kind, Language, Memory, Owner, Source, Status, Subject, Triple
from memory.types.payload_keys import OWN_KEYS

DEFAULT_PERSONA = "niannian"
"""Whom a memory belongs to if a stock client named no ``agent_id``."""

EnumT = TypeVar("EnumT", Subject, Kind, Status)

NO_SOURCE = Source()
_TRIPLES = TypeAdapter(tuple[Triple, ...])
NO_METADATA: Mapping[str, Any] = {}
_NOT_METADATA = OWN_KEYS | {"id", "actor_id", "attributed_to"}
TERM_LENGTH = 300
"""Characters of a term; what is longer is compared without the index."""
_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_BY_VALUE: Mapping[type[Any], Mapping[str, Any]] = {
    enum: {member.value: member for member in enum} for enum in (Subject, Kind, Status)
}
_EVENT_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def text_hash(text: str) -> str:
    """Under which mem0 knows a text again: MD5, in hexadecimal digits."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def payload_of(memory: Memory) -> dict[str, Any]:
    """The payload under which a memory is stored. Keys without a value are left out."""
    first, last = event_days(memory.event_date)
    payload: dict[str, Any] = {
        "data": memory.text,
        "hash": text_hash(memory.text),
        "created_at": memory.created_at.astimezone(UTC).isoformat(),
        "updated_at": memory.updated_at.astimezone(UTC).isoformat(),
        "user_id": memory.owner.user_id,
        "agent_id": memory.owner.persona_id,
        "run_id": memory.run_id or memory.source.session_id,
        "role": role_of(memory.subject),
        # What mem0 itself writes without a spaCy model.
        "text_lemmatized": memory.text,
        "subject": memory.subject.value,
        "kind": memory.kind.value,
        "category": memory.category,
        "event_date": memory.event_date,
        "event_from": first,
        "event_to": last,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "status": memory.status.value,
        "language": memory.language,
        "source": _source_told(memory),
        "supersedes": memory.supersedes,
        "superseded_by": memory.superseded_by,
        "safety": memory.safety,
    }
    for name in _RARE:
        if value := getattr(memory, name):
            payload[name] = value
    if memory.metadata:
        payload["metadata"] = dict(memory.metadata)
        payload["metadata_terms"] = terms_of(memory.metadata) or None
    if memory.relations:
        payload["relations"] = _TRIPLES.dump_python(memory.relations, mode="json")
    return {key: value for key, value in payload.items() if value is not None}


def _source_told(memory: Memory) -> dict[str, Any] | None:
    """Nothing of a memory that was added by hand: every value in a payload costs time."""
    source = memory.source
    # Without it the run that a program chose would be taken for the session.
    if source == NO_SOURCE and memory.run_id is None:
        return None
    return {
        "session_id": source.session_id,
        "message_ids": list(source.message_ids),
        "batch_id": source.batch_id,
    }


def memory_of(point_id: Any, payload: Mapping[str, Any] | None) -> Memory:
    """The memory in a stored point; what is missing or odd gets a default."""
    found = payload or {}
    text = _text(found.get("data"))
    stored, changed = found.get("created_at"), found.get("updated_at")
    created = _moment(stored) or _LONG_AGO
    event_date = _text(found.get("event_date")) or None
    if event_date is not None and not _EVENT_DATE.fullmatch(event_date):
        event_date = None
    source = _source(found)
    ours = "subject" in found
    # A look-up for each of what hardly any memory has would be felt in long lists.
    if ours and found.keys().isdisjoint(_RARE):
        rare = _NOTHING_RARE
    else:
        rare = {name: read(found) for name, read in _RARE.items() if name in found or not ours}
    return Memory(
        id=str(point_id),
        owner=owner_of(found),
        text=text,
        subject=subject_of(found),
        kind=_one_of(Kind, found.get("kind"), Kind.TEMPORAL if event_date else Kind.CONSTANT),
        category=_text(found.get("category")) or "other",
        created_at=created,
        updated_at=created if changed == stored else _moment(changed) or created,
        event_date=event_date,
        importance=_importance(found.get("importance")),
        pinned=found.get("pinned") is True,
        status=_one_of(Status, found.get("status"), Status.ACTIVE),
        language=_language(found.get("language"), text),
        source=source,
        supersedes=_text(found.get("supersedes")) or None,
        superseded_by=_text(found.get("superseded_by")) or None,
        safety=_text(found.get("safety")) or None,
        # The run that a program chose: one that isn't just the session.
        run_id=None if (run := found.get("run_id")) == source.session_id else _text(run) or None,
        **rare,
    )


def terms_of(metadata: Mapping[str, Any]) -> list[str]:
    """What metadata is found by: a term for each text, number and boolean in it.

    One index over these serves whatever keys programs choose.

    >>> terms_of({"topic": "food", "at": {"floor": 3, "tags": ["a", "b"]}})
    ['["topic","food"]', '["at","floor",3]', '["at","tags","a"]', '["at","tags","b"]']
    """
    found: list[str] = []
    if metadata:
        _add_terms(found, (), metadata)
    return found


def term_of(path: Sequence[str], value: Any) -> str | None:
    """The term of one value; ``None`` for what has none (a long text, a list, null)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, bool | int | float | str):
        return None
    term = _written([*path, value])
    return term if len(term) <= TERM_LENGTH else None


def _add_terms(found: list[str], path: tuple[str, ...], value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _add_terms(found, (*path, str(key)), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            if (term := term_of(path, inner)) is not None:
                found.append(term)
    elif (term := term_of(path, value)) is not None:
        found.append(term)


def _metadata(found: Mapping[str, Any]) -> Mapping[str, Any]:
    given = found.get("metadata")
    if isinstance(given, Mapping):
        return given
    if "subject" in found:
        return NO_METADATA
    # A stock client keeps metadata beside its own keys.
    return {key: value for key, value in found.items() if key not in _NOT_METADATA}


def _relations(found: Mapping[str, Any]) -> tuple[Triple, ...]:
    value = found.get("relations")
    if not value:
        return ()
    try:
        return _TRIPLES.validate_python(value)
    except ValidationError:
        return ()


def _last_day(found: Mapping[str, Any]) -> str | None:
    value = found.get("expiration_date")
    return value if isinstance(value, str) and _DAY.fullmatch(value) else None


_RARE: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "metadata": _metadata,
    "app_id": lambda found: _text(found.get("app_id")) or None,
    "expiration_date": _last_day,
    "immutable": lambda found: found.get("immutable") is True,
    "relations": _relations,
}
"""Fields that hardly any memory has, each with what reads it from a payload."""
_NOTHING_RARE: Mapping[str, Any] = {"metadata": NO_METADATA}


def owner_of(payload: Mapping[str, Any]) -> Owner:
    """Whose a stored point is."""
    persona = _text(payload.get("agent_id")) or DEFAULT_PERSONA
    return Owner(_text(payload.get("user_id")), persona)


def subject_of(payload: Mapping[str, Any]) -> Subject:
    """Who a stored point is about; a stock client tells by the role only."""
    by_role = Subject.AI if payload.get("role") == "assistant" else Subject.USER
    return _one_of(Subject, payload.get("subject"), by_role)


def role_of(subject: Subject) -> str:
    """Mem0's name of the side that a memory is about."""
    return "assistant" if subject is Subject.AI else "user"


def event_days(event_date: str | None) -> tuple[int | None, int | None]:
    """First and last day that an event date covers, as proleptic ordinals."""
    if not event_date:
        return None, None
    first, last = span(event_date)
    return first.toordinal(), last.toordinal()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _one_of(enum: type[EnumT], value: Any, default: EnumT) -> EnumT:
    # Three for every memory of a list: calling the enum takes ten times as long.
    known = _BY_VALUE[enum].get(value) if isinstance(value, str) else None
    return default if known is None else known


def _importance(value: Any) -> int:
    usable = isinstance(value, int) and not isinstance(value, bool)
    return min(5, max(1, value)) if usable else 3


def _language(value: Any, text: str) -> Language:
    return value if value in languages() else detect(text)


def _source(found: Mapping[str, Any]) -> Source:
    given = found.get("source")
    if given is None and "run_id" not in found:
        return NO_SOURCE
    source: Mapping[str, Any] = given if isinstance(given, Mapping) else found
    ids = source.get("message_ids")
    session = source.get("session_id") if source is given else found.get("run_id")
    return Source(
        session_id=_text(session) or None,
        message_ids=tuple(str(i) for i in ids) if isinstance(ids, list) else (),
        batch_id=_text(source.get("batch_id")) or None,
    )
