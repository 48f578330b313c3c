"""Chat logs of SillyTavern."""

from __future__ import annotations

from datetime import UTC, datetime

from memory.transfer import Format, read
from tests.memory.transfer.importers.samples import SILLY, said


def test_sillytavern() -> None:
    parsed = read(SILLY.encode(), "chat.jsonl")
    assert parsed.format is Format.SILLYTAVERN
    assert said(parsed) == [("assistant", "早安"), ("user", "我住在杭州"), ("assistant", "好")]
    (talk,) = parsed.talks
    assert talk.title == "念念"
    assert [line.row for line in talk.lines] == [2, 3, 5]
    assert talk.lines[0].at == datetime(2023, 6, 19, 14, 20)
    assert talk.lines[1].at == datetime(2023, 6, 19, 14, 21, 40, tzinfo=UTC)


def test_sillytavern_with_broken_lines() -> None:
    lines = SILLY.split("\n")
    lines[2:2] = ["{half", "[]", '{"mes": 3, "is_user": true}', '{"mes": " ", "is_user": true}']
    parsed = read("\n".join(lines).encode())
    assert len(said(parsed)) == 3
    assert [(w.row, w.code) for w in parsed.wrong] == [
        (3, "import_row_json"),
        (4, "import_row_type"),
        (5, "import_message"),
        (6, "import_message_empty"),
    ]
