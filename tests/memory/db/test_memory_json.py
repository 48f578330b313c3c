from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.db import from_dict, to_dict
from memory.errors import BadInput
from memory.types import Kind, Memory, Owner, Source, Status, Subject

texts = st.text(min_size=1, max_size=40)
times = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))
sources = st.builds(
    Source,
    session_id=st.none() | texts,
    message_ids=st.lists(texts, max_size=3).map(tuple),
    batch_id=st.none() | texts,
)
memories = st.builds(
    Memory,
    id=texts,
    owner=st.builds(Owner, texts, texts),
    text=texts,
    subject=st.sampled_from(Subject),
    kind=st.sampled_from(Kind),
    category=texts,
    created_at=times,
    updated_at=times,
    event_date=st.none() | st.just("2024-10-18"),
    importance=st.integers(1, 5),
    pinned=st.booleans(),
    status=st.sampled_from(Status),
    language=st.sampled_from(["zh", "en"]),
    source=sources,
    supersedes=st.none() | texts,
    superseded_by=st.none() | texts,
    metadata=st.dictionaries(texts, texts | st.integers(0, 99) | st.booleans(), max_size=3),
    app_id=st.none() | texts,
    run_id=st.none() | texts,
    expiration_date=st.none() | st.just("2031-02-28"),
    immutable=st.booleans(),
)


def test_every_field_is_written(memory: Memory) -> None:
    written = {*to_dict(memory), "owner"} - {"user_id", "persona_id"}
    assert written == {field.name for field in fields(Memory)}


@given(memories)
def test_every_memory_comes_back_the_same(memory: Memory) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(memory)))) == memory


@pytest.mark.parametrize(
    "broken",
    [{}, {"subject": "friend"}, {"created_at": "yesterday"}, {"importance": "many"}, {"source": 3}],
)
def test_what_cannot_be_read_is_refused(memory: Memory, broken: dict[str, object]) -> None:
    value = {**to_dict(memory), **broken} if broken else {}
    with pytest.raises(BadInput) as caught:
        from_dict(value)
    assert caught.value.code == "memory_unreadable"
