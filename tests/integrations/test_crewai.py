"""The CrewAI storage with CrewAI itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

pytest.importorskip("crewai")

from crewai import Memory
from crewai.memory.storage.backend import StorageBackend
from crewai.memory.types import MemoryRecord

from integrations.crewai import NiannianStorage
from niannian import Client


@pytest.fixture
def storage(client: Client, user: str) -> NiannianStorage:
    return NiannianStorage(client, user)


def test_it_is_a_storage_backend(storage: NiannianStorage) -> None:
    assert isinstance(storage, StorageBackend)


def test_a_crew_s_memory_remembers_and_recalls(
    storage: NiannianStorage, client: Client, user: str
) -> None:
    memory = Memory(storage=storage, embedder=storage.embedder, llm="gpt-4o-mini")
    told = {"scope": "/shop", "categories": ["deploy"], "importance": 0.9, "metadata": {"run": 7}}
    memory.remember("The shop is deployed with make release", **told)
    memory.remember(
        "The bakery opens at seven",
        scope="/bakery",
        categories=["hours"],
        importance=0.3,
        metadata={},
    )
    memory.drain_writes()
    found = memory.recall("How is the shop deployed?", depth="shallow")
    assert found[0].record.content == "The shop is deployed with make release"
    assert found[0].record.metadata == {"run": 7}
    assert [
        m.record.scope for m in memory.recall("opens at seven", scope="/bakery", depth="shallow")
    ] == ["/bakery"]
    texts = {one["text"] for one in client.all_memories(user)}
    assert texts == {"The shop is deployed with make release", "The bakery opens at seven"}
    assert memory.list_scopes() == ["/bakery", "/shop"]


def test_records_come_back_whole_and_go(storage: NiannianStorage) -> None:
    long = MemoryRecord(content="x" * 2500, scope="/a/b", categories=["c"], metadata={"n": 1})
    short = MemoryRecord(content="short", scope="/ab")
    storage.save([long, short])
    read = storage.get_record(long.id)
    assert read is not None
    assert (read.content, read.scope, read.metadata) == (long.content, "/a/b", {"n": 1})
    assert storage.count("/a") == 1
    assert storage.list_categories() == {"c": 1}
    assert storage.get_scope_info("/a").child_scopes == ["/a/b"]
    storage.update(short.model_copy(update={"content": "shorter"}))
    assert {record.content for record in storage.list_records()} == {long.content, "shorter"}
    assert storage.delete(older_than=datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert asyncio.run(storage.adelete(metadata_filter={"n": 1})) == 1
    storage.reset()
    assert storage.count() == 0


def test_vectors_of_others_are_refused(storage: NiannianStorage) -> None:
    (vector,) = storage.embedder(["tea"])
    assert asyncio.run(storage.asearch(vector)) == []
    with pytest.raises(ValueError, match="embedder"):
        storage.search([0.5] * 64)
