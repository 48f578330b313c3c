"""曾经 → 现在 over several steps, when one of them is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import NotUndoable
from memory.memories import MemoryService
from memory.memories.chain_repair import mended
from memory.types import Actor, Change, ChangeAction, Memory, Owner, Status
from tests.memory.db_fakes import FakeStore, StandingClock

CITIES = ["北京", "上海", "深圳"]


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def memory_service(
    store: FakeStore, clock: StandingClock, tmp_path: Path
) -> Iterator[MemoryService]:
    db = Database(resolve_database_url(tmp_path), clock)
    yield MemoryService(store, db, clock=clock)
    db.close()


@pytest.fixture
def owner(memory: Memory) -> Owner:
    return memory.owner


def move(memory_service: MemoryService, store: FakeStore, memory: Memory, *cities: str) -> None:
    """The user moves, once a batch; the batch bears the name of the city."""
    for city in cities:
        now = [m for m in store.memories.values() if m.status is Status.ACTIVE]
        old = now[0] if now else None
        new = replace(memory, id=city, text=f"用户住在{city}", supersedes=old.id if old else None)
        steps: list[tuple[ChangeAction, Memory | None, Memory]] = [(ChangeAction.ADD, None, new)]
        if old is not None:
            past = replace(old, status=Status.SUPERSEDED, superseded_by=city)
            steps.append((ChangeAction.SUPERSEDE, old, past))
        memory_service.commit(
            [
                Change(
                    id=f"{action}-{after.id}",
                    owner=memory.owner,
                    memory_id=after.id,
                    action=action,
                    actor=Actor.EXTRACTION,
                    at=memory.created_at,
                    before=before,
                    after=after,
                    group_id=city,
                )
                for action, before, after in steps
            ]
        )


def chain(store: FakeStore) -> dict[str, tuple[str, str | None, str | None]]:
    """Status, what it replaced and what replaced it, of each memory."""
    return {m.id: (m.status.value, m.supersedes, m.superseded_by) for m in store.memories.values()}


@pytest.mark.parametrize("whole", [False, True], ids=["undo", "undo_group"])
def test_what_a_later_one_replaced_stays_replaced(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory, whole: bool
) -> None:
    move(memory_service, store, memory, *CITIES)
    before = dict(store.memories)
    undone = (
        memory_service.undoing.undo_group(owner, "上海")[0]
        if whole
        else memory_service.undoing.undo(owner, "add-上海")
    )
    assert chain(store) == {
        "北京": ("superseded", None, "深圳"),
        "深圳": ("active", "北京", None),
    }
    assert undone.group_id is not None
    if whole:
        memory_service.undoing.undo_group(owner, undone.group_id)
    else:
        memory_service.undoing.undo(owner, undone.id)
    assert store.memories == before


def test_undone_and_redone_as_often_as_one_likes(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, *CITIES)
    there = dict(store.memories)
    last = memory_service.undoing.undo(owner, "add-上海")
    gone = dict(store.memories)
    for state in (there, gone, there, gone):
        last = memory_service.undoing.undo(owner, last.id)
        assert store.memories == state


def test_one_in_force_gives_its_place_back_and_takes_it_again(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, "北京", "上海")
    before = dict(store.memories)
    undone = memory_service.undoing.undo(owner, "add-上海")
    assert chain(store) == {"北京": ("active", None, None)}
    memory_service.undoing.undo(owner, undone.id)
    assert store.memories == before


def test_the_place_goes_back_over_the_gap(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, *CITIES)
    memory_service.undoing.undo(owner, "add-上海")
    before = dict(store.memories)
    undone = memory_service.undoing.undo_group(owner, "深圳")
    assert chain(store) == {"北京": ("active", None, None)}
    memory_service.undoing.undo_group(owner, undone[0].group_id or "")
    assert store.memories == before


def test_the_first_one_leaves_no_link_to_nothing(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, *CITIES)
    memory_service.undoing.undo(owner, "add-北京")
    assert chain(store) == {
        "上海": ("superseded", None, "深圳"),
        "深圳": ("active", "上海", None),
    }


def test_last_to_first_each_gets_its_place_back(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, *CITIES)
    for city, back in [("深圳", "上海"), ("上海", "北京")]:
        memory_service.undoing.undo_group(owner, city)
        assert chain(store)[back][0] == "active"
        assert city not in store.memories
    memory_service.undoing.undo_group(owner, "北京")
    assert store.memories == {}


def test_deleted_after_it_was_replaced_it_has_no_place_to_give_back(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, *CITIES)
    memory_service.delete(owner, ["上海"])
    with pytest.raises(NotUndoable):
        memory_service.undoing.undo_group(owner, "上海")
    assert chain(store)["北京"][0] == "superseded"


def test_set_aside_it_has_no_place_to_give_back_either(
    memory_service: MemoryService, store: FakeStore, owner: Owner, memory: Memory
) -> None:
    move(memory_service, store, memory, "北京", "上海")
    memory_service.edit(owner, "上海", status="archived")
    before = dict(store.memories)
    undone = memory_service.undoing.undo_group(owner, "上海")
    assert chain(store) == {"北京": ("superseded", None, None)}
    memory_service.undoing.undo_group(owner, undone[0].group_id or "")
    assert store.memories == before


def test_two_of_a_chain_taken_back_at_once(memory: Memory) -> None:
    a = replace(memory, id="a", status=Status.SUPERSEDED, superseded_by="b")
    b = replace(memory, id="b", status=Status.SUPERSEDED, supersedes="a", superseded_by="c")
    c = replace(memory, id="c", status=Status.SUPERSEDED, supersedes="b", superseded_by="d")
    d = replace(memory, id="d", supersedes="c")
    now = memory.created_at
    assert mended([a, d], {"b": b, "c": c}, now) == [
        (ChangeAction.EDIT, a, replace(a, superseded_by="d")),
        (ChangeAction.EDIT, d, replace(d, supersedes="a")),
    ]
    last = replace(c, status=Status.ACTIVE, superseded_by=None)
    assert mended([a], {"b": b, "c": last}, now) == [
        (ChangeAction.RESTORE, a, replace(a, status=Status.ACTIVE, superseded_by=None))
    ]


def test_one_that_was_brought_back_is_not_linked_again(memory: Memory) -> None:
    a = replace(memory, id="a")
    b = replace(memory, id="b", status=Status.SUPERSEDED, supersedes="a", superseded_by="c")
    c = replace(memory, id="c", supersedes="b")
    assert mended([a, c], {"b": b}, memory.created_at) == [
        (ChangeAction.EDIT, c, replace(c, supersedes=None))
    ]
