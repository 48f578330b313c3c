"""When it is said that this is an AI, and when a break is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from memory.chat.service_notices import notice_text, notices

START = datetime(2026, 11, 7, 20, tzinfo=UTC)


def at(*minutes: int) -> list[datetime]:
    return [START + timedelta(minutes=minute) for minute in minutes]


def due(*minutes: int, minor: bool = False) -> list[tuple[str, int]]:
    found = notices(at(*minutes), minor=minor, name="Qing", language="en")
    return [(notice.kind, int((notice.at - START).total_seconds() // 60)) for notice in found]


def test_nothing_was_said_so_nothing_is_due() -> None:
    assert due() == []


def test_a_pause_of_half_an_hour_is_a_break_taken() -> None:
    talk = [*range(0, 110, 10), *range(140, 250, 10)]
    assert due(*talk) == [("ai", 0), ("ai", 180)]


def test_two_hours_without_one_are_a_reason_to_suggest_it_and_two_more_again() -> None:
    assert due(*range(0, 250, 10)) == [("ai", 0), ("break", 120), ("ai", 180), ("break", 240)]


def test_for_minors_it_is_one_hour() -> None:
    assert due(*range(0, 70, 10), minor=True) == [("ai", 0), ("break", 60)]


def test_after_three_quiet_hours_it_is_a_new_conversation() -> None:
    assert due(0, 5, 200) == [("ai", 0), ("ai", 200)]
    # Now and then a message: never more than three hours without the notice.
    assert due(0, 120, 240, 360) == [("ai", 0), ("ai", 240)]


def test_the_words_are_fixed_and_name_the_program() -> None:
    said = notice_text("ai", "Qing", "en")
    assert said.startswith("THE AI COMPANION QING IS A COMPUTER PROGRAM")
    assert said == said.upper()
    assert "人工智能" in notice_text("ai", "阿晴", "zh")
    for language in ("zh", "en"):
        text = notice_text("break", "阿晴", language)
        assert "阿晴" in text
        assert ("人工智能" if language == "zh" else "an AI") in text
