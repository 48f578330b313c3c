from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memory.db import Database, resolve_database_url
from memory.errors import NotUndoable
from memory.memories import MemoryService
from memory.memories.undo import reversed_by, why_not
from memory.types import Actor, Change, ChangeAction, Kind, Memory, MemoryDraft, Owner, Subject
from tests.memory.db_fakes import FakeStore, StandingClock

LATER = datetime(2024, 10, 19, tzinfo=UTC)
OWNER = Owner("lin", "niannian")


def change(before: Memory | None, after: Memory | None, **more) -> Change:
    either = after or before
    assert either is not None
    return Change(
        "c", either.owner, either.id, ChangeAction.EDIT, Actor.HAND, LATER, before, after, **more
    )


def test_reasons(memory: Memory) -> None:
    better = replace(memory, importance=5)
    assert why_not(change(memory, better), better) is None
    assert why_not(change(memory, better, undone_by="u"), better) == "already_undone"
    assert why_not(change(memory, better), memory) == "later_changes"
    assert why_not(change(memory, better), None) == "memory_gone"
    assert why_not(change(None, memory), None) == "memory_gone"
    assert why_not(change(None, memory), better) is None
    assert why_not(change(memory, None), memory) == "memory_back"
    with pytest.raises(NotUndoable) as caught:
        reversed_by(change(memory, better), None, LATER)
    assert caught.value.code == "memory_gone"


def test_only_what_the_change_touched_goes_back(memory: Memory) -> None:
    better = replace(memory, importance=5, updated_at=LATER)
    assert reversed_by(change(memory, better), better, LATER) == memory
    pinned = replace(better, pinned=True)
    assert reversed_by(change(memory, better), pinned, LATER) == replace(
        memory, pinned=True, updated_at=LATER
    )
    assert reversed_by(change(None, memory), pinned, LATER) is None
    assert reversed_by(change(memory, None), None, LATER) == memory


steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "text", "importance", "pin", "archive", "delete", "restore", "undo"]
        ),
        st.integers(0, 9),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_whatever_was_done_the_journal_tells_and_undoes_it(todo: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db, store, clock = (
            Database(resolve_database_url(Path(folder))),
            FakeStore(),
            StandingClock(),
        )
        memory_service = MemoryService(store, db, clock=clock)
        known: list[str] = []
        for step, number in todo:
            clock.forward(seconds=1)
            _do(memory_service, store, db, known, step, number)
        told: dict[str, Memory] = {}
        for entry in reversed(db.history.of(OWNER, limit=None)):
            assert told.get(entry.memory_id) == entry.before
            told.pop(entry.memory_id, None)
            if entry.after is not None:
                told[entry.memory_id] = entry.after
        assert told == store.memories
        while left := [c for c in db.history.of(OWNER, limit=None) if _may_go(c)]:
            memory_service.undoing.undo(OWNER, left[0].id)
        assert store.memories == {}
        assert db.history.owed() == []
        db.close()


def _may_go(entry: Change) -> bool:
    return entry.undone_by is None and entry.actor is not Actor.UNDO


def _do(
    memory_service: MemoryService,
    store: FakeStore,
    db: Database,
    known: list[str],
    step: str,
    number: int,
) -> None:
    if step == "add":
        text = f"用户有 {len(known)} 只猫"
        known.append(memory_service.add(OWNER, MemoryDraft(text, Subject.USER, Kind.CONSTANT)).id)
        return
    if step == "undo":
        # Only undo what doesn't block undoing the rest afterwards.
        newest = [c for c in db.history.of(OWNER, limit=1) if _may_go(c)]
        for entry in newest:
            memory_service.undoing.undo(OWNER, entry.id)
        return
    id = known[number % len(known)] if known else ""
    if step == "restore" and any(c.after is None for c in memory_service.history(OWNER, id)):
        # A memory restored without undo would make its deletion moot.
        return
    if id not in store.memories:
        return
    if step == "delete":
        memory_service.delete(OWNER, [id])
    elif step == "restore":
        memory_service.restore(OWNER, id)
    else:
        values = {
            "text": {"text": f"用户有 {number} 条鱼"},
            "importance": {"importance": 1 + number % 5},
            "pin": {"pinned": number % 2 == 0},
            "archive": {"status": "archived"},
        }
        memory_service.edit(OWNER, id, **values[step])
