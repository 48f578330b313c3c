"""Store core: the client, embedder, locks and history that reads and writes share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qdrant_client import QdrantClient, models

from memory.types import Embedder, Memory
from memory.vector_store import reembed
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import COLLECTION, ensure_collection
from memory.vector_store.edge.collections import EdgeCollections
from memory.vector_store.edge.folder import check_room
from memory.vector_store.keyed_lock import KeyedLock
from memory.vector_store.mem0.history import Mem0History
from memory.vector_store.payload import memory_of
from memory.vector_store.points import point_id

BATCH = 1000
"""Memories embedded and written at once."""


class StoreCore:
    """The open collection of a :class:`memory.vector_store.store.MemoryStore`.

    Attributes:
        client: The collection's client; closed with the store.
        collection: Its name.
        history: mem0's history of it.
        embedder: The configured one.
        stored: The embedder that made the stored vectors.
        locks: Who may write when.
    """

    def __init__(
        self,
        client: QdrantClient,
        embedder: Embedder,
        folder: Path,
    ) -> None:
        self.client = client
        self.collection = COLLECTION
        self.embedder = embedder
        self.folder = folder
        self.locks = KeyedLock()
        try:
            reembed.finish(client, self.collection, embedder)
            self.stored = ensure_collection(client, embedder, self.collection)
            self.history = Mem0History(folder / "mem0")
        except BaseException:
            client.close()  # the store owns it; a second try needs the folder again
            raise

    @property
    def edge(self) -> EdgeCollections | None:
        """The embedded engine: the data folder is ours alone; ``None`` on a server."""
        return self.client.collections if isinstance(self.client, EdgeClient) else None

    def points(self, ids: Iterable[str]) -> dict[str, tuple[Memory, Any]]:
        """Memory and payload by id, for those that exist."""
        return {
            str(record.id): (memory_of(record.id, record.payload), record.payload)
            for record in self.records(ids)
        }

    def records(
        self, ids: Iterable[str], keys: Sequence[str] | None = None
    ) -> Iterator[models.Record]:
        """The points that exist; of their payloads only ``keys``, if given; none for ``()``."""
        wanted = [key for key in dict.fromkeys(map(point_id, ids)) if key is not None]
        told: bool | list[str] = list(keys) if keys else keys is None
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            yield from self.client.retrieve(self.collection, some, told)

    def check_room(self) -> None:
        """Check for free disk space before the history says what a full disk would prevent."""
        if self.edge:
            check_room(self.edge.folder)

    def sync(self) -> None:
        """Make what was written survive a power cut."""
        if self.edge:
            self.edge.sync(self.collection)
