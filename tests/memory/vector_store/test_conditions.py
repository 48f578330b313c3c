"""Conditions mean the same to the engine as they do in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from memory.types import (
    AllOf,
    AnyOf,
    Condition,
    FieldComparison,
    Kind,
    Memory,
    MemoryFilter,
    NoneOf,
    Operator,
    Owner,
    Status,
    Subject,
)
from memory.vector_store.conditions import meets, split
from memory.vector_store.store import MemoryStore

OWNER = Owner("heron", "niannian")
AT = datetime(2025, 6, 1, 12, tzinfo=UTC)
PLAIN = Memory(
    id="00000000-0000-4000-8000-000000000001",
    owner=OWNER,
    text="Collects stamps",
    subject=Subject.USER,
    kind=Kind.CONSTANT,
    category="habit",
    created_at=AT,
    updated_at=AT,
)
METADATA = (
    {},
    {"a": {"b": 1}},
    {"a.b": 1},
    {"a": {"b": 1.0}, "tags": ["x", "y"]},
    {"a": {"b": True}, "空": "格"},
    {"a": {"b": 2.5}, "tags": []},
    {"a": {"b": None}, "空": 'quo"te'},
)
MEMORIES = [
    replace(
        PLAIN,
        id=f"00000000-0000-4000-8000-00000000000{number}",
        text=f"Collects stamps of {number} countries",
        metadata=metadata,
        app_id="desk" if number % 2 else None,
        run_id="r:1" if number % 3 else None,
        expiration_date=f"2026-0{number + 1}-15" if number > 3 else None,
        created_at=AT.replace(day=number + 1),
    )
    for number, metadata in enumerate(METADATA)
]


def asks(path: str, operator: Operator, value: object = None) -> FieldComparison:
    return FieldComparison(tuple(path.split("/")), operator, value)


CONDITIONS: list[Condition] = [
    asks("metadata/a/b", "eq", 1),
    asks("metadata/a/b", "eq", True),
    asks("metadata/a.b", "eq", 1),
    asks("metadata/a/b", "ne", 1),
    asks("metadata/a/b", "gt", 1),
    asks("metadata/a/b", "lte", 2.5),
    asks("metadata/a/b", "in", (2.5, True)),
    asks("metadata/a/b", "in", ()),
    asks("metadata/a/b", "exists"),
    asks("metadata/a/b", "eq", None),
    asks("metadata/tags", "eq", "y"),
    asks("metadata/tags", "contains", "x"),
    asks("metadata/空", "eq", "格"),
    asks("metadata/空", "eq", 'quo"te'),
    asks("metadata/空", "contains", "quo"),
    asks("app_id", "exists"),
    asks("app_id", "eq", None),
    asks("app_id", "ne", "desk"),
    asks("run_id", "in", ("r:1", "r:2")),
    asks("category", "eq", "habit"),
    asks("expiration_date", "lt", "2026-06-15"),
    asks("expiration_date", "gte", "2026-06-15"),
    NoneOf((asks("expiration_date", "lt", "2026-06-15"),)),
    asks("created_at", "gte", "2025-06-04T12:00:00+00:00"),
    asks("created_at", "lt", "2025-06-03"),
    asks("text", "icontains", "STAMPS OF 3"),
    asks("id", "eq", MEMORIES[2].id),
    asks("id", "eq", "no such id"),
    AnyOf(()),
    NoneOf(()),
    AllOf((asks("app_id", "eq", "desk"), asks("text", "contains", "5"))),
    AnyOf((asks("metadata/a/b", "eq", 1), NoneOf((asks("run_id", "exists"),)))),
    NoneOf((asks("text", "contains", "0"), asks("metadata/tags", "eq", "x"))),
]


def test_the_engine_finds_what_python_does(store: MemoryStore) -> None:
    store.writes.put(MEMORIES)
    for condition in CONDITIONS:
        expected = sorted(memory.id for memory in MEMORIES if meets(memory, condition))
        which = MemoryFilter(where=condition)
        found = sorted(memory.id for memory in store.reads.matching(OWNER, which))
        assert (condition, found) == (condition, expected)
        assert store.reads.count(OWNER, which) == len(expected)


def test_what_is_common_is_asked_of_the_engine() -> None:
    topic, text = asks("metadata/a/b", "eq", 1), asks("text", "icontains", "x")
    assert split(topic)[1] is None
    assert split(AllOf((topic, text)))[1] == AllOf((text,))


def test_everything_comes_back_as_it_was_stored(store: MemoryStore) -> None:
    store.writes.put(MEMORIES)
    found = {
        memory.id: memory
        for memory in store.reads.matching(OWNER, MemoryFilter(statuses=frozenset(Status)))
    }
    assert [found[memory.id] for memory in MEMORIES] == MEMORIES


def test_other_owners_are_never_reached(store: MemoryStore) -> None:
    store.writes.put(MEMORIES)
    every = MemoryFilter(where=AnyOf((asks("user_id", "eq", "heron"),)))
    assert store.reads.matching(Owner("wren", "niannian"), every) == []
    assert store.reads.matching("wren", every) == []
    assert len(store.reads.matching("heron", every)) == len(MEMORIES)
