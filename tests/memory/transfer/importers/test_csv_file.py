"""Our CSV, and what spreadsheets make of it."""

from __future__ import annotations

from typing import Any

from memory.transfer import Format, read
from memory.transfer.export import to_csv
from memory.types import Memory
from tests.memory.transfer.importers.samples import own


def test_our_csv_and_what_spreadsheets_make_of_it() -> None:
    memories = (*own().memories, *own(1).memories)
    (*_, formula) = memories
    text = to_csv([*memories[:3], Memory(**{**_fields(formula), "text": "=1+1"})])
    parsed = read(text.encode())
    assert parsed.format is Format.CSV
    assert [found.memory.text for found in parsed.memories][-1] == "=1+1"
    assert parsed.memories[0].memory.id == memories[0].id
    assert parsed.memories[0].memory.owner.persona_id == "niannian"
    semicolons = "text;event_date;pinned\r\n用户去滑雪;2024-10-18;是\r\n;;\r\nx;18.10.2024;\r\n"
    parsed = read(semicolons.encode("gb18030"))
    (found,) = parsed.memories
    assert (found.row, found.memory.event_date, found.memory.pinned) == (2, "2024-10-18", True)
    assert [(w.row, w.code) for w in parsed.wrong] == [(4, "memory_event_date")]


def _fields(memory: Memory) -> dict[str, Any]:
    return {name: getattr(memory, name) for name in memory.__dataclass_fields__}
