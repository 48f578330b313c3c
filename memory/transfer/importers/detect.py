"""Format detection: tells what a file is, and reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from memory.errors import BadInput
from memory.system.decoding import clean
from memory.transfer import loose_json
from memory.transfer.importers import dialogue, mem0_file, messages
from memory.transfer.importers.formats import ObjectFormat, RowFormat, TextFormat, formats
from memory.transfer.parsed import ParsedFile, Wrong
from memory.transfer.text import begins_with, texts

MOST_ROWS = 500_000
"""Memories and messages of one file, and rows of it that can't be used."""

LOOK_AHEAD = 1000
"""Rows from which it is told what a list holds; as many more, as long as that doesn't tell."""


def read(
    data: bytes, name: str = "", *, now: datetime | None = None, names: Collection[str] = ()
) -> ParsedFile:
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
    rows = len(parsed.memories) + len(parsed.wrong) + sum(len(talk.lines) for talk in parsed.talks)
    if parsed.backup is not None:
        rows += sum(len(kept.messages) for kept in parsed.backup.sessions)
    if rows > MOST_ROWS:
        raise BadInput(code="import_too_many", limit=MOST_ROWS)
    return parsed


def _read(text: str, name: str, now: datetime, names: Collection[str]) -> ParsedFile:
    text = text.lstrip("\ufeff")
    if begins_with(text, "{", "["):
        try:
            return _json(text, name, now)
        except BadInput as error:
            # "[2024-10-18 12:30] …" begins like a list.
            if error.code != "import_json" or not dialogue.looks_like(text, names):
                raise
    for one in formats(TextFormat):
        if one.looks_like(text, names):
            parsed = one.read(text, name, now)
            if parsed is not None:
                return parsed
    raise BadInput(code="import_unknown")


def _json(text: str, name: str, now: datetime) -> ParsedFile:
    if loose_json.first_line(text) is not None:
        parsed = _rows(_Ahead(loose_json.lines(text)), name, now)
        if parsed is not None:
            return parsed
    if begins_with(text, "["):
        items = loose_json.Items(text)
        parsed, cut = _rows(_Ahead(enumerate(items, 1)), name, now), items.cut
    else:
        loaded = loose_json.load(text)
        parsed, cut = _value(loaded.value, name, now), loaded.cut
    if parsed is None:
        raise BadInput(code="import_json" if cut else "import_unknown")
    if cut:
        broken = Wrong(_last_row(parsed) + 1, "import_cut", "file")
        parsed = replace(parsed, wrong=(*parsed.wrong, broken))
    return parsed


class _Ahead:
    """Numbered rows of which some are looked at before all are gone through.

    Raises:
        BadInput: ``import_too_many``, while they are looked at or gone through.
    """

    def __init__(self, rows: Iterable[tuple[int, Any]]) -> None:
        self._rows = _counted(rows)
        self._seen: list[tuple[int, Any]] = []

    def looks(self) -> Iterator[list[Any]]:
        """What was seen last: more and more, as long as nobody can tell what it is."""
        while fresh := list(islice(self._rows, LOOK_AHEAD)):
            self._seen += fresh
            yield [value for _, value in fresh]

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """All rows, once."""
        seen, self._seen = self._seen, []
        seen.reverse()
        while seen:
            yield seen.pop()
        yield from self._rows


def _counted(rows: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise BadInput(code="import_too_many", limit=MOST_ROWS)
        yield row


def _rows(rows: _Ahead, name: str, now: datetime) -> ParsedFile | None:
    """A list or lines of conversations, messages or memories."""
    for values in rows.looks():
        for one in formats(RowFormat):
            if any(map(one.is_row, values)):
                return one.read(rows, name, now)
    return None


def _value(value: Any, name: str, now: datetime) -> ParsedFile | None:
    if isinstance(value, list):
        return _rows(_Ahead(enumerate(value, 1)), name, now)
    if not isinstance(value, Mapping):
        return None
    for whole in formats(ObjectFormat):
        if whole.matches(value):
            return whole.read(value)
    for one in formats(RowFormat):
        if one.alone and one.is_row(value):
            return one.read([(1, value)], name, now)
    inner = value.get("conversations") or value.get("messages")
    if isinstance(inner, list) and inner:
        # Telegram names the other one beside the messages.
        other = value.get("name")
        if isinstance(other, str) and any(map(messages.is_message, inner)):
            return messages.read(_counted(enumerate(inner, 1)), clean(other))
        return _rows(_Ahead(enumerate(inner, 1)), name, now)
    rows = mem0_file.rows_in(value)
    return mem0_file.read(_counted(enumerate(rows, 1)), now) if rows is not None else None


def _last_row(parsed: ParsedFile) -> int:
    rows = [found.row for found in parsed.memories] + [talk.row for talk in parsed.talks]
    return max(rows + [wrong.row for wrong in parsed.wrong], default=0)
