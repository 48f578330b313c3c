"""Our own export, whole, damaged and of a later version."""

from __future__ import annotations

import json

from memory.transfer import Format, read
from memory.transfer.export import to_json
from memory.types import User
from tests.memory.transfer.importers.samples import NOW, own, raw, refused


def test_our_export_keeps_every_field() -> None:
    parsed = read(to_json(own()).encode())
    assert parsed.format is Format.NIANNIAN
    assert tuple(found.memory for found in parsed.memories) == own().memories
    assert not parsed.wrong


def test_our_export_row_by_row() -> None:
    value = json.loads(to_json(own()))
    value["memories"][1]["kind"] = "secret kind"
    value["sessions"] = [{"session": None}, 3]
    value["changes"] = {"not": "a list"}
    value["traces"] = ["x"]
    parsed = read(raw(value))
    assert [found.row for found in parsed.memories] == [1, 3]
    wrong = {(one.part, one.row, one.code) for one in parsed.wrong}
    assert wrong == {
        ("memory", 2, "import_field"),
        ("session", 1, "import_row_type"),
        ("session", 2, "import_row_type"),
        ("change", 0, "import_row_type"),
        ("trace", 1, "import_row_type"),
    }
    assert dict(parsed.wrong[0].params) == {"where": "kind"}, "the field, never its value"


def test_no_file_makes_somebody_a_designer() -> None:
    value = json.loads(to_json(own()))
    value["user"] |= {"role": "designer", "login": "issuer|me", "timezone": "Mars/Base"}
    parsed = read(raw(value))
    assert parsed.backup is not None
    assert parsed.backup.user == User("u", "小雨", NOW)


def test_a_later_version_is_refused_and_a_cut_one_read_as_far_as_it_goes() -> None:
    value = json.loads(to_json(own()))
    assert refused(raw(value | {"version": 2})) == "import_newer"
    text = to_json(own())
    cut = read(text[: text.index("用户有3只猫")].encode())
    assert [found.row for found in cut.memories] == [1, 2]
    assert [(w.row, w.code, w.part) for w in cut.wrong] == [(3, "import_cut", "file")]
