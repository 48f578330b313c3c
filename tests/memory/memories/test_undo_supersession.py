"""曾经 → 现在, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import NotFound
from memory.memories import MemoryService
from memory.types import ChangeAction, Memory, Owner, Status
from tests.memory.db_fakes import FakeStore, StandingClock


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def memory_service(store: FakeStore, tmp_path: Path) -> Iterator[MemoryService]:
    db = Database(resolve_database_url(tmp_path), StandingClock())
    yield MemoryService(store, db, clock=StandingClock())
    db.close()


@pytest.fixture
def beijing(memory: Memory) -> Memory:
    return replace(
        memory,
        id="beijing",
        text="用户住在北京",
        status=Status.SUPERSEDED,
        superseded_by="shanghai",
    )


@pytest.fixture
def shanghai(memory: Memory) -> Memory:
    return replace(memory, id="shanghai", text="用户住在上海", supersedes="beijing")


def test_bringing_one_back_swaps_the_two(
    memory_service: MemoryService, store: FakeStore, beijing: Memory, shanghai: Memory
) -> None:
    store.writes.put([beijing, shanghai])
    owner = beijing.owner
    assert memory_service.supersession.in_place_of(owner, beijing) == shanghai
    group = memory_service.supersession.swap_back(owner, "beijing")
    back, gone = store.memories["beijing"], store.memories["shanghai"]
    assert (back.status, back.supersedes, back.superseded_by) == (Status.ACTIVE, "shanghai", None)
    assert (gone.status, gone.supersedes, gone.superseded_by) == (
        Status.SUPERSEDED,
        None,
        "beijing",
    )
    memory_service.undoing.undo_group(owner, group)
    assert replace(store.memories["beijing"], updated_at=beijing.updated_at) == beijing
    assert replace(store.memories["shanghai"], updated_at=shanghai.updated_at) == shanghai


def test_undoing_the_return_alone_undoes_both(
    memory_service: MemoryService, store: FakeStore, beijing: Memory, shanghai: Memory
) -> None:
    store.writes.put([beijing, shanghai])
    memory_service.supersession.swap_back(beijing.owner, "beijing")
    restored = memory_service.history(beijing.owner, "beijing")[0]
    assert restored.action is ChangeAction.RESTORE
    memory_service.undoing.undo(beijing.owner, restored.id)
    assert store.memories["beijing"].status is Status.SUPERSEDED
    assert store.memories["shanghai"].status is Status.ACTIVE


def test_the_one_in_force_is_found_over_several_steps(
    memory_service: MemoryService, store: FakeStore, beijing: Memory, shanghai: Memory
) -> None:
    middle = replace(shanghai, status=Status.SUPERSEDED, superseded_by="suzhou")
    suzhou = replace(shanghai, id="suzhou", text="用户住在苏州", supersedes="shanghai")
    store.writes.put([beijing, middle, suzhou])
    assert memory_service.supersession.in_place_of(beijing.owner, beijing) == suzhou
    memory_service.supersession.swap_back(beijing.owner, "beijing")
    assert store.memories["suzhou"].superseded_by == "beijing"
    assert store.memories["suzhou"].supersedes == "shanghai"
    assert store.memories["shanghai"] == middle


def test_links_in_a_circle_lead_nowhere(
    memory_service: MemoryService, store: FakeStore, beijing: Memory, shanghai: Memory
) -> None:
    store.writes.put(
        [beijing, replace(shanghai, status=Status.SUPERSEDED, superseded_by="beijing")]
    )
    assert memory_service.supersession.in_place_of(beijing.owner, beijing) is None
    memory_service.supersession.swap_back(beijing.owner, "beijing")
    assert store.memories["beijing"].status is Status.ACTIVE


def test_nothing_in_its_place_and_nothing_to_bring_back(
    memory_service: MemoryService, store: FakeStore, beijing: Memory, shanghai: Memory
) -> None:
    store.writes.put([beijing])
    assert memory_service.supersession.in_place_of(beijing.owner, beijing) is None
    memory_service.supersession.swap_back(beijing.owner, "beijing")
    assert store.memories["beijing"].status is Status.ACTIVE
    before = len(memory_service.history(beijing.owner, "beijing"))
    memory_service.supersession.swap_back(beijing.owner, "beijing")
    assert len(memory_service.history(beijing.owner, "beijing")) == before
    with pytest.raises(NotFound):
        memory_service.supersession.swap_back(beijing.owner, "shanghai")
    with pytest.raises(NotFound):
        memory_service.supersession.swap_back(Owner("mei", "niannian"), "beijing")
