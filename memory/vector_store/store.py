"""The memory store: every read and write of memories, always for one owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qdrant_client import QdrantClient

from memory.errors import FolderUnusable
from memory.types import Embedder
from memory.vector_store.core import StoreCore
from memory.vector_store.embedding import Embedding
from memory.vector_store.mem0 import adopt
from memory.vector_store.mem0.bridge import stock_memory
from memory.vector_store.reads import MemoryReads
from memory.vector_store.search.fusion import SearchWeights
from memory.vector_store.search.neighbours import Neighbours
from memory.vector_store.writes import MemoryWrites


class MemoryStore:
    """All memories of all owners. Safe to use from several threads.

    It is made of parts: ``reads``, ``writes``, ``neighbours`` (of stored memories) and
    ``embedding`` (which vectors are written and searched by).

    Args:
        client: From :func:`memory.vector_store.client.open_client`.
        embedder: Makes the dense vectors.
        folder: The data folder, for mem0's history.
        weights: How a search weighs what it finds.
        background: Somebody else calls :meth:`Embedding.calibrate`; until then searches go
            by words alone, rather than wait for it.

    Raises:
        StoreError: the collection isn't ours, or the engine failed.
    """

    def __init__(
        self,
        client: QdrantClient,
        embedder: Embedder,
        folder: Path,
        weights: SearchWeights | None = None,
        *,
        background: bool = False,
    ) -> None:
        self.core = StoreCore(client, embedder, folder)
        self.embedding = Embedding(self.core, background=background)
        self.reads = MemoryReads(self.core, self.embedding, weights or SearchWeights())
        self.writes = MemoryWrites(self.core, self.embedding)
        self.neighbours = Neighbours(self.core, self.embedding)
        self.client = client
        self.collection = self.core.collection
        self.history = self.core.history

    @property
    def is_embedded(self) -> bool:
        """Whether the memories are in the data folder, which is ours alone."""
        return self.core.edge is not None

    def adopt(self) -> list[adopt.Adopted]:
        """Make memories that a stock mem0 client wrote searchable and listed here.

        Returns:
            What there was.
        """
        with self.core.locks.alone():
            adopted = adopt.adopt(self.client, self.collection)
            if adopted:
                self.history.note_owners(one.memory for one in adopted)
                self.core.sync()
            return adopted

    def compact(self) -> None:
        """Rebuild files and indexes from the memories that can be read."""
        with self.core.locks.alone():
            if self.core.edge:
                self.core.edge.compact(self.collection)

    @property
    def is_full(self) -> bool:
        """Whether nothing is written until there is more room on the disk."""
        try:
            self.core.check_room()
        except FolderUnusable:
            return True
        return False

    @property
    def unchanged(self) -> bool:
        """Whether checksums showed that no file has changed since the last close."""
        return self.core.edge is None or self.core.edge.unchanged(self.collection)

    def trust(self, trusted: bool) -> None:
        """Say whether the memories are known to be what the history says.

        Only then a close leaves the checksums that spare the next start a comparison.
        """
        if self.core.edge:
            self.core.edge.trust(trusted)

    @property
    def dropped(self) -> FolderUnusable | None:
        """Why the memories' files couldn't be used and were rebuilt, if so."""
        return self.core.edge.dropped.get(self.collection) if self.core.edge else None

    def stock_memory(self) -> Any:
        """A stock mem0 ``Memory`` over these same memories."""
        embedder = self.embedding.writing_embedder() or self.core.embedder
        return stock_memory(self.client, embedder, self.core.folder / "mem0", self.collection)

    def health(self) -> dict[str, Any]:
        """Engine, number of memories, and whether the embedder is still the same."""
        stored, configured = self.embedding.embedders()
        info = self.client.get_collection(self.collection)
        return {
            "engine": "embedded" if self.is_embedded else "server",
            "memories": info.points_count,
            "embedder": stored.name,
            "embedder_changed": stored != configured and not self.embedding.reembeds_itself(),
        }

    def close(self) -> None:
        """Write everything out and let another process have the folder."""
        with self.core.locks.alone():
            self.history.close()
            self.client.close()
