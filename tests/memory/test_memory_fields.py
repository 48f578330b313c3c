"""Every field of a memory is kept wherever memories are written: add one, and these say where."""

from __future__ import annotations

from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from typing import Any

import pytest

from memory.api.responses.memories import MemoryOut
from memory.db import from_dict, to_dict
from memory.db.memory_json import from_dict_leniently
from memory.transfer.export import Export, read_json, to_json
from memory.types import Kind, Memory, Owner, Source, Status, Subject, Triple, User
from memory.vector_store.payload import memory_of, payload_of

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
MEMORY = Memory(
    id="7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4c",
    owner=Owner("lin", "niannian"),
    text="The user will fly to Lisbon",
    subject=Subject.AI,
    kind=Kind.TEMPORAL,
    category="plan",
    created_at=AT,
    updated_at=datetime(2026, 3, 5, tzinfo=UTC),
    event_date="2026-04-01",
    importance=5,
    pinned=True,
    status=Status.SUPERSEDED,
    language="en",
    source=Source("talk", ("m1", "m2"), "batch"),
    supersedes="7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4d",
    superseded_by="7b5c9c6e-29a1-4c11-8a2f-1f5f1f2a3b4e",
    safety="distress",
    metadata={"flight": {"seat": "12A"}},
    app_id="travel",
    run_id="trip",
    expiration_date="2026-04-02",
    immutable=True,
    relations=(Triple("user", "lives_in", "Lisbon", target_type="place"),),
)
NAMES = [field.name for field in fields(Memory)]
FLAT = {"owner": ("user_id", "persona_id")}
"""What the API tells of a field under other names."""


def test_the_memory_of_these_tests_fills_every_field() -> None:
    for field in fields(Memory):
        default: Any = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        assert getattr(MEMORY, field.name) != default, field.name


@pytest.mark.parametrize("name", NAMES)
def test_payload_history_and_export_keep_it(name: str) -> None:
    export = Export(User("lin", "Lin", AT), AT, memories=(MEMORY,))
    history = to_dict(MEMORY)
    for read in (
        memory_of(MEMORY.id, payload_of(MEMORY)),
        from_dict(history),
        from_dict_leniently(history, id=MEMORY.id, owner=MEMORY.owner, at=AT),
        read_json(to_json(export)).memories[0],
    ):
        assert getattr(read, name) == getattr(MEMORY, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_api_tells_it(name: str) -> None:
    told = MemoryOut.of(MEMORY).model_dump()
    assert set(FLAT.get(name, (name,))) <= told.keys()
    if name == "relations":
        assert told[name] == [asdict(triple) for triple in MEMORY.relations]
    elif name not in FLAT and name != "source":
        assert told[name] == getattr(MEMORY, name)
