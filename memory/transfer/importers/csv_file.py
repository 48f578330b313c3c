"""CSV importer: our own table, as exported or after a visit to a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from memory.errors import BadInput
from memory.transfer.export import CSV_COLUMNS, looks_like_formula
from memory.transfer.importers.formats import TextFormat
from memory.transfer.parsed import Format, FoundMemory, ParsedFile, Wrong
from memory.transfer.rows import memory_of

# One more than the longest memory, so that a longer one is told as such.
_FIELD_LENGTH = 1_000_000
_DELIMITERS = ",;\t"


def delimiter_of(text: str) -> str | None:
    """What separates the columns, if the first line names ours."""
    head = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    for delimiter in _DELIMITERS:
        names = {name.strip().strip('"').lower() for name in head.split(delimiter)}
        if "text" in names and len(names & set(CSV_COLUMNS)) > 1:
            return delimiter
    return None


def read(text: str, delimiter: str, now: datetime) -> ParsedFile:
    """Memories of a table whose first line names the columns."""
    found: list[FoundMemory] = []
    wrong: list[Wrong] = []
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    csv.field_size_limit(_FIELD_LENGTH)
    names: list[str] = []
    begun = 1
    while True:
        try:
            cells = next(lines)
        except StopIteration:
            break
        except csv.Error:
            wrong.append(Wrong(begun, "import_row_type"))
            begun = lines.line_num + 1
            continue
        row, begun = begun, lines.line_num + 1
        if not names:
            names = [cell.strip().lower() for cell in cells]
        elif any(cell.strip() for cell in cells):
            values = {name: _unquoted(cell) for name, cell in zip(names, cells, strict=False)}
            values["persona_id"] = values.get("persona", "")
            try:
                found.append(FoundMemory(row, memory_of(values, now)))
            except BadInput as error:
                wrong.append(Wrong(row, error.code, params=error.params))
    return ParsedFile(Format.CSV, memories=tuple(found), wrong=tuple(wrong))


def _unquoted(cell: str) -> str:
    """Without the apostrophe that the export puts before what looks like a formula."""
    if cell.startswith("'") and looks_like_formula(cell[1:]):
        return cell[1:]
    return cell


IMPORT_FORMAT = TextFormat(
    10,
    looks_like=lambda text, names: delimiter_of(text) is not None,
    read=lambda text, name, now: read(text, delimiter_of(text) or ",", now),
)
