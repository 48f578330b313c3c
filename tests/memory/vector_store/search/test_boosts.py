"""Who and when a question asks about."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from memory.types import Judgement
from memory.vector_store.payload import memory_of
from memory.vector_store.search.boosts import (
    IMPORTANCE,
    SUBJECT,
    TIME,
    Question,
    boosts,
    overlap,
    reminds,
    side_of,
)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("你说过你喜欢什么", "ai"),
        ("你喜欢什么", "ai"),
        ("what do you like?", "ai"),
        ("what did you say you like?", "ai"),
        ("我喜欢什么", "user"),
        ("你还记得我喜欢什么吗", "user"),
        ("我跟你说过我养了什么吗", "user"),
        ("do you remember what I like?", "user"),
        ("Did I tell you about my sister?", "user"),
        ("我们都喜欢什么", "both"),
        ("what do we have in common?", "both"),
        ("你和我谁更怕冷", "both"),
        ("谁怕冷", None),
        ("", None),
    ],
)
def test_whom_a_question_is_about(text: str, side: str | None) -> None:
    assert side_of(text) == side


def test_boosts_add_up_what_was_asked_for() -> None:
    payload = {
        "subject": "ai",
        "event_date": "2024-10-20",
        "importance": 5,
        "pinned": True,
    }
    question = Question("ai", (date(2024, 10, 19), date(2024, 10, 20)))
    found = boosts(memory_of("1", payload), question, 0.9)
    assert found["time"] == TIME
    assert found["subject"] == SUBJECT
    assert found["importance"] == IMPORTANCE
    assert set(found) == {"time", "subject", "importance", "pinned", "retention"}


def test_nothing_is_added_for_what_was_not_asked() -> None:
    payload = {"subject": "user", "event_date": "2020-01-01", "importance": 3}
    assert (
        boosts(memory_of("1", payload), Question("ai", (date(2024, 10, 19), date(2024, 10, 20))))
        == {}
    )


def test_what_is_still_present_gets_a_little_more() -> None:
    def added(present: float) -> float:
        return boosts(memory_of("1", {}), Question(None, None), present).get("retention", 0.0)

    assert added(1) > added(0.5) > added(0) == 0
    assert added(1) < IMPORTANCE, "no more than a tie-breaker"


def test_foreign_payloads_do_no_harm() -> None:
    odd = {"event_date": "next week", "created_at": "2024-10-22", "importance": "high"}
    assert boosts(memory_of("1", odd), Question(None, (date(2024, 1, 1), date(2024, 12, 31)))) == {}


@pytest.mark.parametrize("event_date", ["2024", "2024-10", "2024-10-20"])
def test_a_month_and_a_year_overlap_their_days(event_date: str) -> None:
    assert overlap(event_date, (date(2024, 10, 20), date(2024, 10, 20)))
    assert not overlap(event_date, (date(2023, 10, 20), date(2023, 10, 20)))


def test_feedback_moves_a_memory_gently_and_silence_doesnt() -> None:
    def added(**judged: Any) -> float:
        return sum(
            boosts(memory_of("1", {}), Question(None, None), 0, Judgement(**judged)).values()
        )

    by_opinion = [added(opinion=one) for one in ("very_negative", "negative", None, "positive")]
    assert by_opinion == sorted(by_opinion)
    assert by_opinion[2] == 0
    thumbs = [added(replies=number) for number in (-90, -1, 0, 1, 90)]
    assert thumbs == sorted(thumbs)
    assert thumbs[-1] < 0.01 > -thumbs[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你还记得我养了什么吗", True),
        ("我跟你说过我养了什么", True),
        ("你给我推荐过哪家店", True),
        ("do you remember my dog?", True),
        ("what did I tell you about Rome?", True),
        ("给我讲个鬼故事", False),
        ("跟我聊聊", False),
        ("tell me a secret", False),
        ("I bought a lamp", False),
    ],
)
def test_a_request_reminds_of_nothing(text: str, expected: bool) -> None:
    assert reminds(text) is expected
