"""Messages as JSON: roles and contents, Telegram and others."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from memory.transfer import Format, read
from tests.memory.transfer.importers.samples import raw, refused, said


def test_roles_and_contents() -> None:
    turns = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "I like tea."},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": [{"type": "text"}]},
    ]
    for data in (raw(turns), raw({"messages": turns}), "\n".join(map(json.dumps, turns)).encode()):
        parsed = read(data)
        assert said(parsed) == [("user", "I like tea."), ("assistant", "Noted.")]
        assert [(w.row, w.code) for w in parsed.wrong] == [(4, "import_message")]


TELEGRAM = {
    "name": "Anna",
    "type": "personal_chat",
    "id": 1,
    "messages": [
        {"id": 1, "type": "service", "actor": "Anna", "action": "phone_call", "text": ""},
        {
            "id": 2,
            "type": "message",
            "date": "2024-05-01T10:00:00",
            "from": "Anna",
            "from_id": "user1",
            "text": "I live in Rome",
        },
        {
            "id": 3,
            "type": "message",
            "date": "2024-05-01T10:01:00",
            "date_unixtime": "1714550460",
            "from": "小雨",
            "text": ["look: ", {"type": "link", "text": "example.org"}, "!"],
        },
        {"id": 4, "type": "message", "from": "Anna", "photo": "a.jpg", "text": ""},
        {"id": 5, "type": "message", "from": None, "from_id": "user1", "text": "bye"},
        {"id": 6, "type": "message", "from": "Anna", "text": [{"type": "link"}]},
    ],
}


def test_telegram() -> None:
    parsed = read(raw(TELEGRAM), "result.json")
    assert (parsed.format, parsed.memories) == (Format.DIALOGUE, ())
    (talk,) = parsed.talks
    assert talk.title == "Anna"
    assert [(line.row, line.role, line.speaker, line.text, line.at) for line in talk.lines] == [
        (2, None, "Anna", "I live in Rome", datetime(2024, 5, 1, 10)),
        (3, None, "小雨", "look: example.org!", datetime(2024, 5, 1, 8, 1, tzinfo=UTC)),
        (5, None, "user1", "bye", None),
    ]
    assert [(w.row, w.code) for w in parsed.wrong] == [(6, "import_message")]


@pytest.mark.parametrize("who", ["from", "sender", "author", "role"])
def test_what_somebody_said_is_no_memory(who: str) -> None:
    rows = [{who: "Bob", "text": "my name is Bob"}, {who: "小雨", "text": "hi"}]
    for data in (raw(rows), raw({"messages": rows}), "\n".join(map(json.dumps, rows)).encode()):
        parsed = read(data)
        assert parsed.memories == ()
        assert [line.speaker for line in parsed.talks[0].lines] == ["Bob", "小雨"]
    assert refused(raw({"data": rows})) == "import_unknown"
