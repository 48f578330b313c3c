from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.types import DEFAULT_CATEGORIES, Kind, Memory, Owner, Source, Status, Subject
from memory.vector_store.payload import DEFAULT_PERSONA, memory_of, payload_of

ID = "11111111-2222-3333-4444-555555555555"
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
event_dates = st.dates(date(1950, 1, 1), date(2090, 12, 31)).flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}"])
)
memories = st.builds(
    Memory,
    id=st.uuids().map(str),
    owner=st.builds(Owner, names, names),
    text=names,
    subject=st.sampled_from(Subject),
    kind=st.sampled_from(Kind),
    category=st.sampled_from(DEFAULT_CATEGORIES),
    created_at=moments,
    updated_at=moments,
    event_date=st.none() | event_dates,
    importance=st.integers(1, 5),
    pinned=st.booleans(),
    status=st.sampled_from(Status),
    language=st.sampled_from(["zh", "en"]),
    source=st.builds(Source, st.none() | names, st.lists(names).map(tuple), st.none() | names),
    supersedes=st.none() | st.uuids().map(str),
    superseded_by=st.none() | st.uuids().map(str),
)


@given(memories)
def test_nothing_is_lost_on_the_way_through_a_payload(memory: Memory) -> None:
    assert memory_of(memory.id, payload_of(memory)) == memory


def test_a_month_covers_all_its_days() -> None:
    memory = memory_of(ID, {"data": "x", "event_date": "2024-02"})
    payload = payload_of(memory)
    assert date.fromordinal(payload["event_from"]) == date(2024, 2, 1)
    assert date.fromordinal(payload["event_to"]) == date(2024, 2, 29)


def test_a_stock_memory_gets_defaults() -> None:
    memory = memory_of(
        ID,
        {
            "data": "I love tea",
            "user_id": "mei",
            "role": "assistant",
            "created_at": "2024-05-01T10:00:00-07:00",
        },
    )
    assert memory.owner == Owner("mei", DEFAULT_PERSONA)
    assert (memory.subject, memory.kind) == (Subject.AI, Kind.CONSTANT)
    assert memory.created_at == datetime(2024, 5, 1, 17, tzinfo=UTC) == memory.updated_at
    assert (memory.language, memory.status) == ("en", Status.ACTIVE)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"data": 3, "importance": "high", "pinned": "yes", "status": "new", "source": "chat"},
        {"event_date": "next week", "kind": 1, "subject": None, "created_at": "yesterday"},
        {"source": {"message_ids": "abc", "batch_id": 4}, "importance": True},
        {"importance": 99},
    ],
)
def test_odd_payloads_are_read_all_the_same(payload: Any) -> None:
    memory = memory_of(ID, payload)
    assert memory.importance in (3, 5)
    assert memory.event_date is None
    assert not memory.pinned
    assert memory.created_at.tzinfo is not None
    assert payload_of(memory)["hash"]


def test_times_are_written_in_utc() -> None:
    memory = memory_of(ID, {"data": "x"})
    there = timezone(timedelta(hours=8))
    moved = payload_of(
        Memory(**{**_fields(memory), "created_at": datetime(2024, 5, 1, 8, tzinfo=there)})
    )
    assert moved["created_at"] == "2024-05-01T00:00:00+00:00"


def _fields(memory: Memory) -> dict[str, Any]:
    return {name: getattr(memory, name) for name in memory.__dataclass_fields__}
