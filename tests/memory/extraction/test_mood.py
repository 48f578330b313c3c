"""The mood beside the memories: read from whatever a model writes, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from memory.extraction.parsing import read_reply
from memory.extraction.parsing.mood import read_mood
from memory.extraction.reconcile import Decision
from memory.extraction.result import Extracted
from memory.extraction.validation import Guarded
from memory.types import ExtractionReply, Mood

ITEM = {"action": "ADD", "text": "用户住在上海", "subject": "user", "kind": "constant"}


def reply(**beside: Any) -> str:
    return json.dumps({"memories": [ITEM], **beside}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"score": -1, "word": "疲惫"}, Mood(-1, "疲惫")),
        ({"score": "-2", "word": "绝望"}, Mood(-2, "绝望")),
        ({"score": 7, "word": "great"}, Mood(2, "great")),
        ({"score": -9.0, "word": "sad"}, Mood(-2, "sad")),
        ({"score": -0.6, "word": "low"}, Mood(-1, "low")),
        ({"score": 0, "word": "平静"}, Mood(0, "平静")),
        ({"Score": 1, "Word": "Happy"}, Mood(1, "Happy")),
        ({"分数": 1, "词": "开心"}, Mood(1, "开心")),
        ({"score": "+1 (happy)", "word": "happy"}, Mood(1, "happy")),
        ({"score": -1}, Mood(-1, "")),
        ({"word": "疲惫"}, Mood(-1, "疲惫")),
        ({"label": "positive"}, Mood(1, "positive")),
        ({"score": 1, "word": None}, Mood(1, "")),
        ({"score": 1, "word": "一个长得根本不是一个词而是一整句话的心情描述"}, Mood(1, "")),
        (-1, Mood(-1, "")),
        ("-1 疲惫", Mood(-1, "疲惫")),
        ("疲惫（-1）", Mood(-1, "疲惫")),
        ("开心", Mood(1, "开心")),
        ("neutral", Mood(0, "neutral")),
        ([-1, "疲惫"], Mood(-1, "疲惫")),
        (None, None),
        ("", None),
        ("unknown", None),
        ("天气不错的样子", None),
        ({}, None),
        ({"score": None, "word": None}, None),
        ({"score": True}, None),
        ({"score": float("nan")}, None),
        ({"score": "much"}, None),
        ([], None),
        ([1, 2, 3], None),
    ],
)
def test_a_mood_in_any_of_its_forms(given: Any, expected: Mood | None) -> None:
    assert read_mood(given) == expected


def test_the_contract_has_memories_and_mood_side_by_side() -> None:
    result = read_reply(reply(mood={"score": -1, "word": "疲惫"}))
    assert [op.text for op in result.operations] == ["用户住在上海"]
    assert result.mood == Mood(-1, "疲惫")
    assert "junk_items" not in result.repairs


@pytest.mark.parametrize(
    "raw",
    [
        '```json\n{"memories": [], "mood": {"score": 1, "word": "开心"}}\n```',
        "{'memories': [], 'mood': {'score': 1, 'word': '开心'},}",
        '<think>she is happy</think>{"mood": {"score": 1, "word": "开心"}, "memories": []}',
        '{"result": {"memories": [], "mood": {"score": 1, "word": "开心"}}}',
        '{"memories": [], "心情": {"分数": 1, "词": "开心"}}',
        '{"memories": [], "mood_score": 1, "mood_word": "开心"}',
        '{"memories": [], "mood": "开心"}',
        '{"mood": {"score": 1, "word": "开心"}}',
    ],
)
def test_the_mood_survives_what_memories_survive(raw: str) -> None:
    result = read_reply(raw)
    assert result.readable
    assert result.operations == ()
    assert result.mood == Mood(1, "开心")


def test_a_list_that_never_closed_keeps_the_mood_out_of_the_memories() -> None:
    raw = reply(mood={"score": -1, "word": "累"}).replace("}],", "},")
    result = read_reply(raw)
    assert [op.text for op in result.operations] == ["用户住在上海"]
    assert result.mood == Mood(-1, "累")


def test_a_cut_reply_keeps_what_came_before_the_cut() -> None:
    raw = reply(mood={"score": -1, "word": "疲惫"})
    cut = read_reply(raw[: raw.index("疲惫")])
    assert [op.text for op in cut.operations] == ["用户住在上海"]
    assert cut.cut
    assert cut.mood == Mood(-1, "")


def test_a_mood_inside_of_a_memory_is_not_the_mood_of_the_batch() -> None:
    raw = json.dumps({"memories": [{**ITEM, "mood": {"score": 2, "word": "high"}}]})
    assert read_reply(raw).mood is None


def test_memories_grouped_under_a_category_called_mood_stay_memories() -> None:
    raw = json.dumps({"情绪": ["用户今天很难过，一个人哭了很久"]}, ensure_ascii=False)
    assert read_reply(raw).mood is None
    same = json.dumps({"memories": [ITEM], "mood": "用户今天一个人哭了很久"}, ensure_ascii=False)
    assert read_reply(same).mood is None


def test_no_mood_changes_nothing() -> None:
    assert read_reply(reply()).mood is None
    assert read_reply(reply(mood=None)).operations == read_reply(reply()).operations
    assert read_reply("I can't do that").readable is False


def test_the_outcome_of_a_batch_keeps_it() -> None:
    def kept(mood: Mood | None) -> dict[str, Any]:
        answer = ExtractionReply((), mood=mood)
        return Extracted(answer, Guarded(()), Decision()).outcome().as_mapping()

    assert kept(Mood(-1, "疲惫"))["mood"] == {"score": -1, "word": "疲惫"}
    assert "mood" not in kept(None)
