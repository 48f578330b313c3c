"""An import format is one file that is picked up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.errors import BadInput
from memory.transfer import importers
from memory.transfer.importers.detect import read
from memory.transfer.importers.formats import (
    ObjectFormat,
    RowFormat,
    TextFormat,
    formats,
    registered,
)

NOTES = b'[{"note": "\xe4\xb9\xb0\xe7\x9b\x90", "at": 3}]'
FILE = """
from collections.abc import Mapping

from memory.transfer.importers.formats import RowFormat
from memory.transfer.parsed import ParsedFile, Wrong


def read(rows, name, now):
    return ParsedFile("notes", wrong=tuple(Wrong(row, "import_text", "memory") for row, _ in rows))


IMPORT_FORMAT = RowFormat(5, lambda value: isinstance(value, Mapping) and "note" in value, read)
"""


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "notes_of_a_test.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(importers, "__path__", [*importers.__path__, str(tmp_path)])
    registered.cache_clear()
    yield
    registered.cache_clear()
    sys.modules.pop(f"{importers.__name__}.notes_of_a_test", None)


def test_what_comes_with_the_program() -> None:
    kinds = (RowFormat, ObjectFormat, TextFormat)
    assert [len(formats(kind)) for kind in kinds] == [4, 1, 2]


def test_a_file_more_is_a_format_more(added: None) -> None:
    parsed = read(NOTES)
    assert (parsed.format, [wrong.row for wrong in parsed.wrong]) == ("notes", [1])


def test_without_it_nobody_knows_the_file() -> None:
    with pytest.raises(BadInput) as caught:
        read(NOTES)
    assert caught.value.code == "import_unknown"
