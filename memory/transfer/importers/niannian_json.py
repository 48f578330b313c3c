"""Niannian importer: our JSON export, row by row; a wrong row doesn't take others along.

Memories, sessions and history keep every field (see :class:`memory.transfer.export.Export`);
whom they belong to from now on is decided by the plan.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from memory.attachments.documents import MOST_CHARS
from memory.attachments.intake import shown_name
from memory.config import known_zones
from memory.db.sessions import FOLDER_LENGTH
from memory.errors import BadInput
from memory.memories.edits import checked
from memory.system.decoding import clean
from memory.transfer.decisions import ids_of
from memory.transfer.export import FORMAT, VERSION
from memory.transfer.importers.chatgpt import MESSAGE_LENGTH
from memory.transfer.importers.formats import ObjectFormat
from memory.transfer.parsed import (
    Format,
    FoundMemory,
    KeptSession,
    ParsedExport,
    ParsedFile,
    Part,
    Wrong,
)
from memory.transfer.rows import ID_LENGTH, OWNER_LENGTH, aware
from memory.types import (
    PAGE_BREAK,
    Attachment,
    Batch,
    BatchState,
    Change,
    Memory,
    Message,
    MessageState,
    Session,
    SettledFinding,
    Trace,
    User,
    sound_triples,
)
from memory.types.conversation import CONTACT_LENGTH, NAME_LENGTH, SUMMARY_LENGTH

T = TypeVar("T", Memory, Session, Message, Change, Trace, Batch, SettledFinding)
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)
_SESSION: TypeAdapter[Session] = TypeAdapter(Session)
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)
_CHANGE: TypeAdapter[Change] = TypeAdapter(Change)
_TRACE: TypeAdapter[Trace] = TypeAdapter(Trace)
_BATCH: TypeAdapter[Batch] = TypeAdapter(Batch)
_SETTLED: TypeAdapter[SettledFinding] = TypeAdapter(SettledFinding)
_USER: TypeAdapter[User] = TypeAdapter(User)
_CHECKED = (
    *("text", "event_date", "importance", "metadata", "app_id", "run_id"),
    *("expiration_date", "immutable"),
)


def is_export(value: Any) -> bool:
    """Whether this says that it is our export, of whatever version."""
    return isinstance(value, Mapping) and value.get("format") == FORMAT


def read(value: Mapping[str, Any]) -> ParsedFile:
    """Everything of an export that can be read, and what can't with its row.

    Raises:
        BadInput: ``import_newer``: a later version of this program wrote it.
    """
    version = value.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise BadInput(code="import_newer")
    wrong: list[Wrong] = []
    files = dict(_files(value, wrong))
    memories = [
        FoundMemory(row, sound)
        for row, memory in _rows(value, "memories", _MEMORY, "memory", wrong)
        if (sound := _sound_memory(row, memory, wrong)) is not None
    ]
    backup = ParsedExport(
        user=_user(value.get("user"), wrong),
        sessions=tuple(_sessions(value, wrong, files.keys())),
        changes=tuple(_changes(value, wrong)),
        traces=tuple(trace for _, trace in _rows(value, "traces", _TRACE, "trace", wrong)),
        batches=tuple(
            replace(batch, state=BatchState.PENDING) if batch.state is BatchState.WORKING else batch
            for _, batch in _rows(value, "batches", _BATCH, "batch", wrong)
        ),
        settled=tuple(_settled(value, wrong)),
        files=files,
    )
    return ParsedFile(Format.NIANNIAN, tuple(memories), backup=backup, wrong=tuple(wrong))


def _rows(
    value: Mapping[str, Any],
    key: str,
    adapter: TypeAdapter[T],
    part: Part,
    wrong: list[Wrong],
) -> Iterator[tuple[int, T]]:
    rows = value.get(key)
    if rows is None:
        return
    if not isinstance(rows, list):
        wrong.append(Wrong(0, "import_row_type", part))
        return
    for row, item in enumerate(rows, 1):
        read_item = _one(row, item, adapter, part, wrong)
        if read_item is not None:
            yield row, read_item


def _one(row: int, item: Any, adapter: TypeAdapter[T], part: Part, wrong: list[Wrong]) -> T | None:
    if not isinstance(item, Mapping):
        wrong.append(Wrong(row, "import_row_type", part))
        return None
    try:
        found = adapter.validate_python(item)
    except ValidationError as error:
        # Pydantic's own words quote the value: somebody's memory. Say only where.
        where = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        wrong.append(Wrong(row, "import_field", part, {"where": where}))
        return None
    if _too_long(found):
        wrong.append(Wrong(row, "import_field", part, {"where": "id"}))
        return None
    return _in_utc(found)


def _sound_memory(row: int, memory: Memory, wrong: list[Wrong]) -> Memory | None:
    """The memory with what the memory service would refuse sorted out."""
    values = {name: getattr(memory, name) for name in _CHECKED}
    if clean(memory.text) != memory.text.strip():
        values["text"] = clean(memory.text)
    memory = replace(memory, relations=sound_triples(memory.relations))
    try:
        # Categories are configurable; one that is unknown here stays what it was.
        return replace(memory, **checked(values, ()))
    except BadInput as error:
        wrong.append(Wrong(row, error.code, params=error.params))
        return None


def _files(value: Mapping[str, Any], wrong: list[Wrong]) -> Iterator[tuple[str, bytes]]:
    """The files that are what their names say."""
    rows = value.get("files")
    for row, (name, text) in enumerate(rows.items() if isinstance(rows, Mapping) else (), 1):
        try:
            data = base64.b64decode(text, validate=True)
        except (TypeError, ValueError):
            data = b""
        if data and hashlib.sha256(data).hexdigest() == name:
            yield name, data
        else:
            wrong.append(Wrong(row, "import_field", "file", {"where": "files"}))


def _attachments(message: Message, files: Collection[str]) -> tuple[Attachment, ...]:
    """What was given with a message, as far as it can be kept here."""
    return tuple(
        replace(
            attachment,
            name=shown_name(attachment.name),
            mark=clean(attachment.mark),
            text=PAGE_BREAK.join(map(clean, attachment.page_texts))[:MOST_CHARS],
            sha256=attachment.sha256 if attachment.sha256 in files else None,
            session_id=None,
        )
        for attachment in message.attachments
    )


def _sessions(
    value: Mapping[str, Any], wrong: list[Wrong], files: Collection[str]
) -> Iterator[KeptSession]:
    rows = value.get("sessions")
    if rows is None:
        return
    if not isinstance(rows, list):
        wrong.append(Wrong(0, "import_row_type", "session"))
        return
    for row, item in enumerate(rows, 1):
        about = item.get("session") if isinstance(item, Mapping) else None
        session = _one(row, about, _SESSION, "session", wrong)
        if session is None:
            continue
        session = replace(
            session,
            title=clean(session.title)[: ID_LENGTH * 4],
            folder=clean(session.folder)[:FOLDER_LENGTH],
        )
        if session.summary is not None:
            told = clean(session.summary.text)[:SUMMARY_LENGTH]
            session = replace(session, summary=replace(session.summary, text=told))
        said = item.get("messages")
        if not isinstance(said, list):
            wrong.append(Wrong(row, "import_row_type", "session"))
            said = []
        yield KeptSession(row, session, tuple(_messages(row, session, said, wrong, files)))


def _messages(
    row: int, session: Session, items: list[Any], wrong: list[Wrong], files: Collection[str]
) -> Iterator[Message]:
    numbers: set[int] = set()
    for item in items:
        message = _one(row, item, _MESSAGE, "message", wrong)
        if message is None:
            continue
        if message.number in numbers or not 0 < message.number < 2**31:
            wrong.append(Wrong(row, "import_field", "message", {"where": "number"}))
            continue
        text = clean(message.text) if _odd(message.text) else message.text
        if len(text) > MESSAGE_LENGTH:
            wrong.append(Wrong(row, "import_message_long", "message", {"limit": MESSAGE_LENGTH}))
            continue
        numbers.add(message.number)
        streaming = message.state is MessageState.STREAMING
        yield replace(
            message,
            session_id=session.id,
            owner=session.owner,
            text=text,
            attachments=_attachments(message, files),
            # Nobody writes on it any more.
            state=MessageState.INTERRUPTED if streaming else message.state,
        )


def _changes(value: Mapping[str, Any], wrong: list[Wrong]) -> Iterator[Change]:
    for row, change in _rows(value, "changes", _CHANGE, "change", wrong):
        if change.before is None and change.after is None:
            wrong.append(Wrong(row, "import_field", "change", {"where": "after"}))
            continue
        yield replace(
            change,
            before=change.before and _in_utc(change.before),
            after=change.after and _in_utc(change.after),
        )


def _settled(value: Mapping[str, Any], wrong: list[Wrong]) -> Iterator[SettledFinding]:
    for row, one in _rows(value, "settled", _SETTLED, "file", wrong):
        if ids_of(one.finding):
            yield one
        else:
            wrong.append(Wrong(row, "import_field", "file", {"where": "settled"}))


def _user(value: Any, wrong: list[Wrong]) -> User | None:
    try:
        user = _USER.validate_python(value)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        wrong.append(Wrong(0, "import_field", "file", {"where": f"user.{where}".rstrip(".")}))
        return None
    if not user.id.strip() or len(user.id) > OWNER_LENGTH or _odd(user.id):
        wrong.append(Wrong(0, "import_field", "file", {"where": "user.id"}))
        return None
    # Who may look at others' memories, and who logs in as whom, no file decides.
    region = user.region or ""
    return replace(
        user,
        name=" ".join(clean(user.name).split())[:NAME_LENGTH] or "?",
        created_at=aware(user.created_at, datetime.now(UTC)),
        timezone=user.timezone if user.timezone in known_zones() else None,
        region=region if re.fullmatch("[A-Z]{2}", region) else None,
        role="person",
        login=None,
        # Nor what a designer of this server put right about an age.
        age_source="stated" if user.age_source == "designer" else user.age_source,
        age_at=aware(user.age_at, user.age_at) if user.age_at else None,
        emergency_contact=clean(user.emergency_contact or "")[:CONTACT_LENGTH] or None,
        tenant_id=clean(user.tenant_id or "")[:OWNER_LENGTH] or None,
    )


def _in_utc(found: T) -> T:
    """Times without a zone are UTC; so are the database's."""
    times: dict[str, Any] = {
        name: aware(value, value)
        for name in ("created_at", "updated_at", "at", "finished_at", "next_at")
        if isinstance(value := getattr(found, name, None), datetime)
    }
    return replace(found, **times)


def _too_long(found: object) -> bool:
    """Whether an id is none that the database can hold."""
    for name in ("id", "session_id", "memory_id", "message_id", "group_id", "batch_id",
                 "reply_to", "undone_by", "parent_id", "aside"):  # fmt: skip
        value = getattr(found, name, None)
        if isinstance(value, str) and (len(value) > ID_LENGTH or _odd(value)):
            return True
    owner = getattr(found, "owner", None)
    names = (owner.user_id, owner.persona_id) if owner else ()
    if any(not name.strip() or len(name) > OWNER_LENGTH or _odd(name) for name in names):
        return True
    return isinstance(found, Memory | Session | Message | Change | Batch) and not found.id


def _odd(text: str) -> bool:
    return clean(text) != text.strip()


IMPORT_FORMAT = ObjectFormat(10, is_export, read)
