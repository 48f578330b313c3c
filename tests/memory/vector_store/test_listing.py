"""Sorted pages of a list: together they are the whole of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from memory.errors import BadInput
from memory.types import Memory
from memory.vector_store.payload import event_days
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME

Make = Callable[..., Memory]


FIELDS = ("created_at", "updated_at", "event_date", "importance", "text", "category", "pinned")


def test_pages_of_any_sorting_are_the_whole_list(store: MemoryStore, make: Make) -> None:
    """Ties across page borders too, and memories without an event date last."""
    chance = random.Random(7)
    memories = []
    for n in range(150):
        at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(4))
        memories.append(
            make(
                f"第{chance.randrange(50)}件",
                created_at=at if n % 2 else at + timedelta(seconds=n),
                updated_at=at,
                importance=chance.randrange(1, 6),
                event_date=chance.choice([None, "2024", "2024-01-01", "2024-02-03"]),
            )
        )
    chance.shuffle(memories)
    store.writes.put(memories)

    for field in FIELDS:
        for descending in (False, True):
            expect_whole_list(store, memories, field, descending)


def expect_whole_list(
    store: MemoryStore, memories: list[Memory], field: str, descending: bool
) -> None:
    def key(memory: Memory) -> object:
        value = getattr(memory, field)
        if field == "event_date":  # a year begins on the day that is its first
            return event_days(value)[0]
        return value.casefold() if isinstance(value, str) else value

    by_id = sorted(memories, key=lambda m: m.id)
    valued = sorted((m for m in by_id if key(m) is not None), key=key, reverse=descending)  # type: ignore[arg-type]
    expected = valued + [m for m in by_id if key(m) is None]
    sort = f"-{field}" if descending else field
    assert store.reads.matching(ME, sort=sort) == expected
    paged = [
        m
        for at in range(0, 160, 37)
        for m in store.reads.matching(ME, sort=sort, limit=37, offset=at)
    ]
    assert paged == expected
    assert store.reads.matching(ME, sort=sort, limit=0) == []


def test_a_list_never_stops_early(store: MemoryStore, make: Make) -> None:
    store.writes.put([make(f"用户说了第{n}句") for n in range(2300)])
    assert len(store.reads.matching(ME)) == 2300 == store.reads.count(ME)
    assert len({m.id for m in store.reads.iterate()}) == 2300


def test_senseless_pages_are_refused(store: MemoryStore) -> None:
    for sort, limit, offset in (("age", 1, 0), ("text", -1, 0), ("text", 1, -1)):
        with pytest.raises(BadInput):
            store.reads.matching(ME, sort=sort, limit=limit, offset=offset)
