"""Edit rules: what a memory may be changed to, and what a change amounts to (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from memory.chat.safety.marks import marked
from memory.errors import BadInput
from memory.memories.metadata import checked_metadata
from memory.nlp.language import detect
from memory.types import (
    GIVEN_FIELDS,
    SAFETY_KINDS,
    Change,
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    Owner,
    Source,
    Status,
    Subject,
)

MOST_SOURCES = 20
"""How many messages a memory keeps as its origin."""

TEXT_LENGTH = 2000
SCOPE_LENGTH = 256
"""Characters of an app's or a run's id."""
# Everything of a memory that can differ between two versions of it, but its times.
FIELDS = tuple(
    field.name
    for field in dataclass_fields(Memory)
    if field.name not in ("id", "owner", "created_at", "updated_at")
)
_STOPS = ".。!！ "
_EVENT_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ACTION_BY_STATUS = {
    Status.ACTIVE: ChangeAction.RESTORE,
    Status.ARCHIVED: ChangeAction.ARCHIVE,
    Status.CLOSED: ChangeAction.CLOSE,
    Status.SUPERSEDED: ChangeAction.SUPERSEDE,
}


def checked(fields: Mapping[str, Any], categories: Collection[str]) -> dict[str, Any]:
    """Fields of a memory in their proper form.

    Text is stripped, ``event_date`` may be ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``, or
    empty, and ``subject``, ``kind`` and ``status`` may be given by value.

    Raises:
        BadInput: with the code ``memory_text_empty``, ``memory_text_long``,
            ``memory_subject``, ``memory_kind``, ``memory_status``,
            ``memory_category``, ``memory_event_date``, ``memory_importance``,
            ``memory_pinned``, ``memory_safety``, ``memory_language``, ``memory_scope``,
            ``memory_expiration``, ``memory_immutable_value``, ``field_unknown`` or one of
            :func:`memory.memories.metadata.checked_metadata`.
    """
    values: dict[str, Any] = {}
    for name, value in fields.items():
        check = _CHECKS.get(name)
        if check is not None:
            values[name] = check(value)
        elif name == "category":
            if value not in categories:
                raise BadInput(code="memory_category", allowed=", ".join(categories))
            values[name] = value
        else:
            raise BadInput(code="field_unknown", field=name)
    return values


def drafted(
    owner: Owner, draft: MemoryDraft, *, id: str, now: datetime, categories: Collection[str]
) -> Memory:
    """The memory that a draft becomes; its language is told from its text.

    Raises:
        BadInput: as :func:`checked`.
    """
    values = checked(
        {name: getattr(draft, name) for name in GIVEN_FIELDS},
        categories,
    )
    return marked(
        Memory(
            id=id,
            owner=owner,
            created_at=draft.created_at or now,
            updated_at=now,
            language=draft.language or detect(values["text"]),
            source=draft.source,
            **values,
        )
    )


def edited(memory: Memory, fields: Mapping[str, Any], now: datetime) -> Memory:
    """``memory`` with checked ``fields``; itself if nothing differs.

    Raises:
        BadInput: ``memory_immutable``: it would get other words, and they may not change.
    """
    values = dict(fields)
    frozen = memory.immutable and values.get("immutable") is not False
    if frozen and values.get("text", memory.text) != memory.text:
        raise BadInput(code="memory_immutable")
    if "text" in values and "language" not in values:
        values["language"] = detect(values["text"], memory.language)
    if values.get("status") is Status.ACTIVE:
        values["superseded_by"] = None
    after = replace(memory, **values)
    if after.text != memory.text:
        after = replace(after, relations=())  # they were those of other words
    if after.run_id is not None and after.run_id == after.source.session_id:
        after = replace(after, run_id=None)  # the session says it
    if after.text != memory.text and "safety" not in values:
        after = marked(after)
    return replace(after, updated_at=now) if changed(memory, after) else memory


def changed(before: Memory, after: Memory) -> frozenset[str]:
    """The names of the fields that differ, times left aside."""
    return frozenset(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def action_of(before: Memory, after: Memory) -> ChangeAction:
    """What an edit by hand is called in the journal."""
    names = changed(before, after)
    if names == {"pinned"}:
        return ChangeAction.PIN
    if "status" in names and names <= {"status", "supersedes", "superseded_by"}:
        return _ACTION_BY_STATUS[after.status]
    return ChangeAction.EDIT


def same_text(text: str) -> str:
    """A key under which texts are equal that a person would call the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(_STOPS)


