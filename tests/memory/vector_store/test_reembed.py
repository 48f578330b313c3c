"""New vectors after a change of the embedder, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from qdrant_client import models

from memory.errors import ModelTimeout
from memory.llm.hashing_embedder import HashingEmbedder
from memory.types import Memory
from memory.vector_store import reembed
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import EmbedderRecord
from tests.memory.vector_store.conftest import ME, open_store

Make = Callable[..., Memory]


@pytest.fixture
def filled(tmp_path: Path, make: Make) -> list[Memory]:
    memories = [make(f"用户喜欢第{n}种茶") for n in range(230)]
    store = open_store(tmp_path)
    store.put(memories)
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
    store.reembed(lambda done, total: seen.append((done, total)))
    assert seen[-1] == (230, 230)
    assert store.embedder_state()[0] == EmbedderRecord("builtin-hash-64", 64)
    assert isinstance(store.client, EdgeClient)
    assert _dims(store.client) == 64
    assert store.list(ME, sort="created_at") == filled
    assert store.search(ME, "第7种茶", today=date(2024, 6, 1))[0].memory == filled[7]
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

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.left -= len(texts)
        if self.left < 0:
            raise ModelTimeout("no answer", seconds=1)
        return super().embed(texts)


def test_a_dead_endpoint_changes_nothing(tmp_path: Path, filled: list[Memory]) -> None:
    store = open_store(tmp_path, Dying(210))
    with pytest.raises(ModelTimeout):
        store.reembed()
    assert store.embedder_state()[0].dims == 384
    assert isinstance(store.client, EdgeClient)
    assert _dims(store.client) == 384
    store.close()
    again = open_store(tmp_path)
    assert again.count(ME) == len(filled)
    assert not again.client.collection_exists("niannian_reembedding")
    again.close()


@pytest.mark.parametrize("calls", [0, 1])
def test_a_crash_while_replacing_is_finished_at_the_next_start(
    tmp_path: Path, filled: list[Memory], monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    store = open_store(tmp_path, HashingEmbedder(64))
    left = calls

    class Crash(BaseException):
        pass

    def write(client: EdgeClient, collection: str, records: object) -> None:
        nonlocal left
        if collection == "niannian":
            if left == 0:
                raise Crash
            left -= 1
        real(client, collection, records)  # type: ignore[arg-type]

    real = reembed._write
    with monkeypatch.context() as there:
        there.setattr(reembed, "_write", write)
        with pytest.raises(Crash):
            store.reembed()
    store.close()
    again = open_store(tmp_path, HashingEmbedder(64))
    assert again.list(ME, sort="created_at") == filled
    assert again.embedder_state()[0].dims == 64
    again.close()
