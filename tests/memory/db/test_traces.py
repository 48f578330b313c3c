from __future__ import annotations

from dataclasses import replace

import pytest

from memory.errors import NotFound
from memory.types import Kind, Reason, Subject, Trace, TraceItem, Use


def _trace(message_id: str, clock, *memory_ids: str) -> Trace:
    items = tuple(
        TraceItem(
            id, f"用户{id}", Subject.USER, Kind.TEMPORAL, "event", "2024-05", Reason.RECALL, 0.5
        )
        for id in memory_ids
    )
    return Trace(
        message_id=message_id,
        items=items,
        created_at=clock.now,
        model="builtin",
        context_tokens=10,
        prompt_tokens=20,
        reply_tokens=30,
        context_ms=1.5,
        first_token_ms=2.5,
        total_ms=3.5,
    )


def test_a_trace_is_kept_replaced_and_found_by_memory(db, owner, other, clock, say) -> None:
    session = db.sessions.create(owner)
    _, first = say(session.id)
    _, second = say(session.id)
    db.traces.save(owner, _trace(first, clock, "a", "b", "a"))
    clock.forward(seconds=1)
    db.traces.save(owner, _trace(second, clock, "a"))
    assert db.traces.get(owner, second) == _trace(second, clock, "a")
    assert db.traces.using(owner, "a") == [second, first]
    assert db.traces.using(owner, "b") == [first]
    db.traces.save(owner, replace(_trace(first, clock), model="other"))
    assert db.traces.get(owner, first).model == "other"
    assert db.traces.using(owner, "b") == []
    assert db.traces.get(other, second) is None
    assert db.traces.using(other, "a") == []
    db.sessions.delete(owner, session.id)
    assert db.traces.get(owner, second) is None


def test_a_trace_needs_a_message_of_the_owner(db, owner, other, clock, say) -> None:
    session = db.sessions.create(owner)
    _, reply = say(session.id)
    with pytest.raises(NotFound):
        db.traces.save(other, _trace(reply, clock, "a"))
    with pytest.raises(NotFound):
        db.traces.save(owner, _trace("unknown", clock, "a"))


def test_uses_are_counted_for_their_owner_alone(db, owner, other, clock, say) -> None:
    session = db.sessions.create(owner)
    _, first = say(session.id)
    _, second = say(session.id)
    db.traces.save(owner, _trace(first, clock, "a", "b", "a"))
    earlier = clock.now
    clock.forward(seconds=1)
    db.traces.save(owner, _trace(second, clock, "a"))
    used = {"a": Use(2, clock.now), "b": Use(1, earlier)}
    assert db.traces.uses(owner) == used
    assert db.traces.uses(owner, ["a", "b", "never used"]) == used
    assert db.traces.uses(owner, ["b"]) == {"b": used["b"]}
    assert db.traces.uses(owner, []) == {}
    assert db.traces.uses(other) == {}
    assert db.traces.uses(other, ["a", "b"]) == {}
