"""mem0 importer: ``{"results": […]}`` of ``get_all``, or the bare list.

mem0 hands back the keys of a payload that it doesn't know under ``metadata``; ours
(subject, kind, category, event_date, …) are found there or beside the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from memory.errors import BadInput
from memory.transfer.importers.formats import RowFormat
from memory.transfer.importers.messages import is_message
from memory.transfer.parsed import Format, FoundMemory, ParsedFile, Wrong
from memory.transfer.rows import memory_of
from memory.types import DEFAULT_CATEGORIES, Memory
from memory.types.payload_keys import OWN_KEYS

TEXT_KEYS = ("memory", "data", "text")
LIST_KEYS = ("results", "memories", "data")


def is_row(value: Any) -> bool:
    """Whether this looks like one of mem0's memories."""
    worded = isinstance(value, Mapping) and any(isinstance(value.get(k), str) for k in TEXT_KEYS)
    return worded and not is_message(value)


def rows_in(value: Mapping[str, Any]) -> Sequence[Any] | None:
    """The list of memories in a JSON object, if it has one."""
    for key in LIST_KEYS:
        rows = value.get(key)
        if isinstance(rows, list) and any(is_row(row) for row in rows):
            return rows
    return [value] if is_row(value) else None


def _metadata(extra: Mapping[str, Any]) -> dict[str, Any]:
    """What programs keep: not our own fields, which mem0 hands back among it."""
    inner = extra.get("metadata")
    if isinstance(inner, Mapping):
        return dict(inner)
    return {key: value for key, value in extra.items() if key not in OWN_KEYS}


def read(rows: Iterable[tuple[int, Any]], now: datetime) -> ParsedFile:
    """Memories from mem0's numbered rows."""
    found: list[FoundMemory] = []
    wrong: list[Wrong] = []
    for number, row in rows:
        # What somebody said, also the other one, is nothing that is known of the user.
        if not isinstance(row, Mapping) or is_message(row):
            wrong.append(Wrong(number, "import_row_type"))
            continue
        try:
            found.append(FoundMemory(number, _memory(row, now)))
        except BadInput as error:
            wrong.append(Wrong(number, error.code, params=error.params))
    return ParsedFile(Format.MEM0, memories=tuple(found), wrong=tuple(wrong))


def _memory(row: Mapping[str, Any], now: datetime) -> Memory:
    given = row.get("metadata")
    extra: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    values = {**extra, **row}
    values["metadata"] = _metadata(extra)
    categories = row.get("categories")
    if isinstance(categories, list) and all(isinstance(each, str) for each in categories):
        ours = [each for each in categories if each in DEFAULT_CATEGORIES]
        values["category"] = values.get("category") or next(iter([*ours, *categories]), None)
        if set(categories) - {values["category"]}:
            values["metadata"] = {"categories": categories, **values["metadata"]}
    text = next((row[key] for key in TEXT_KEYS if isinstance(row.get(key), str)), None)
    source = values.get("source")
    if not isinstance(source, Mapping) and isinstance(values.get("run_id"), str):
        source = {"session_id": values["run_id"]}
    return memory_of(
        {**values, "text": text, "persona_id": values.get("agent_id"), "source": source}, now
    )


IMPORT_FORMAT = RowFormat(40, is_row, lambda rows, name, now: read(rows, now))
