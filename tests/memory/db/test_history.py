from __future__ import annotations

from dataclasses import replace

import pytest

from memory.db import Database
from memory.errors import NotFound, NotUndoable
from memory.types import Actor, BatchState, Change, ChangeAction, Memory


def _change(id: str, memory: Memory, before: Memory | None = None, **more) -> Change:
    return Change(
        id=id,
        owner=memory.owner,
        memory_id=memory.id,
        action=ChangeAction.EDIT if before else ChangeAction.ADD,
        actor=Actor.HAND,
        at=memory.updated_at,
        before=before,
        after=memory,
        **more,
    )


def test_changes_are_owed_until_applied(db: Database, owner, memory, renamed) -> None:
    added = _change("c1", memory, group_id="g")
    edited = _change("c2", renamed, memory)
    db.history.record([added, edited])
    assert db.history.owed() == [added, edited]
    assert db.history.owing_users() == {added.owner.user_id}
    assert db.history.is_owing([owner.user_id, "nobody"])
    assert not db.history.is_owing(["nobody"])
    assert (db.history.owed([owner.user_id]), db.history.owed(["nobody"])) == ([added, edited], [])
    assert db.history.mark_applied(["c1"]) == 1
    assert db.history.owed() == [edited]
    assert db.history.mark_applied(["c2", "unknown"]) == 1
    assert db.history.owed() == []
    assert db.history.owing_users() == set()
    assert [c.id for c in db.history.of(owner)] == ["c2", "c1"]


def test_changes_are_filtered_and_paged(db: Database, owner, other, memory, renamed) -> None:
    elsewhere = replace(memory, id="m2")
    db.history.record(
        [
            _change("c1", memory, group_id="g"),
            _change("c2", elsewhere),
            _change("c3", renamed, memory),
        ]
    )
    assert [c.id for c in db.history.of(owner, memory_id=memory.id)] == ["c3", "c1"]
    assert [c.id for c in db.history.of(owner, group_id="g")] == ["c1"]
    assert [c.id for c in db.history.of(owner, limit=1)] == ["c3"]
    assert [c.id for c in db.history.of(owner, before="c3")] == ["c2", "c1"]
    assert db.history.of(other) == []
    with pytest.raises(NotFound):
        db.history.get(other, "c1")
    assert db.history.get(owner, "c3") == _change("c3", renamed, memory)


def test_a_batch_is_finished_in_the_same_transaction(db, owner, memory, say, clock) -> None:
    session = db.sessions.create(owner)
    say(session.id)
    batch = db.batches.make(owner, session.id)
    db.leases.claim("w", clock.now)
    db.history.record([_change("c1", memory)], finish_batch=batch.id, outcome={"added": 1})
    done = db.batches.get(batch.id)
    assert (done.state, done.outcome, done.finished_at) == (
        BatchState.DONE,
        {"added": 1},
        clock.now,
    )
    assert [c.id for c in db.history.of(owner, batch_id=batch.id)] == ["c1"]
    # The worker that was slower, and thought that it still held the batch.
    with pytest.raises(NotFound) as caught:
        db.history.record([_change("c2", memory)], finish_batch=batch.id)
    assert caught.value.code == "batch_gone"
    assert [c.id for c in db.history.of(owner)] == ["c1"]


def test_nothing_of_a_refused_record_is_kept(db: Database, owner, memory) -> None:
    with pytest.raises(NotFound):
        db.history.record([_change("c1", memory)], finish_batch="never made")
    assert db.history.of(owner) == []


def test_a_change_is_undone_once(db: Database, owner, memory) -> None:
    db.history.record([_change("c1", memory), _change("c2", replace(memory, id="m2"))])
    db.history.record([_change("u1", memory)], undone={"c1": "u1"})
    assert db.history.get(owner, "c1").undone_by == "u1"
    with pytest.raises(NotUndoable):
        db.history.record([_change("u2", memory)], undone={"c2": "u2", "c1": "u2"})
    assert db.history.get(owner, "c2").undone_by is None


def test_undoing_an_undo_brings_the_change_back_into_force(db, owner, memory) -> None:
    db.history.record([_change("c1", memory)])
    db.history.record([_change("u1", memory)], undone={"c1": "u1"})
    db.history.record([_change("r1", memory)], undone={"u1": "r1"})
    assert db.history.get(owner, "c1").undone_by is None
    assert db.history.get(owner, "u1").undone_by == "r1"
