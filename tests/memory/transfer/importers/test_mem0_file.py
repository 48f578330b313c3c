"""Memories as mem0 hands them out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from memory.transfer import Format, read
from memory.types import Kind, Owner, Status, Subject
from tests.memory.transfer.importers.samples import MEM0, NOW, raw


@pytest.mark.parametrize("value", [MEM0, MEM0["results"], {"memories": MEM0["results"]}])
def test_mem0(value: Any) -> None:
    parsed = read(raw(value), now=NOW)
    assert parsed.format is Format.MEM0
    assert parsed.users == ("alex",)
    alex, ski = (found.memory for found in parsed.memories)
    assert alex.text == "Name is Alex. Enjoys basketball."
    assert (alex.id, alex.language) == (MEM0["results"][0]["id"], "en")
    assert alex.created_at == datetime(2025, 6, 20, 17, 22, 23, tzinfo=UTC) == alex.updated_at
    assert (alex.kind, alex.category, alex.importance) == (Kind.CONSTANT, "other", 3)
    assert (ski.id, ski.owner) == ("", Owner("alex", "qing"))
    assert (ski.kind, ski.event_date, ski.category) == (Kind.TEMPORAL, "2024-10-18", "event")
    assert (ski.importance, ski.pinned, ski.status) == (4, True, Status.ARCHIVED)
    assert ski.source.session_id == "s1"


def test_what_our_own_store_tells_a_mem0_client_comes_back() -> None:
    row = {
        "id": "7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4c",
        "memory": "念念喜欢下雨",
        "role": "assistant",
        "metadata": {
            "subject": "ai",
            "kind": "constant",
            "language": "zh",
            "category": "preference",
        },
    }
    (found,) = read(raw([row])).memories
    assert (found.memory.subject, found.memory.category) == (Subject.AI, "preference")
    row["metadata"] = None
    (found,) = read(raw([row])).memories
    assert found.memory.subject is Subject.AI


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (5, "import_row_type"),
        (None, "import_row_type"),
        ({"id": "x"}, "import_text"),
        ({"memory": 7}, "import_text"),
        ({"memory": "  \x00 "}, "memory_text_empty"),
        ({"memory": "长" * 2001}, "memory_text_long"),
        ({"memory": "x", "metadata": {"importance": 9}}, "memory_importance"),
        ({"memory": "x", "metadata": {"importance": "high"}}, "memory_importance"),
        ({"memory": "x", "metadata": {"event_date": "tomorrow"}}, "memory_event_date"),
        ({"memory": "x", "metadata": {"event_date": 20240101}}, "memory_event_date"),
        ({"memory": "x", "metadata": {"subject": "dog"}}, "memory_subject"),
        ({"memory": "x", "metadata": {"kind": ["x"]}}, "memory_kind"),
        ({"memory": "x", "metadata": {"status": "lost"}}, "memory_status"),
        ({"memory": "x", "metadata": {"pinned": "maybe"}}, "memory_pinned"),
    ],
)
def test_a_wrong_row_is_named_and_the_rest_is_read(row: Any, code: str) -> None:
    parsed = read(raw([{"memory": "first"}, row, {"memory": "third"}]))
    assert [(found.row, found.memory.text) for found in parsed.memories] == [
        (1, "first"),
        (3, "third"),
    ]
    assert [(wrong.row, wrong.code) for wrong in parsed.wrong] == [(2, code)]


def test_strange_values_around_a_good_text_do_no_harm() -> None:
    row = {
        "memory": "half an emoji \ud83d and a bell \x07",
        "id": 5,
        "user_id": {"a": 1},
        "agent_id": "x" * 5000,
        "created_at": "9999-99-99",
        "metadata": {"category": ["x"], "source": {"message_ids": [1, "m"]}, "language": 3},
    }
    (found,) = read(json.dumps([row]).encode(), now=NOW).memories
    assert found.memory.text == "half an emoji  and a bell"
    assert (found.memory.owner, found.memory.created_at) == (Owner("", ""), NOW)
    assert found.memory.source.message_ids == ("m",)


def test_a_message_among_memories_is_named() -> None:
    rows = {"results": [{"memory": "likes tea"}, {"from": "Bob", "text": "my name is Bob"}]}
    parsed = read(raw(rows))
    assert [found.memory.text for found in parsed.memories] == ["likes tea"]
    assert [(w.row, w.code) for w in parsed.wrong] == [(2, "import_row_type")]


def test_a_payload_of_mem0_with_a_role_is_a_memory() -> None:
    parsed = read(raw([{"data": "likes tea", "role": "user"}, {"memory": "x", "role": "user"}]))
    assert [found.memory.text for found in parsed.memories] == ["likes tea", "x"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024-10-18\n23:58 我：睡不着\n00:05 我：昨天去爬山了\n00:06 念念：好", [18, 19, 19]),
        ("2024-10-18 23:58 我：睡不着\n念念：嗯\n00:05 我：还是", [18, 18, 19]),
        ("2024-10-18\n14:30 我：一\n09:00 念念：二\n14:31 我：三", [18, 18, 18]),
        ("2024-10-18\n23:00 我：一\n2024-10-20\n08:00 念念：二\n23:59 我：三", [18, 20, 20]),
        ("2024-10-18\n23:00 我：一\n07:00 念念：二\n23:00 我：三\n0:10 我：四", [18, 19, 19, 20]),
        ("2024-10-18\n小雨 23:58\n睡不着\n念念 00:05\n昨天呢", [18, 19]),
    ],
    ids=["midnight", "dated", "out of order", "next date", "two nights", "headed"],
)
def test_a_log_over_midnight(text: str, days: list[int]) -> None:
    (talk,) = read(text.encode(), names=["小雨", "念念"]).talks
    assert [line.at and line.at.day for line in talk.lines] == days
