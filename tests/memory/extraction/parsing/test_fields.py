"""The fields of a proposal: odd values, dates, categories, numbers of known memories."""

from __future__ import annotations

import json
from datetime import date

import pytest

from memory.extraction.parsing import read_reply
from memory.types import Action, Kind, Operation, Subject
from tests.memory.extraction.parsing.replies import SKI


def test_chinese_values() -> None:
    raw = (
        '{"记忆": [{"操作": "新增", "内容": "念念去滑雪", "主体": "角色", "类型": "时序", '
        '"类别": "经历", "发生日期": "10月18号", "重要性": "高", "来源": "2、3"}]}'
    )
    (operation,) = read_reply(raw, today=date(2024, 11, 2)).operations
    assert operation == Operation(
        Action.ADD,
        "念念去滑雪",
        None,
        Subject.AI,
        Kind.TEMPORAL,
        "event",
        "2024-10-18",
        4,
        (2, 3),
    )


@pytest.mark.parametrize(
    ("given", "today", "expected"),
    [
        ("2024-05-04", None, "2024-05-04"),
        ("2024/5/4", None, "2024-05-04"),
        ("2024年5月", None, "2024-05"),
        ("2024", None, "2024"),
        (2024, None, "2024"),
        ("2024-05-04T08:00:00Z", None, "2024-05-04"),
        ("2024-05-04 to 2024-05-06", None, "2024-05-04"),
        ("October 18, 2024", None, "2024-10-18"),
        ("18th of Oct 2024", None, "2024-10-18"),
        ("Oct 2024", None, "2024-10"),
        ("10月18号", None, None),
        ("10月18号", date(2024, 10, 20), "2024-10-18"),
        ("12月30日", date(2025, 1, 3), "2024-12-30"),
        ("Jan 2", date(2024, 12, 30), "2025-01-02"),
        ("2024-13-45", None, None),
        ("2023-02-29", None, None),
        ("soon", date(2024, 1, 1), None),
        ("20240504", None, "2024-05-04"),
        ("二〇二四年十月十三日", None, "2024-10-13"),
        ("二〇二四年十月二十日", None, "2024-10-20"),
        ("25/12/2024", None, "2024-12-25"),
        ("12/25/2024", None, "2024-12-25"),
        ("04/05/2024", None, None),
        (["2024-05-04"], None, "2024-05-04"),
        ({"year": 2024, "month": 5, "day": 4}, None, "2024-05-04"),
        ("null", None, None),
    ],
)
def test_event_dates(given: object, today: date | None, expected: str | None) -> None:
    raw = json.dumps({"memories": [{**SKI, "event_date": given}]})
    assert read_reply(raw, today=today).operations[0].event_date == expected


def test_values_out_of_the_ordinary_become_none_or_the_nearest() -> None:
    item = {
        "text": "用户喜欢猫",
        "subject": "USER ",
        "kind": "Permanent",
        "category": "???",
        "importance": "high",
        "source": ["#2", "message 3", 2, True, -1],
    }
    (operation,) = read_reply(json.dumps([item])).operations
    assert (operation.subject, operation.kind) == (Subject.USER, Kind.CONSTANT)
    assert (operation.category, operation.importance) == (None, 4)
    assert operation.source == (2, 3)
    (operation,) = read_reply(
        json.dumps([{"text": "用户喜欢猫", "subject": "cat", "kind": 7, "importance": 9}])
    ).operations
    assert (operation.subject, operation.kind, operation.importance) == (None, None, 4)


def test_own_categories_are_kept_and_foreign_ones_are_not() -> None:
    raw = json.dumps([{"text": "用户喜欢猫", "category": "Pets"}])
    assert read_reply(raw, categories=("pets", "other")).operations[0].category == "pets"
    raw = json.dumps([{"text": "用户喜欢猫", "category": "健康"}])
    assert read_reply(raw, categories=("pets", "other")).operations[0].category is None


def test_ids_are_small_integers_of_memories_that_were_shown() -> None:
    raw = json.dumps(
        [
            {"action": "UPDATE", "id": "#2", "text": "用户住在上海"},
            {"action": "UPDATE", "id": 9, "text": "用户养了一只猫"},
            {"action": "DELETE", "id": 3},
            {"action": "DELETE", "id": 9},
            {"action": "DELETE", "id": "0b9a12f0-7c1e-4d5f-9f43-2f6f0b8a1c11"},
            {"action": "NONE", "id": 1, "text": "用户是老师"},
        ]
    )
    result = read_reply(raw, known=3)
    assert [(o.action, o.id, o.text) for o in result.operations] == [
        (Action.UPDATE, 2, "用户住在上海"),
        (Action.ADD, None, "用户养了一只猫"),
        (Action.DELETE, 3, ""),
    ]
    assert {"unknown_id", "unchanged"} <= set(result.repairs)
