"""What an extraction commits, and what an erasure leaves of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.db import Database
from memory.errors import NotFound
from memory.types import BatchState, ChangeAction, Owner
from tests.memory.db_fakes import StandingClock
from tests.memory.memories.service.changes import draft, extracted


@pytest.fixture
def batch(db: Database, owner: Owner, clock: StandingClock):
    session = db.sessions.create(owner)
    asked = db.messages.add(owner, session.id, "user", "我对花生过敏")
    db.messages.add(owner, session.id, "assistant", "记住了", reply_to=asked.id)
    db.batches.make(owner, session.id)
    return db.leases.claim("worker", clock.now)


def test_a_commit_finishes_its_batch_and_shows_what_was_learned(
    memory_service, store, db, owner, clock, batch
) -> None:
    memory = memory_service.add(owner, draft())
    better = replace(memory, text="用户对花生和腰果过敏")
    clock.forward(seconds=5)
    before = clock.now
    clock.forward(seconds=5)
    kept = memory_service.commit(
        [extracted(memory, better, ChangeAction.MERGE, clock)], batch.id, {"merged": 1}
    )
    assert store.memories == {memory.id: better}
    assert db.batches.get(batch.id).state is BatchState.DONE
    [learned] = memory_service.learned(owner, batch.session_id, since=before)
    assert (learned.batch_id, learned.finished_at) == (batch.id, clock.now)
    assert [c.id for c in learned.changes] == [kept[0].id]
    assert memory_service.learned(owner, since=clock.now) == []
    assert memory_service.learned(owner, "another session") == []
    memory_service.undoing.undo(owner, kept[0].id)
    [learned] = memory_service.learned(owner)
    assert learned.changes[0].undone_by is not None
    with pytest.raises(NotFound):
        memory_service.commit([], batch.id)


def test_a_batch_that_found_nothing_is_done_too(memory_service, db, owner, batch) -> None:
    assert memory_service.commit([], batch.id, {"refused": 2}) == []
    assert db.batches.get(batch.id).outcome == {"refused": 2}
    assert memory_service.learned(owner) == []


def test_what_a_person_changed_meanwhile_stays(memory_service, store, owner, clock) -> None:
    read = memory_service.add(owner, draft("用户住在北京"))
    deleted = memory_service.add(owner, draft("用户养猫"))
    by_hand = memory_service.edit(owner, read.id, text="用户住在北京朝阳", pinned=True)
    memory_service.delete(owner, [deleted.id])
    proposed = replace(read, text="用户在北京住", importance=5)
    kept = memory_service.commit(
        [
            extracted(read, proposed, ChangeAction.MERGE, clock),
            extracted(deleted, replace(deleted, importance=5), ChangeAction.EDIT, clock),
        ]
    )
    assert store.memories == {read.id: replace(by_hand, importance=5)}
    assert [(c.before, c.after) for c in kept] == [(by_hand, store.memories[read.id])]


def test_an_erased_owner_gets_nothing_from_a_running_extraction(
    memory_service, store, db, owner, other, clock, batch
) -> None:
    memory = memory_service.add(owner, draft())
    theirs = memory_service.add(other, draft())
    memory_service.history_first.erase_user(owner.user_id)
    late = replace(memory, id="late")
    with pytest.raises(NotFound) as caught:
        memory_service.commit([extracted(None, late, ChangeAction.ADD, clock)], batch.id)
    assert caught.value.code == "batch_gone"
    assert store.memories == {theirs.id: theirs}
    assert db.history.of(owner) == []


def test_an_erasure_in_another_process_takes_a_write_in_progress_back(
    memory_service, store, db, owner
) -> None:
    put = store.put

    def erased_meanwhile(memories) -> None:
        put(memories)
        db.erasure.erase_owner(owner)

    store.put = erased_meanwhile
    memory_service.add(owner, draft())
    assert store.memories == {}


def test_erasing_one_persona_leaves_the_others(memory_service, store, db, owner) -> None:
    elsewhere = Owner(owner.user_id, "qing")
    memory_service.add(owner, draft())
    kept = memory_service.add(elsewhere, draft())
    memory_service.history_first.erase_owner(owner)
    assert store.memories == {kept.id: kept}
    assert len(db.history.of(elsewhere)) == 1
    assert db.erasure.owed() == []
