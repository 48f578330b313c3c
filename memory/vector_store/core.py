"""Store core: the client, embedder, locks and history that reads and writes share."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qdrant_client import QdrantClient, models

from memory.types import Embedder, Memory
from memory.vector_store import reembed
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import COLLECTION, EmbedderRecord, ensure_collection
from memory.vector_store.edge.folder import check_room
from memory.vector_store.keyed_lock import KeyedLock
from memory.vector_store.mem0.history import Mem0History
from memory.vector_store.payload import memory_of
from memory.vector_store.points import point_id
from memory.vector_store.search.calibration import CalibratedEmbedder
from memory.vector_store.search.fusion import SearchWeights

BATCH = 1000
"""Memories embedded and written at once."""


class StoreCore:
    """An open store. See :class:`memory.vector_store.store.MemoryStore`."""

    def __init__(
        self,
        client: QdrantClient,
        embedder: Embedder,
        folder: Path,
        weights: SearchWeights | None = None,
        *,
        background: bool = False,
    ) -> None:
        self.client = client
        self.collection = COLLECTION
        self._embedder = embedder
        self._folder = folder
        self._weights = weights or SearchWeights()
        self._turns = KeyedLock()
        self._background = background
        self._calibrated: CalibratedEmbedder | None = None
        self._calibrating, self._reembedding = threading.Lock(), threading.Lock()
        self._progress = 0, 0
        try:
            reembed.finish(client, self.collection, embedder)
            self._stored = ensure_collection(client, embedder, self.collection)
            self.history = Mem0History(folder / "mem0")
        except BaseException:
            client.close()  # the store owns it; a second try needs the folder again
            raise

    def embedder_state(self) -> tuple[EmbedderRecord, EmbedderRecord]:
        """The embedder that made the stored vectors, and the configured one."""
        return self._stored, EmbedderRecord(self._embedder.name, self._embedder.dims)

    def means(self) -> bool:
        """Whether dense vectors say more than the words: none of the hashed embedder's do,
        and those of another one than the configured can't be compared with new ones."""
        stored, configured = self.embedder_state()
        return stored == configured and not configured.name.startswith("builtin-")

    @property
    def is_embedded(self) -> bool:
        """Whether the memories are in the data folder, which is ours alone."""
        return isinstance(self.client, EdgeClient)

    def close(self) -> None:
        """Write everything out and let another process have the folder."""
        with self._turns.alone():
            self.history.close()
            self.client.close()

    def _points(self, ids: Iterable[str]) -> dict[str, tuple[Memory, Any]]:
        """Memory and payload by id, for those that exist."""
        return {
            str(record.id): (memory_of(record.id, record.payload), record.payload)
            for record in self._records(ids)
        }

    def _records(
        self, ids: Iterable[str], keys: Sequence[str] | None = None
    ) -> Iterator[models.Record]:
        """The points that exist; of their payloads only ``keys``, if given; none for ``()``."""
        wanted = [key for key in dict.fromkeys(map(point_id, ids)) if key is not None]
        told: bool | list[str] = list(keys) if keys else keys is None
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            yield from self.client.retrieve(self.collection, some, told)

    def _check_room(self) -> None:
        """Before the history says what a full disk would then keep from happening."""
        if isinstance(self.client, EdgeClient):
            check_room(self.client.backend.folder)

    def _sync(self) -> None:
        if isinstance(self.client, EdgeClient):
            self.client.backend.sync(self.collection)
