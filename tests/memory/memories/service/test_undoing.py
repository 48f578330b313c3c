"""Undo and redo through the service, by change and by group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory.errors import NotUndoable
from memory.types import Actor, ChangeAction, Status
from tests.memory.memories.service.changes import draft, extracted


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
