from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from memory.db.unbatched import ORPHANED_AFTER, UnbatchedMessage, owed_turns
from memory.types import MessageState

NOW = datetime(2024, 10, 18, 12, 0, tzinfo=UTC)


def line(number: int, role: str = "user", **more) -> UnbatchedMessage:
    values = {
        "id": f"m{number}",
        "number": number,
        "role": role,
        "state": MessageState.DONE,
        "remember": True,
        "reply_to": None,
        "opening": False,
        "created_at": NOW,
        **more,
    }
    return UnbatchedMessage(**values)


def reply(number: int, to: int, **more) -> UnbatchedMessage:
    return line(number, "assistant", reply_to=f"m{to}", **more)


def turns(*lines: UnbatchedMessage, last: int = 99, now: datetime = NOW) -> list[tuple[str, ...]]:
    return owed_turns(lines, last, now)


def test_a_turn_is_a_message_and_its_reply() -> None:
    assert turns(line(1), reply(2, 1), line(3), reply(4, 3)) == [("m1", "m2"), ("m3", "m4")]


@pytest.mark.parametrize("state", ["done", "stopped", "interrupted"])
def test_replies_that_ended_belong_to_the_turn(state: str) -> None:
    assert turns(line(1), reply(2, 1, state=MessageState(state))) == [("m1", "m2")]


def test_a_streaming_reply_holds_its_turn_back_and_no_other() -> None:
    streaming = reply(2, 1, state=MessageState.STREAMING)
    assert turns(line(1), streaming, line(3), reply(4, 3)) == [("m3", "m4")]


def test_a_failed_reply_is_left_out_and_what_the_user_said_is_not() -> None:
    failed = reply(2, 1, state=MessageState.FAILED)
    assert turns(line(1), failed) == [("m1",)]
    assert turns(line(1), failed, reply(3, 1)) == [("m1", "m3")]


def test_a_message_without_a_reply_waits_unless_it_was_orphaned() -> None:
    assert turns(line(1), last=1) == []
    assert turns(line(1), last=2) == [("m1",)]
    later = NOW + ORPHANED_AFTER + timedelta(seconds=1)
    assert turns(line(1), last=1, now=later) == [("m1",)]


def test_turns_not_to_be_remembered_are_passed_over() -> None:
    quiet = line(1, remember=False), reply(2, 1, remember=False)
    assert turns(*quiet) == []
    assert turns(*quiet, line(3), reply(4, 3)) == [("m3", "m4")]
    assert turns(line(1, remember=False), reply(2, 1)) == []
    assert turns(line(1), reply(2, 1, remember=False)) == [("m1",)]


def test_opening_lines_go_with_the_turn_that_follows() -> None:
    opening = line(1, "assistant", opening=True)
    assert turns(opening) == []
    assert turns(opening, line(2), reply(3, 2)) == [("m1", "m2", "m3")]
    assert turns(line(1, "assistant", opening=True, remember=False), line(2), reply(3, 2)) == [
        ("m2", "m3")
    ]


def test_a_new_reply_to_a_turn_that_went_before_is_a_turn() -> None:
    assert turns(reply(5, 1)) == [("m5",)]
    assert turns(reply(5, 1, state=MessageState.STREAMING)) == []


def test_what_was_said_before_the_only_process_started_has_nobody_who_answers_it() -> None:
    seconds = timedelta(seconds=5)
    alone = [line(1, created_at=NOW - 2 * seconds)]
    assert owed_turns(alone, 1, NOW, None) == []
    assert owed_turns(alone, 1, NOW, NOW - seconds) == [("m1",)]
    assert owed_turns(alone, 1, NOW, NOW - 3 * seconds) == []
    long_ago = [line(1, created_at=NOW - ORPHANED_AFTER - seconds)]
    assert owed_turns(long_ago, 1, NOW, NOW - 2 * ORPHANED_AFTER) == [("m1",)]
