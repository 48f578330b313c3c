"""Which vectors are written and searched by, and what is made up for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event

from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import SentenceEncoder
from memory.priority import Priority
from memory.types import Memory
from memory.types.vectors import Encode
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import stored_record
from memory.vector_store.embedding_upkeep import EmbeddingUpkeep
from memory.vector_store.store import MemoryStore
from tests.memory.vector_store.conftest import ME, local_embedder, open_store

Make = Callable[..., Memory]
TODAY = date(2024, 6, 1)


def texts(store: MemoryStore, query: str) -> list[str]:
    return [hit.memory.text for hit in store.reads.search(ME, query, today=TODAY)]


def broken() -> LocalEmbedder:
    def load() -> Encode:
        raise OSError("no weights")

    return LocalEmbedder(SentenceEncoder(load))


def test_nothing_is_lost_without_the_encoder_and_all_is_made_up_for(
    tmp_path: Path, make: Make
) -> None:
    store = open_store(tmp_path, broken())
    store.writes.put([make("用户在学陶艺"), make("用户爱喝乌龙茶")])
    assert store.embedding.status().state == "unavailable"
    assert texts(store, "陶艺") == ["用户在学陶艺"]
    store.close()
    # Switched off: the vectors stay as they are, and what is new waits for its own.
    store = open_store(tmp_path, HashingEmbedder())
    store.writes.put([make("用户养了一只鹦鹉")])
    store.close()
    store = open_store(tmp_path, local_embedder())
    assert store.embedding.fill_vectors() == 3
    assert store.embedding.fill_vectors() == 0
    assert store.reads.search(ME, "乌龙茶", today=TODAY)[0].dense > 0
    store.close()


def test_the_scale_is_stored_with_the_collection(tmp_path: Path, make: Make) -> None:
    store = open_store(tmp_path, local_embedder())
    store.writes.put([make("用户在学陶艺")])
    store.embedding.calibrate()
    first = stored_record(store.client, store.collection)
    assert first["embedder"] == "use-multilingual-3"
    assert first["calibration"]["spread"] > 0
    store.close()
    again = open_store(tmp_path, local_embedder())
    again.embedding.calibrate()
    assert stored_record(again.client, again.collection) == first
    again.close()


def test_the_upkeep_replaces_hashed_vectors_by_itself(tmp_path: Path, make: Make) -> None:
    old = open_store(tmp_path)
    old.writes.put([make("用户在学陶艺"), make("用户爱喝乌龙茶")])
    old.close()
    loaded = Event()
    hashed = HashingEmbedder(512)

    def load() -> Encode:
        import numpy as np

        loaded.wait(20)
        return lambda texts: np.asarray(hashed.embed(texts), np.float32)

    client = EdgeClient(tmp_path / "memories")
    embedder = LocalEmbedder(SentenceEncoder(load))
    store = MemoryStore(client, embedder, tmp_path, background=True)
    upkeep = EmbeddingUpkeep(store, Priority())
    upkeep.start()
    # Not there yet: nobody waits, neither to find nor to write.
    assert texts(store, "陶艺") == ["用户在学陶艺"]
    store.writes.put([make("用户养了一只鹦鹉")])
    assert store.embedding.status().state == "reembedding"
    assert not store.health()["embedder_changed"]
    loaded.set()
    (thread,) = (one for one in threading.enumerate() if one.name == "niannian-embedding")
    thread.join(20)
    assert store.embedding.status().state == "meaning"
    assert "calibration" in stored_record(client, store.collection)
    assert texts(store, "鹦鹉") == ["用户养了一只鹦鹉"]
    assert store.reads.search(ME, "鹦鹉", today=TODAY)[0].dense > 0
    upkeep.stop()
    store.close()


def test_the_upkeep_leaves_vectors_that_cost_money(tmp_path: Path, make: Make) -> None:
    class Endpoint(HashingEmbedder):
        @property
        def name(self) -> str:
            return "somewhere/else"

    old = open_store(tmp_path, Endpoint())
    old.writes.put([make("用户在学陶艺")])
    old.close()
    store = open_store(tmp_path, local_embedder())
    assert store.embedding.status().state == "changed"
    assert not store.embedding.reembeds_itself()
    upkeep = EmbeddingUpkeep(store, Priority())
    upkeep.start()
    upkeep.stop()
    assert store.embedding.embedders()[0].name == "somewhere/else"
    store.close()
