from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import BadInput, FolderUnusable, ModelUnreachable, NotFound, NotUndoable
from memory.memories import MemoryService
from memory.types import (
    Actor,
    BatchState,
    Change,
    ChangeAction,
    Kind,
    Memory,
    MemoryDraft,
    Owner,
    Source,
    Status,
    Subject,
)
from tests.memory.db_fakes import FakeStore, StandingClock

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def db(tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), clock)
    yield opened
    opened.close()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def memory_service(store: FakeStore, db: Database, clock: StandingClock) -> MemoryService:
    return MemoryService(store, db, clock=clock)


@pytest.fixture
def owner() -> Owner:
    return Owner("lin", "niannian")


@pytest.fixture
def other() -> Owner:
    return Owner("mei", "niannian")


def draft(text: str = "用户对花生过敏", **more) -> MemoryDraft:
    return MemoryDraft(text, Subject.USER, Kind.CONSTANT, "health", **more)


def extracted(
    memory: Memory | None, after: Memory | None, action: ChangeAction, clock, group: str = "b"
) -> Change:
    either = after or memory
    assert either is not None
    return Change(
        id=f"{action}-{either.id}",
        owner=either.owner,
        memory_id=either.id,
        action=action,
        actor=Actor.EXTRACTION,
        at=clock(),
        before=memory,
        after=after,
        group_id=group,
    )


# --- adding and editing ----------------------------------------------------------


def test_a_memory_is_added_and_journalled(memory_service, store, db, owner, clock) -> None:
    memory = memory_service.add(owner, draft(" 用户对花生过敏 ", event_date="", importance=5))
    assert store.memories == {memory.id: memory}
    assert memory.text == "用户对花生过敏"
    assert (memory.language, memory.event_date, memory.created_at) == ("zh", None, clock.now)
    [change] = memory_service.history(owner, memory.id)
    assert (change.action, change.actor, change.before, change.after, change.applied) == (
        ChangeAction.ADD,
        Actor.HAND,
        None,
        memory,
        True,
    )


def test_the_same_text_is_not_stored_twice(memory_service, store, owner, other) -> None:
    first = memory_service.add(owner, draft("The user likes Tea."))
    assert memory_service.add(owner, draft("the user  likes Tea")) == first
    about_ai = replace(draft("The user likes Tea."), subject=Subject.AI)
    assert memory_service.add(owner, about_ai).id != first.id
    assert memory_service.add(other, draft("The user likes Tea.")).id != first.id
    memory_service.edit(owner, first.id, status="archived")
    assert memory_service.add(owner, draft("The user likes Tea.")).id != first.id
    assert len(store.memories) == 4


def test_the_same_words_of_another_day_are_another_memory(memory_service, store, owner) -> None:
    def went(day: str | None) -> Memory:
        return memory_service.add(owner, draft("用户去了杭州", event_date=day))

    october, november = went("2026-10-01"), went("2026-11-01")
    assert october.id != november.id
    assert went("2026-10-01") == october
    assert went(None) in (october, november), "without a day it is nothing new"
    assert len(store.memories) == 2


def test_many_are_added_at_once_or_none(memory_service, store, owner) -> None:
    made = memory_service.add_many(
        owner, [draft(f"用户有 {n} 只猫") for n in range(5)] * 2, actor=Actor.IMPORT
    )
    assert [m.id for m in made[:5]] == [m.id for m in made[5:]]
    assert store.calls == [("put", 5)]
    with pytest.raises(BadInput):
        memory_service.add_many(owner, [draft("用户养鱼"), draft("")])
    assert len(store.memories) == 5
    assert len({c.group_id for m in made for c in memory_service.history(owner, m.id)}) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": " "}, "memory_text_empty"),
        ({"text": "长" * 2001}, "memory_text_long"),
        ({"event_date": "2024-13"}, "memory_event_date"),
        ({"event_date": "2023-02-29"}, "memory_event_date"),
        ({"event_date": "18.10.2024"}, "memory_event_date"),
        ({"importance": 0}, "memory_importance"),
        ({"importance": 6}, "memory_importance"),
        ({"importance": "5"}, "memory_importance"),
        ({"subject": "friend"}, "memory_subject"),
        ({"kind": "eternal"}, "memory_kind"),
        ({"category": "zodiac"}, "memory_category"),
        ({"status": "lost"}, "memory_status"),
        ({"pinned": "yes"}, "memory_pinned"),
        ({"language": "fr"}, "memory_language"),
        ({"created_at": "2024"}, "field_unknown"),
    ],
)
def test_bad_fields_change_nothing(memory_service, store, owner, fields, code) -> None:
    memory = memory_service.add(owner, draft())
    with pytest.raises(BadInput) as caught:
        memory_service.edit(owner, memory.id, **fields)
    assert caught.value.code == code
    assert store.memories == {memory.id: memory}
    assert len(memory_service.history(owner, memory.id)) == 1


