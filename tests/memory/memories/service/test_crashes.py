"""Changes that failed or were cut short by a kill are made once, at the next chance."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import FolderUnusable, ModelUnreachable
from memory.memories import MemoryService
from memory.types import BatchState, ChangeAction
from tests.memory.db_fakes import FakeStore
from tests.memory.memories.service.changes import draft, extracted

REPOSITORY = Path(__file__).parents[4]


def test_a_change_that_the_store_refused_is_made_before_the_next_one(
    memory_service, store, db, owner
) -> None:
    memory = memory_service.add(owner, draft())
    store.fail = FolderUnusable(folder="data", why="no space left")
    with pytest.raises(FolderUnusable):
        memory_service.edit(owner, memory.id, importance=5)
    with pytest.raises(FolderUnusable):
        memory_service.edit(owner, memory.id, pinned=True)
    assert len(db.history.owed()) == 1
    store.fail = None
    after = memory_service.edit(owner, memory.id, pinned=True)
    assert (after.importance, after.pinned) == (5, True)
    assert db.history.owed() == []


def test_what_another_process_owes_is_made_before_the_next_change(
    memory_service, store, db, owner, other, clock
) -> None:
    memory, theirs = memory_service.add(owner, draft()), memory_service.add(other, draft())
    elsewhere = MemoryService(store, db, clock=clock)
    store.fail = FolderUnusable(folder="data", why="no space left")
    for who, one in ((owner, memory), (other, theirs)):
        with pytest.raises(FolderUnusable):
            elsewhere.edit(who, one.id, text="用户对腰果过敏")
    store.fail = None
    memory_service.pin(owner, memory.id)
    assert elsewhere.history_first.settle() == 1, "the other user's is still owed"
    after = store.memories[memory.id]
    assert (after.text, after.pinned) == ("用户对腰果过敏", True)
    assert store.memories[theirs.id].text == "用户对腰果过敏"
    assert db.history.owed() == []


def test_settling_applies_what_is_owed_and_costs_nothing_otherwise(
    memory_service, store, owner
) -> None:
    store.fail = ModelUnreachable()
    with pytest.raises(ModelUnreachable):
        memory_service.add(owner, draft())
    with pytest.raises(ModelUnreachable):
        memory_service.history_first.settle()
    store.fail = None
    assert memory_service.history_first.settle() == 1
    assert memory_service.history_first.settle() == 0
    assert len(store.memories) == 1


def test_an_endpoint_that_is_away_is_no_reason_not_to_start(
    memory_service, store, db, clock, owner
) -> None:
    store.fail = ModelUnreachable()
    with pytest.raises(ModelUnreachable):
        memory_service.add(owner, draft())
    restarted = MemoryService(store, db, clock=clock)
    assert restarted.history_first.recover() == 0
    store.fail = None
    restarted.add(owner, draft("用户养猫"))
    assert len(store.memories) == 2
    assert db.history.owed() == []


def test_recovering_applies_the_last_state_of_each_memory(
    memory_service, store, db, owner, clock
) -> None:
    memory = memory_service.add(owner, draft())
    deleted = memory_service.add(owner, draft("用户养猫"))
    first = replace(memory, importance=4)
    second = replace(first, pinned=True)
    db.history.record(
        [
            extracted(memory, first, ChangeAction.EDIT, clock),
            extracted(first, second, ChangeAction.PIN, clock),
            extracted(deleted, None, ChangeAction.DELETE, clock),
        ]
    )
    again = MemoryService(store, db, clock=clock)
    assert again.history_first.recover() == 3
    assert store.memories == {memory.id: second}
    assert again.history_first.recover() == 0


def test_an_erasure_cut_short_is_finished_at_the_next_start(
    memory_service, store, db, owner, clock
) -> None:
    memory_service.add(owner, draft())
    store.fail = FolderUnusable(folder="data", why="no space left")
    with pytest.raises(FolderUnusable):
        memory_service.history_first.erase_user(owner.user_id)
    store.fail = None
    MemoryService(store, db, clock=clock).history_first.recover()
    assert store.memories == {}
    assert db.erasure.owed() == []


CRASHING = """
import os, signal, sys
from pathlib import Path
from memory.memories import MemoryService
from memory.db import Database, resolve_database_url
from memory.types import Kind, MemoryDraft, Owner, Subject
from tests.memory.db_fakes import FakeStore

