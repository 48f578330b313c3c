"""Telling what a file is, and reading it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from memory.errors import BadInput
from memory.transfer import (
    chatgpt,
    csv_file,
    dialogue,
    loose_json,
    mem0_file,
    messages,
    ours,
    sillytavern,
)
from memory.transfer.parsed import Parsed, Wrong
from memory.transfer.text import clean, texts

MOST_ROWS = 500_000
"""Memories and messages of one file."""


def read(
    data: bytes, name: str = "", *, now: datetime | None = None, names: Collection[str] = ()
) -> Parsed:
    """What is in a file: memories or conversations, and what is wrong in which row.

    Knows our own JSON and CSV, what mem0's ``get_all`` gives, ChatGPT's export (the
    archive or its ``conversations.json``), SillyTavern's and Telegram's chats, messages as
    programs that talk to models keep them, and plain dialogue.

    Args:
        data: The file.
        name: Its name; becomes the title of a conversation that has none.
        now: When memories without a date were made; the present by default.
        names: Names of personas and of the user, by which dialogue is told.

    Raises:
        BadInput: nothing of it can be used: ``import_empty``, ``import_too_big``,
            ``import_encoding``, ``import_archive``, ``import_json``,
            ``import_unknown``, ``import_newer`` or ``import_too_many``.
    """
    now = now or datetime.now(UTC)
    parts = [_read(text, member, now, names) for member, text in texts(data, name)]
    parsed = parts[0]
    if len(parts) > 1:
        parsed = replace(
            parsed,
            talks=tuple(talk for part in parts for talk in part.talks),
            wrong=tuple(wrong for part in parts for wrong in part.wrong),
        )
    rows = len(parsed.memories) + sum(len(talk.lines) for talk in parsed.talks)
    if parsed.backup is not None:
        rows += sum(len(kept.messages) for kept in parsed.backup.sessions)
    if rows > MOST_ROWS:
        raise BadInput(code="import_too_many", given=rows, limit=MOST_ROWS)
    return parsed


def _read(text: str, name: str, now: datetime, names: Collection[str]) -> Parsed:
    text = text.lstrip("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _json(text, name, now)
        except BadInput as error:
            # "[2024-10-18 12:30] …" begins like a list.
            if error.code != "import_json" or not dialogue.looks_like(text, names):
                raise
    delimiter = csv_file.delimiter_of(text)
    if delimiter is not None:
        return csv_file.read(text, delimiter, now)
    if dialogue.looks_like(text, names):
        parsed = dialogue.read(text, _title(name))
        if parsed.talks:
            return parsed
    raise BadInput(code="import_unknown")


def _json(text: str, name: str, now: datetime) -> Parsed:
    head = loose_json.first_line(text)
    if head is not None:
        rows = list(loose_json.lines(text))
        objects = [value for _, value in rows if isinstance(value, Mapping)]
        if any(sillytavern.is_header(value) for value in objects[:3]):
            return sillytavern.read(rows, name)
        numbers, values = [row for row, _ in rows], [value for _, value in rows]
        if any(map(messages.is_message, objects)):
            return messages.read(rows, _title(name))
        if any(map(mem0_file.is_row, objects)):
            return mem0_file.read(values, now, numbers)
    loaded = loose_json.load(text)
    parsed = _value(loaded.value, name, now)
    if parsed is None:
        raise BadInput(code="import_json" if loaded.cut else "import_unknown")
    if loaded.cut:
        cut = Wrong(_last_row(parsed) + 1, "import_cut", "file")
        parsed = replace(parsed, wrong=(*parsed.wrong, cut))
    return parsed


def _value(value: Any, name: str, now: datetime) -> Parsed | None:
    if ours.is_export(value):
        return ours.read(value)
    if isinstance(value, Mapping):
        if chatgpt.is_conversation(value):
            return chatgpt.read([value])
        if sillytavern.is_header(value):
            return sillytavern.read([(1, value)], name)
        inner = value.get("conversations") or value.get("messages")
        if isinstance(inner, list) and inner:
            # Telegram names the other one beside the messages.
            other = value.get("name")
            if isinstance(other, str) and any(map(messages.is_message, inner)):
                return messages.read(enumerate(inner, 1), clean(other))
            return _value(inner, name, now)
    if isinstance(value, list):
        if any(map(chatgpt.is_conversation, value)):
            return chatgpt.read(value)
        if any(map(sillytavern.is_header, value)):
            return sillytavern.read(enumerate(value, 1), name)
        if any(map(messages.is_message, value)):
            return messages.read(enumerate(value, 1), _title(name))
    rows = mem0_file.rows_in(value)
    return mem0_file.read(rows, now) if rows is not None else None


def _title(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _last_row(parsed: Parsed) -> int:
    rows = [found.row for found in parsed.memories] + [talk.row for talk in parsed.talks]
    return max(rows + [wrong.row for wrong in parsed.wrong], default=0)
