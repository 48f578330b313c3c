"""Counts for the insights: made by the database, by quarters of an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from memory.db import Database
from memory.types import (
    Kind,
    Message,
    MessageState,
    Mood,
    Owner,
    Reason,
    Subject,
    Trace,
    TraceItem,
)

MORNING = datetime(2026, 3, 4, 8, 7, tzinfo=UTC)
ITEM = TraceItem(
    "m1", "用户喜欢滑雪", Subject.USER, Kind.CONSTANT, "preference", None, Reason.RECALL
)
Turn = Callable[..., tuple[Message, Message]]


@pytest.fixture
def turn(db: Database) -> Turn:
    """One turn in a session of its own, at any time."""

    def play(
        whose: Owner,
        at: datetime,
        *,
        used: bool | None = None,
        state: MessageState = MessageState.DONE,
    ) -> tuple[Message, Message]:
        session = db.sessions.create(whose, created_at=at)
        asked = db.messages.add(whose, session.id, "user", "你好", created_at=at)
        answer = db.messages.add(
            whose, session.id, "assistant", "在", state=state, reply_to=asked.id, created_at=at
        )
        if used is not None:
            items = (ITEM,) if used else ()
            db.traces.save(whose, Trace(answer.id, items, created_at=at))
        return asked, answer

    return play


def test_messages_are_counted_by_quarters_of_an_hour(
    db: Database, owner: Owner, other: Owner, turn: Turn
) -> None:
    for minutes in (0, 5, 8, 60):
        turn(owner, MORNING + timedelta(minutes=minutes))
    turn(other, MORNING)
    found = db.aggregates.messages_by_slot([owner])
    assert [(slot.start, slot.count) for slot in found] == [
        (datetime(2026, 3, 4, 8, 0, tzinfo=UTC), 2),
        (datetime(2026, 3, 4, 8, 15, tzinfo=UTC), 1),
        (datetime(2026, 3, 4, 9, 0, tzinfo=UTC), 1),
    ]
    assert sum(slot.count for slot in db.aggregates.messages_by_slot([owner, other])) == 5
    late = db.aggregates.messages_by_slot([owner], since=MORNING + timedelta(minutes=30))
    assert [slot.count for slot in late] == [1]
    assert db.aggregates.messages_by_slot([]) == []


def test_replies_are_counted_with_how_many_used_memory(
    db: Database, owner: Owner, turn: Turn
) -> None:
    turn(owner, MORNING, used=True)
    turn(owner, MORNING, used=False)
    turn(owner, MORNING)
    turn(owner, MORNING, used=True, state=MessageState.FAILED)
    turn(owner, MORNING, used=True, state=MessageState.REPLACED)
    session = db.sessions.create(owner, created_at=MORNING)
    hello = db.messages.add(
        owner, session.id, "assistant", "你来啦", opening=True, created_at=MORNING
    )
    db.traces.save(owner, Trace(hello.id, (ITEM,), created_at=MORNING))
    found = db.aggregates.replies_by_slot([owner])
    assert [(slot.count, slot.used) for slot in found] == [(3, 1)]


def test_moods_come_with_the_time_at_which_they_were_felt(
    db: Database, owner: Owner, other: Owner, turn: Turn
) -> None:
    for whose, days, outcome in (
        (owner, 3, {"mood": {"score": -1, "word": "疲惫"}}),
        (owner, 1, {"mood": {"score": 2}}),
        (owner, 2, {"added": 3}),
        (owner, 4, {"mood": None}),
        (other, 0, {"mood": {"score": 0, "word": "平静"}}),
    ):
        asked, _ = turn(whose, MORNING + timedelta(days=days))
        batch = db.batches.make(whose, asked.session_id)
        assert batch is not None
        db.history.record([], finish_batch=batch.id, outcome=outcome)
    found = db.aggregates.moods([owner])
    assert [(point.at, point.mood) for point in found] == [
        (MORNING + timedelta(days=1), Mood(2, "")),
        (MORNING + timedelta(days=3), Mood(-1, "疲惫")),
    ]
    assert len(db.aggregates.moods([owner, other])) == 3
    assert len(db.aggregates.moods([owner], since=MORNING + timedelta(days=2))) == 1
    assert db.aggregates.moods([]) == []


def test_who_said_a_message_is_told_to_its_owner_only(
    db: Database, owner: Owner, other: Owner, turn: Turn
) -> None:
    asked, answer = turn(owner, MORNING)
    ids = [asked.id, answer.id, "gone"]
    assert db.aggregates.roles_of([owner], ids) == {asked.id: "user", answer.id: "assistant"}
    assert db.aggregates.roles_of([other], ids) == {}
    assert db.aggregates.roles_of([owner], []) == {}


def test_costs_are_those_of_everybody_since_a_time(
    db: Database, owner: Owner, other: Owner, turn: Turn
) -> None:
    for whose, at in ((owner, MORNING), (other, MORNING), (owner, MORNING - timedelta(days=40))):
        _, answer = turn(whose, at)
        spent = Trace(
            answer.id,
            (),
            created_at=at,
            prompt_tokens=300,
            reply_tokens=20,
            picture_tokens=85,
            audio_seconds=2.5,
        )
        db.traces.save(whose, spent)
    found = db.aggregates.costs(MORNING - timedelta(days=30))
    assert (found.replies, found.prompt_tokens, found.reply_tokens) == (2, 600, 40)
    assert (found.picture_tokens, found.audio_seconds, found.extraction_tokens) == (170, 5, 0)
