from __future__ import annotations

from dataclasses import replace

import pytest

from memory.db import Ledger
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


def test_changes_are_owed_until_applied(ledger: Ledger, owner, memory, renamed) -> None:
    added = _change("c1", memory, group_id="g")
    edited = _change("c2", renamed, memory)
    ledger.record([added, edited])
    assert ledger.owed() == [added, edited]
    assert ledger.owing_users() == {added.owner.user_id}
    assert ledger.is_owing([owner.user_id, "nobody"])
    assert not ledger.is_owing(["nobody"])
    assert (ledger.owed([owner.user_id]), ledger.owed(["nobody"])) == ([added, edited], [])
    assert ledger.mark_applied(["c1"]) == 1
    assert ledger.owed() == [edited]
    assert ledger.mark_applied(["c2", "unknown"]) == 1
    assert ledger.owed() == []
    assert ledger.owing_users() == set()
    assert [c.id for c in ledger.changes(owner)] == ["c2", "c1"]


def test_changes_are_filtered_and_paged(ledger: Ledger, owner, other, memory, renamed) -> None:
    elsewhere = replace(memory, id="m2")
    ledger.record(
        [
            _change("c1", memory, group_id="g"),
            _change("c2", elsewhere),
            _change("c3", renamed, memory),
        ]
    )
    assert [c.id for c in ledger.changes(owner, memory_id=memory.id)] == ["c3", "c1"]
    assert [c.id for c in ledger.changes(owner, group_id="g")] == ["c1"]
    assert [c.id for c in ledger.changes(owner, limit=1)] == ["c3"]
    assert [c.id for c in ledger.changes(owner, before="c3")] == ["c2", "c1"]
    assert ledger.changes(other) == []
    with pytest.raises(NotFound):
        ledger.get_change(other, "c1")
    assert ledger.get_change(owner, "c3") == _change("c3", renamed, memory)


def test_a_batch_is_finished_in_the_same_transaction(ledger, owner, memory, say, clock) -> None:
    session = ledger.create_session(owner)
    say(session.id)
    batch = ledger.make_batch(owner, session.id)
    ledger.claim_batch("w", clock.now)
    ledger.record([_change("c1", memory)], finish_batch=batch.id, outcome={"added": 1})
    done = ledger.get_batch(batch.id)
    assert (done.state, done.outcome, done.finished_at) == (
        BatchState.DONE,
        {"added": 1},
        clock.now,
    )
    assert [c.id for c in ledger.changes(owner, batch_id=batch.id)] == ["c1"]
    # The worker that was slower, and thought that it still held the batch.
    with pytest.raises(NotFound) as caught:
        ledger.record([_change("c2", memory)], finish_batch=batch.id)
    assert caught.value.code == "batch_gone"
    assert [c.id for c in ledger.changes(owner)] == ["c1"]


def test_nothing_of_a_refused_record_is_kept(ledger: Ledger, owner, memory) -> None:
    with pytest.raises(NotFound):
        ledger.record([_change("c1", memory)], finish_batch="never made")
    assert ledger.changes(owner) == []


def test_a_change_is_undone_once(ledger: Ledger, owner, memory) -> None:
    ledger.record([_change("c1", memory), _change("c2", replace(memory, id="m2"))])
    ledger.mark_undone(["c1"], "u1")
    assert ledger.get_change(owner, "c1").undone_by == "u1"
    with pytest.raises(NotUndoable):
        ledger.mark_undone(["c2", "c1"], "u2")
    assert ledger.get_change(owner, "c2").undone_by is None


def test_undoing_an_undo_brings_the_change_back_into_force(ledger, owner, memory) -> None:
    ledger.record([_change("c1", memory)])
    ledger.record([_change("u1", memory)], undone={"c1": "u1"})
    ledger.record([_change("r1", memory)], undone={"u1": "r1"})
    assert ledger.get_change(owner, "c1").undone_by is None
    assert ledger.get_change(owner, "u1").undone_by == "r1"
