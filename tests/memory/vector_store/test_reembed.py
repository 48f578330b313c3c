"""New vectors after a change of the embedder, whatever happens in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from qdrant_client import models

from memory.errors import ModelTimeout
from memory.llm.hashing_embedder import HashingEmbedder
from memory.types import EmbeddingPurpose, Memory
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import EmbedderRecord
from tests.memory.vector_store.conftest import ME, bytes_hold, local_embedder, open_store

Make = Callable[..., Memory]


@pytest.fixture
def filled(tmp_path: Path, make: Make) -> list[Memory]:
    memories = [make(f"用户喜欢第{n}种茶") for n in range(230)]
    store = open_store(tmp_path)
    store.writes.put(memories)
    store.close()
    return memories


def _dims(client: EdgeClient) -> int:
    found, _ = client.scroll("niannian", limit=1, with_vectors=True)
    vector = found[0].vector
    assert isinstance(vector, dict)
    return len(vector[""])  # type: ignore[arg-type]


def test_all_vectors_are_made_anew(tmp_path: Path, filled: list[Memory]) -> None:
    store = open_store(tmp_path, HashingEmbedder(64))
    seen: list[tuple[int, int]] = []
    store.embedding.reembed(lambda done, total: seen.append((done, total)))
    assert seen[-1] == (230, 230)
    assert store.embedding.embedders()[0] == EmbedderRecord("builtin-hash-64", 64)
    assert isinstance(store.client, EdgeClient)
    assert _dims(store.client) == 64
    assert store.reads.matching(ME, sort="created_at") == filled
    assert store.reads.search(ME, "第7种茶", today=date(2024, 6, 1))[0].memory == filled[7]
    assert store.client.get_collections().collections == [
        models.CollectionDescription(name="niannian")
    ]
    indexes = store.client.get_collection("niannian").payload_schema
    assert {"user_id", "status", "created_at", "pinned"} <= set(indexes)
    store.close()
    again = open_store(tmp_path, HashingEmbedder(64))
    assert not again.health()["embedder_changed"]
    again.close()


class Dying(HashingEmbedder):
    """An endpoint that stops after some texts."""

    def __init__(self, left: int) -> None:
        super().__init__(64)
        self.left = left

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        self.left -= len(texts)
        if self.left < 0:
            raise ModelTimeout("no answer", seconds=1)
        return super().embed(texts, purpose)


def test_a_dead_endpoint_changes_nothing(tmp_path: Path, filled: list[Memory]) -> None:
    store = open_store(tmp_path, Dying(210))
    with pytest.raises(ModelTimeout):
        store.embedding.reembed()
    assert store.embedding.embedders()[0].dims == 384
    assert isinstance(store.client, EdgeClient)
    assert _dims(store.client) == 384
    store.close()
    again = open_store(tmp_path)
    assert again.reads.count(ME) == len(filled)
    assert not again.client.collection_exists("niannian_reembedding")
    again.close()


KILLED = """
import os, sys
from pathlib import Path
from memory.llm.hashing_embedder import HashingEmbedder
from memory.vector_store import reembed
from tests.memory.vector_store.conftest import open_store

folder, step = Path(sys.argv[1]), sys.argv[2]
store = open_store(folder, HashingEmbedder(64))
rename, write = Path.rename, reembed._write

def renamed(self, target):
    if step == "before" and self.name == "niannian":
        os._exit(9)
    if step == "between" and self.name == "niannian_reembedding":
        os._exit(9)
    return rename(self, target)

def written(client, collection, records):
    write(client, collection, records)
    if step == "half" and client.count(collection).count > 100:
        os._exit(9)

Path.rename, reembed._write = renamed, written
store.embedding.reembed()
"""


@pytest.mark.parametrize("step", ["half", "before", "between"])
def test_a_kill_is_finished_or_taken_up_at_the_next_start(
    tmp_path: Path, filled: list[Memory], step: str
) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), step]
    assert subprocess.run(command, check=False).returncode == 9
    embedder = Counting()
    again = open_store(tmp_path, embedder)
    assert again.reads.matching(ME, sort="created_at") == filled
    if step == "half":
        assert again.embedding.embedders()[0].dims == 384
        assert again.embedding.reembeds_itself()
        again.embedding.reembed()
        assert 0 < embedder.texts < 230 - 100
    assert again.embedding.embedders()[0].dims == 64
    assert isinstance(again.client, EdgeClient)
    assert _dims(again.client) == 64
    assert not again.client.collection_exists("niannian_reembedding")
    assert again.reads.search(ME, "第7种茶", today=date(2024, 6, 1))[0].memory == filled[7]
    again.close()


class Counting(HashingEmbedder):
    """Counts what it is asked for."""

    def __init__(self) -> None:
        super().__init__(64)
        self.texts = 0

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]:
        self.texts += len(texts)
        return super().embed(texts, purpose)


def test_what_is_written_and_searched_meanwhile_counts(
    tmp_path: Path, filled: list[Memory], make: Make
) -> None:
    store = open_store(tmp_path, local_embedder())
    assert store.embedding.status().state == "reembedding"
    new = make("用户新学了陶艺")
    paused = 0

    def pause() -> None:
        nonlocal paused
        paused += 1
        if paused == 3:
            store.writes.put([new, replace(filled[3], text="用户改喝咖啡了")])
            store.writes.delete(ME, [filled[0].id])
            assert [h.memory for h in store.reads.search(ME, "陶艺", today=date(2024, 6, 1))] == [
                new
            ]
            assert store.embedding.status().total > 0

    store.embedding.reembed(pause=pause)
    assert store.embedding.status().state == "meaning"
    assert store.reads.count(ME) == 230
    assert store.reads.search(ME, "咖啡", today=date(2024, 6, 1))[0].memory.id == filled[3].id
    found, _ = store.client.scroll("niannian", limit=500, with_vectors=True)
    assert {len(record.vector[""]) for record in found} == {512}  # type: ignore[index,arg-type,call-overload]
    store.close()


def test_what_is_erased_meanwhile_is_gone_from_the_draft(tmp_path: Path, make: Make) -> None:
    secret = "隐秘词汇"
    store = open_store(tmp_path)
    store.writes.put([make(f"用户的{secret}{n}") for n in range(70)])
    store.close()
    store = open_store(tmp_path, local_embedder())
    calls = 0

    class StopHere(Exception):
        pass

    def pause() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            store.writes.erase("mei")
            raise StopHere

    with pytest.raises(StopHere):
        store.embedding.reembed(pause=pause)
    store.close()
    assert bytes_hold(tmp_path, secret) == []