def test_an_edit_keeps_what_it_does_not_name(memory_service, store, owner, clock) -> None:
    memory = memory_service.add(owner, draft(source=Source("s", ("m",), "b")))
    clock.forward(days=1)
    after = memory_service.edit(
        owner, memory.id, text="The user moved.", kind="temporal", event_date="2024-05"
    )
    assert after == replace(
        memory,
        text="The user moved.",
        kind=Kind.TEMPORAL,
        event_date="2024-05",
        language="en",
        updated_at=clock.now,
    )
    assert store.memories[memory.id] == after
    assert memory_service.edit(owner, memory.id, text="The user moved.") == after
    assert len(memory_service.history(owner, memory.id)) == 2


def test_edits_are_called_what_they_are(memory_service, owner) -> None:
    memory = memory_service.add(owner, draft())
    memory_service.pin(owner, memory.id, True)
    memory_service.edit(owner, memory.id, status="closed")
    memory_service.edit(owner, memory.id, status="archived")
    memory_service.restore(owner, memory.id)
    memory_service.edit(owner, memory.id, status="archived", text="用户对腰果过敏")
    assert [c.action.value for c in memory_service.history(owner, memory.id)] == [
        "edit",
        "restore",
        "archive",
        "close",
        "pin",
        "add",
    ]


def test_memories_of_others_are_not_found(memory_service, store, owner, other) -> None:
    memory = memory_service.add(owner, draft())
    mine = memory_service.add(other, draft())
    [change] = memory_service.history(owner, memory.id)
    stranger = Owner(owner.user_id, "another_persona")
    for who in (other, stranger):
        with pytest.raises(NotFound):
            memory_service.edit(who, memory.id, text="changed")
        with pytest.raises(NotFound):
            memory_service.delete(who, [memory.id])
        with pytest.raises(NotFound):
            memory_service.restore(who, memory.id)
        with pytest.raises(NotFound):
            memory_service.undoing.undo(who, change.id)
        with pytest.raises(NotFound):
            memory_service.undoing.undo_group(who, change.group_id)
        assert memory_service.history(who, memory.id) == []
    memory_service.delete(other, [memory.id, mine.id])
    assert store.memories == {memory.id: memory}


