"""A folder that can't be opened whole is let go of."""

from __future__ import annotations

from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import build
from memory.db import Database
from memory.errors import StoreError
from memory.extraction.worker import ExtractionWorker
from memory.memories.history_first import HistoryFirst
from memory.studio import Studio
from memory.vector_store import core
from memory.vector_store.client import EdgeClient
from memory.vector_store.store import MemoryStore


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (core, "ensure_collection"),
        (core, "Mem0History"),
        (Studio, "__init__"),
        (HistoryFirst, "recover"),
        (MemoryStore, "adopt"),
        (ExtractionWorker, "start"),
    ],
    ids=["collection", "history", "studio", "recover", "adopt", "writer"],
)
def test_what_fails_to_open_can_be_opened_again_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    closed: list[str] = []
    for kind in (Database, EdgeClient):

        def close(
            self: object, kind: type = kind, really: object = kind.close, **kwargs: object
        ) -> None:
            closed.append(kind.__name__)
            really(self, **kwargs)  # type: ignore[operator]

        monkeypatch.setattr(kind, "close", close)

    def fail(*args: object, **kwargs: object) -> None:
        raise StoreError(code="store_broken")

    with monkeypatch.context() as broken:
        broken.setattr(owner, name, fail)
        with pytest.raises(StoreError) as caught:
            build(load_settings())
    assert caught.value.code == "store_broken"
    assert set(closed) == {"Database", "EdgeClient"}
    container = build(load_settings())
    assert container.store.reads.owners() == []
    container.close()