folder, moment, doing = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
db, store = Database(resolve_database_url(folder)), FakeStore(folder / "store")
owner, die = Owner("lin", "niannian"), lambda: os.kill(os.getpid(), signal.SIGKILL)

def dying(method, before):
    def call(*args, **more):
        if before:
            die()
        method(*args, **more)
        die()
    return call

memory_service = MemoryService(store, db)
name, before = {
    "before record": ("record", True),
    "after record": ("record", False),
    "after the store": ("put", False),
    "before the mark": ("mark_applied", True),
    "after the mark": ("mark_applied", False),
}[moment]
target = store if name == "put" else db.history
setattr(target, name, dying(getattr(target, name), before))
if doing == "batch":
    batch = db.leases.claim("w", db.engine.clock())
    drafts = [MemoryDraft(f"用户有 {n} 只猫", Subject.USER, Kind.CONSTANT) for n in range(3)]
    from memory.memories.edits import drafted
    from memory.memories.history_first import new_id
    from memory.types import Actor, Change, ChangeAction
    changes = []
    for d in drafts:
        m = drafted(owner, d, id=new_id(), now=db.engine.clock(), categories=["other"])
        changes.append(Change(new_id(), owner, m.id, ChangeAction.ADD, Actor.EXTRACTION, db.engine.clock(), None, m, batch.id))
    memory_service.commit(changes, batch.id)
else:
    [memory] = store.memories.values()
    memory_service.edit(owner, memory.id, text="用户对腰果过敏", importance=5)
"""


def _crash(folder: Path, moment: str, doing: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CRASHING, str(folder), moment, doing],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize(
    ("moment", "survives"),
    [
        ("before record", False),
        ("after record", True),
        ("after the store", True),
        ("before the mark", True),
        ("after the mark", True),
    ],
)
def test_kill_during_an_edit_neither_loses_nor_doubles(
    tmp_path: Path, owner, moment: str, survives: bool
) -> None:
    db = Database(resolve_database_url(tmp_path))
    memory_service = MemoryService(FakeStore(tmp_path / "store"), db)
    memory = memory_service.add(owner, draft())
    db.close()
    _crash(tmp_path, moment, "edit")
    db, store = Database(resolve_database_url(tmp_path)), FakeStore(tmp_path / "store")
    memory_service = MemoryService(store, db)
    memory_service.history_first.recover()
    [after] = store.memories.values()
    assert after.id == memory.id
    assert after.text == ("用户对腰果过敏" if survives else memory.text)
    assert len(memory_service.history(owner, memory.id)) == 1 + survives
    assert db.history.owed() == []
    db.close()


@pytest.mark.parametrize("moment", ["before record", "after record", "after the store"])
def test_kill_during_an_extraction_neither_loses_nor_doubles(
    tmp_path: Path, owner, moment: str
) -> None:
    db = Database(resolve_database_url(tmp_path))
    session = db.sessions.create(owner)
    asked = db.messages.add(owner, session.id, "user", "我有猫")
    db.messages.add(owner, session.id, "assistant", "好", reply_to=asked.id)
    made = db.batches.make(owner, session.id)
    db.close()
    _crash(tmp_path, moment, "batch")
    db, store = Database(resolve_database_url(tmp_path)), FakeStore(tmp_path / "store")
    memory_service = MemoryService(store, db)
    db.leases.release()
    memory_service.history_first.recover()
    batch = db.batches.get(made.id)
    if moment == "before record":
        assert (batch.state, len(store.memories)) == (BatchState.PENDING, 0)
        assert db.leases.claim("again", db.engine.clock()).id == made.id
    else:
        assert (batch.state, len(store.memories)) == (BatchState.DONE, 3)
        assert db.leases.claim("again", db.engine.clock()) is None
    db.close()
