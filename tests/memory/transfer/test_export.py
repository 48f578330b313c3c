from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from memory.errors import BadInput
from memory.transfer.export import (
    CSV_COLUMNS,
    DiaryWords,
    Export,
    SessionExport,
    looks_like_formula,
    read_json,
    rows_to_csv,
    to_csv,
    to_json,
    to_markdown_diary,
)
from memory.types import (
    Actor,
    Change,
    ChangeAction,
    Kind,
    Memory,
    Message,
    Owner,
    Session,
    Source,
    Status,
    Subject,
    User,
)

NOW = datetime(2026, 3, 4, 4, 5, 6, 789, tzinfo=UTC)
OWNER = Owner("u1", "niannian")
WORDS = DiaryWords(
    title="小满的记忆",
    about_user="关于小满",
    about_ai="关于{name}",
    profile="画像",
    diary="日记",
    undated="日期不详",
    categories={"identity": "身份", "health": "健康", "event": "经历"},
    personas={"niannian": "念念"},
)


def make(text: str, **fields: Any) -> Memory:
    values: dict[str, Any] = {
        "id": f"id-{text}",
        "owner": OWNER,
        "text": text,
        "subject": Subject.USER,
        "kind": Kind.CONSTANT,
        "category": "health",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Memory(**(values | fields))


def everything() -> Export:
    memory = make(
        '用户对花生过敏 "quoted"\nline',
        kind=Kind.TEMPORAL,
        event_date="2026-03",
        status=Status.SUPERSEDED,
        source=Source("s1", ("m1",), "b1"),
        superseded_by="other",
        pinned=True,
    )
    return Export(
        user=User("u1", "小满", NOW, timezone="Asia/Shanghai"),
        exported_at=NOW,
        memories=(memory,),
        sessions=(
            SessionExport(
                Session("s1", OWNER, "早上好", NOW, NOW),
                (Message("m1", "s1", OWNER, 1, "user", "我对花生过敏", NOW),),
            ),
        ),
        changes=(Change("c1", OWNER, memory.id, ChangeAction.ADD, Actor.HAND, NOW, None, memory),),
    )


def test_json_reads_back_whole() -> None:
    export = everything()
    assert read_json(to_json(export)) == export


def test_json_is_readable_text() -> None:
    raw = to_json(everything())
    assert "用户对花生过敏" in raw
    document = json.loads(raw)
    assert (document["format"], document["version"]) == ("niannian-export", 1)
    assert document["memories"][0]["kind"] == "temporal"


@pytest.mark.parametrize(
    "raw", ["", "{}", "[]", "null", '{"format": "another"}', to_json(everything())[:-20]]
)
def test_what_is_no_export_is_refused(raw: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_json(raw)
    assert caught.value.code == "export_unreadable"


def test_a_refusal_does_not_quote_memories() -> None:
    raw = to_json(everything()).replace('"temporal"', '"花生"')
    with pytest.raises(BadInput) as caught:
        read_json(raw)
    assert "花生" not in str(caught.value)
    assert "花生" not in str(caught.value.params)
    assert caught.value.params["where"] == "memories.0.kind"


def test_csv_holds_every_memory_with_every_column() -> None:
    raw = to_csv([make('逗号, 引号" 和\n换行'), make("second", pinned=True)])
    assert raw.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(raw.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert rows[0]["text"] == '逗号, 引号" 和\n换行'
    assert [row["pinned"] for row in rows] == ["no", "yes"]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "  =cmd|' /C calc'!A0"),
        # Unseen characters that a spreadsheet drops: zero width, direction, soft hyphen, …
        *(f"{unseen}=1" for unseen in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202e\u034f"),
        *(f"{blank}=1" for blank in "\u3000\u00a0\u2003\u115f\u3164\u2800\x00\x1b\ufe0f"),
        *("\u200b\u200b+2", " \u200b \t-3", "\ttext", "\vtext", "\u2028text"),
        *('"=1', "'=1", "“=1”", "‘+1", "＂＝1", "＇@x", "«-1", '"\u200b"=1', "`=1"),
        *("＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x", "⁼1", "⁺1", "⁻1", "₌1"),
    ],
)
def test_csv_never_holds_a_formula(text: str) -> None:
    raw = to_csv([make(text, category=text)]).removeprefix("\ufeff")
    row = next(csv.DictReader(io.StringIO(raw, newline="")))
    assert row["text"] == f"'{text}"
    assert row["category"] == f"'{text}"


@pytest.mark.parametrize(
    "text", ["用户 = 我", "a-b", "“你好”", "'t was", "\u200b你好", "3 - 2", "—", "·", "1e5", ""]
)
def test_csv_leaves_ordinary_text_as_it_is(text: str) -> None:
    assert not looks_like_formula(text)


def test_csv_of_numbers_keeps_them_as_numbers() -> None:
    assert rows_to_csv(("count",), [(-3,)]) == "\ufeffcount\r\n-3\r\n"


def test_diary_zh() -> None:
    diary = to_markdown_diary(
        [
            make("用户去滑雪", kind=Kind.TEMPORAL, category="event", event_date="2026-03-04"),
            make("用户搬家", kind=Kind.TEMPORAL, category="event", event_date="2026-02"),
            make("用户开始跑步", kind=Kind.TEMPORAL, category="event", event_date="2025"),
            make("用户有一次迷路", kind=Kind.TEMPORAL, category="event"),
            make("用户对花生过敏"),
            make("用户叫小满", category="identity"),
            make("念念喜欢下雨", subject=Subject.AI, category="unknown"),
        ],
        WORDS,
        "zh",
    )
    assert diary == (
        "# 小满的记忆\n\n## 念念\n\n### 关于小满\n\n#### 画像\n\n"
        "**身份**\n\n- 用户叫小满\n\n**健康**\n\n- 用户对花生过敏\n\n"
        "#### 日记\n\n**2025年**\n\n- 用户开始跑步\n\n**2026年2月**\n\n- 用户搬家\n\n"
        "**2026年3月**\n\n- 4日：用户去滑雪\n\n**日期不详**\n\n- 用户有一次迷路\n\n"
        "### 关于念念\n\n#### 画像\n\n**unknown**\n\n- 念念喜欢下雨\n"
    )


def test_diary_en() -> None:
    diary = to_markdown_diary(
        [make("The user went skiing", kind=Kind.TEMPORAL, event_date="2026-03-04")],
        DiaryWords("Memories of Ann", "About Ann", "About {name}", "Profile", "Diary", "No date"),
        "en",
    )
    assert "**March 2026**\n\n- March 4: The user went skiing\n" in diary


def test_diary_shows_markdown_as_text() -> None:
    diary = to_markdown_diary([make("# <img src=x> **bold**\n[link](javascript:x)")], WORDS, "zh")
    line = next(line for line in diary.splitlines() if line.startswith("- "))
    assert line == "- \\# \\<img src=x\\> \\*\\*bold\\*\\* \\[link\\](javascript:x)"
