"""Plain dialogues, as people and messengers write them down."""

from __future__ import annotations

from datetime import datetime

import pytest

from memory.transfer import Format, read
from tests.memory.transfer.importers.samples import DIALOGUE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_dialogue_in_every_encoding(encoding: str) -> None:
    parsed = read(DIALOGUE.encode(encoding), "talk.txt")
    assert parsed.format is Format.DIALOGUE
    (talk,) = parsed.talks
    assert (talk.title, parsed.speakers) == ("talk", ("念念",))
    assert [line.text for line in talk.lines] == [
        "你好",
        "你好呀\n今天过得好吗？\n\n注意：这不是第三个人",
        "昨天去爬山了",
        "真好 https://example.org",
    ]
    assert [line.role for line in talk.lines] == ["user", None, "user", None]
    assert [line.at for line in talk.lines] == [
        None,
        None,
        datetime(2024, 10, 18, 12),
        datetime(2024, 10, 18, 14, 30),
    ]
    assert [(w.row, w.code) for w in parsed.wrong] == [(1, "import_no_speaker")]


@pytest.mark.parametrize(
    "text",
    [
        "小雨 2024-10-18 12:30:05\n你好\n\n阿青 2024-10-18 12:31\n在的",
        "[2024/10/18, 12:30:05] 小雨: 你好\n[2024/10/18, 12:31:00] 阿青: 在的",
        "2024-10-18 12:30:05 小雨：你好\n2024-10-18 12:31 阿青：在的",
        "【2024年10月18日 12:30:05】小雨：你好\n【2024年10月18日 12:31】阿青：在的",
    ],
)
def test_dialogue_as_messengers_copy_it(text: str) -> None:
    (talk,) = read(text.encode()).talks
    assert [(line.speaker, line.text) for line in talk.lines] == [
        ("小雨", "你好"),
        ("阿青", "在的"),
    ]
    assert talk.lines[0].at == datetime(2024, 10, 18, 12, 30, 5)
    assert talk.lines[1].at == datetime(2024, 10, 18, 12, 31)