def same_day(new: Memory, known: Memory) -> bool:
    """Whether ``new``, of the same words, tells of the same day; without one, of any."""
    return new.event_date in (None, known.event_date)


def same_scope(new: Memory, known: Memory) -> bool:
    """Whether ``new`` brings no app, run or metadata that ``known`` doesn't have."""
    return (
        new.app_id in (None, known.app_id)
        and new.run_id in (None, known.scope_run)
        and (not new.metadata or new.metadata == known.metadata)
    )


def forms_of(text: str) -> list[str]:
    """The ways in which people write one sentence down: full stop, first letter, spaces."""
    bare = " ".join(text.split()).rstrip(_STOPS)
    firsts = {bare[:1], bare[:1].lower(), bare[:1].upper()}
    stops = ("", *_STOPS.strip())
    return list(dict.fromkeys([text, *(a + bare[1:] + z for a in sorted(firsts) for z in stops)]))


def rebase(change: Change, current: Memory | None) -> Change | None:
    """``change`` against what the store holds now, or ``None`` if it is moot.

    An extraction decides on memories as it read them. When somebody changed one
    meanwhile, that change stays: the extraction's change keeps only the fields
    that nobody else touched, and doesn't bring back what was deleted.
    """
    before, after = change.before, change.after
    if before is None:
        return change if current is None else None
    if current is None:
        return None
    if after is None:
        return replace(change, before=current) if not changed(before, current) else None
    theirs = changed(before, current)
    mine = changed(before, after) - (theirs | {"relations"} if "text" in theirs else theirs)
    if not mine:
        return None
    values = {name: getattr(after, name) for name in mine}
    return replace(
        change, before=current, after=replace(current, updated_at=after.updated_at, **values)
    )


def _text(value: Any) -> str:
    text = str(value or "").replace("\x00", "").strip()
    if not text:
        raise BadInput(code="memory_text_empty")
    if len(text) > TEXT_LENGTH:
        raise BadInput(code="memory_text_long", given=len(text), limit=TEXT_LENGTH)
    return text


def _event_date(value: Any) -> str | None:
    if value is None or value == "":
        return None
    match = _EVENT_DATE.fullmatch(value) if isinstance(value, str) else None
    if match is not None:
        year, month, day = (int(part or 1) for part in match.groups())
        try:
            date(year, month, day)
        except ValueError:
            match = None
    if match is None:
        raise BadInput(code="memory_event_date", allowed="YYYY, YYYY-MM, YYYY-MM-DD")
    return match.group()


def _importance(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise BadInput(code="memory_importance", allowed="1-5")
    return value


def _pinned(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadInput(code="memory_pinned", allowed="true, false")
    return value


def _safety(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if value not in SAFETY_KINDS:
        raise BadInput(code="memory_safety", allowed=", ".join(SAFETY_KINDS))
    return str(value)


def _scope(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > SCOPE_LENGTH or not value.isprintable():
        raise BadInput(code="memory_scope", limit=SCOPE_LENGTH)
    return value


def _expiration(value: Any) -> str | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise BadInput(code="memory_expiration", allowed="YYYY-MM-DD") from None


def _immutable(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadInput(code="memory_immutable_value", allowed="true, false")
    return value


def _language(value: Any) -> str:
    if value not in ("zh", "en"):
        raise BadInput(code="memory_language", allowed="zh, en")
    return str(value)


def _one_of(kind: type[StrEnum], code: str) -> Callable[[Any], StrEnum]:
    def check(value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError:
            raise BadInput(code=code, allowed=", ".join(kind)) from None

    return check


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "event_date": _event_date,
    "importance": _importance,
    "pinned": _pinned,
    "language": _language,
    "safety": _safety,
    "metadata": checked_metadata,
    "app_id": _scope,
    "run_id": _scope,
    "expiration_date": _expiration,
    "immutable": _immutable,
    "subject": _one_of(Subject, "memory_subject"),
    "kind": _one_of(Kind, "memory_kind"),
    "status": _one_of(Status, "memory_status"),
}


def joined(old: Source, new: Source) -> Source:
    """Both origins as one; of very many messages the latest are kept."""
    ids = tuple(dict.fromkeys((*old.message_ids, *new.message_ids)))[-MOST_SOURCES:]
    return replace(
        old,
        session_id=old.session_id or new.session_id,
        message_ids=ids,
        batch_id=old.batch_id or new.batch_id,
    )