def test_concurrent_edits_of_different_fields_are_all_kept(memory_service, owner) -> None:
    memory = memory_service.add(owner, draft())
    wanted = {"text": "用户对腰果过敏", "importance": 5, "pinned": True, "event_date": "2024"}
    threads = [
        threading.Thread(target=memory_service.edit, args=(owner, memory.id), kwargs={name: value})
        for name, value in wanted.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = memory_service.edit(owner, memory.id)
    assert {name: getattr(after, name) for name in wanted} == wanted


# --- undo ------------------------------------------------------------------------


def test_an_addition_is_undone_and_redone(memory_service, store, db, owner) -> None:
    memory = memory_service.add(owner, draft())
    [added] = memory_service.history(owner, memory.id)
    undone = memory_service.undoing.undo(owner, added.id)
    assert (undone.action, undone.actor) == (ChangeAction.DELETE, Actor.UNDO)
    assert store.memories == {}
    with pytest.raises(NotUndoable) as caught:
        memory_service.undoing.undo(owner, added.id)
    assert caught.value.code == "already_undone"
    memory_service.undoing.undo(owner, undone.id)
    assert store.memories == {memory.id: memory}
    assert db.history.get(owner, added.id).undone_by is None


def test_a_deletion_is_undone_under_the_same_id(memory_service, store, owner) -> None:
    memories = [memory_service.add(owner, draft(f"用户有 {n} 只猫")) for n in range(3)]
    group = memory_service.delete(owner, [m.id for m in memories])
    assert store.memories == {}
    back = memory_service.undoing.undo_group(owner, group)
    assert [c.action for c in back] == [ChangeAction.RESTORE] * 3
    assert store.memories == {m.id: m for m in memories}
    with pytest.raises(NotUndoable) as caught:
        memory_service.undoing.undo_group(owner, group)
    assert caught.value.code == "already_undone"


def test_edits_of_different_fields_are_undone_in_any_order(memory_service, store, owner) -> None:
    memory = memory_service.add(owner, draft())
    memory_service.edit(owner, memory.id, text="用户对腰果过敏")
    memory_service.edit(owner, memory.id, importance=5)
    memory_service.edit(owner, memory.id, text="用户对芒果过敏")
    last, importance, first, _ = memory_service.history(owner, memory.id)
    with pytest.raises(NotUndoable) as caught:
        memory_service.undoing.undo(owner, first.id)
    assert caught.value.code == "later_changes"
    memory_service.undoing.undo(owner, importance.id)
    assert store.memories[memory.id].importance == 3
    assert store.memories[memory.id].text == "用户对芒果过敏"
    memory_service.undoing.undo(owner, last.id)
    memory_service.undoing.undo(owner, first.id)
    assert store.memories == {memory.id: memory}


def test_an_edit_of_a_deleted_memory_waits_for_the_deletion(memory_service, store, owner) -> None:
    memory = memory_service.add(owner, draft())
    memory_service.edit(owner, memory.id, pinned=True)
    edit = memory_service.history(owner, memory.id)[0]
    group = memory_service.delete(owner, [memory.id])
    with pytest.raises(NotUndoable) as caught:
        memory_service.undoing.undo(owner, edit.id)
    assert caught.value.code == "memory_gone"
    memory_service.undoing.undo_group(owner, group)
    memory_service.undoing.undo(owner, edit.id)
    assert store.memories == {memory.id: memory}


def test_a_deletion_restored_otherwise_has_nothing_to_undo(memory_service, owner) -> None:
    memory = memory_service.add(owner, draft())
    memory_service.delete(owner, [memory.id])
    deleted = memory_service.history(owner, memory.id)[0]
    restored = memory_service.restore(owner, memory.id)
    assert restored.text == memory.text
    with pytest.raises(NotUndoable) as caught:
        memory_service.undoing.undo(owner, deleted.id)
    assert caught.value.code == "memory_back"


def test_undoing_an_edited_addition_deletes_and_comes_back_edited(
    memory_service, store, owner
) -> None:
    memory = memory_service.add(owner, draft())
    [added] = memory_service.history(owner, memory.id)
    edited = memory_service.edit(owner, memory.id, text="用户对腰果过敏")
    undone = memory_service.undoing.undo(owner, added.id)
    assert store.memories == {}
    memory_service.undoing.undo(owner, undone.id)
    assert store.memories == {memory.id: edited}


def test_undoing_a_replacement_gives_the_old_memory_its_place(
    memory_service, store, owner, clock
) -> None:
    old = memory_service.add(owner, draft("用户住在北京"))
    new = replace(old, id="new", text="用户住在上海", supersedes=old.id)
    gone = replace(old, status=Status.SUPERSEDED, superseded_by=new.id)
    memory_service.commit(
        [
            extracted(None, new, ChangeAction.ADD, clock),
            extracted(old, gone, ChangeAction.SUPERSEDE, clock),
        ]
    )
    assert store.memories == {old.id: gone, new.id: new}
    memory_service.undoing.undo(owner, f"{ChangeAction.ADD}-new")
    assert store.memories == {old.id: old}


def test_a_group_is_undone_as_far_as_it_goes(memory_service, store, owner) -> None:
    kept = memory_service.add(owner, draft("用户养猫"))
    changed = memory_service.add(owner, draft("用户养狗"))
    group = memory_service.edit_many(owner, [kept.id, changed.id], category="other")
    memory_service.edit(owner, changed.id, category="habit")
    undone = memory_service.undoing.undo_group(owner, group)
    assert [c.memory_id for c in undone] == [kept.id]
    assert store.memories[kept.id] == kept
    assert store.memories[changed.id].category == "habit"


# --- extraction ----------------------------------------------------------------------


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


# --- failures and crashes ----------------------------------------------------------------


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


def test_ten_thousand_at_once(memory_service, store, owner) -> None:
    made = memory_service.add_many(owner, [draft(f"用户有 {n} 只猫") for n in range(10_000)])
    started = time.process_time()
    group = memory_service.delete(owner, [m.id for m in made])
    deleted = time.process_time()
    memory_service.undoing.undo_group(owner, group)
    undone = time.process_time()
    assert len(store.memories) == 10_000
    assert store.calls == [("put", 10_000), ("delete", 10_000), ("put", 10_000)]
    assert deleted - started < 3
    assert undone - deleted < 5
