"""The memory store: every read and write of memories, always for one owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qdrant_client import models

from memory.store import adopt, listing, reembed
from memory.store.client import EdgeClient
from memory.store.collection import EmbedderRecord
from memory.store.filters import owner_filter
from memory.store.meaning import Meaning
from memory.store.mem0_bridge import stock_memory
from memory.store.reading import Reading
from memory.store.uncollected import uncollected
from memory.store.writing import Writing
from memory.types import Owner


class MemoryStore(Reading, Writing, Meaning):
    """All memories of all owners. Safe to use from several threads.

    Args:
        client: From :func:`memory.store.client.open_client`.
        embedder: Makes the dense vectors.
        folder: The data folder, for mem0's history.

    Raises:
        StoreError: the collection isn't ours, or the engine failed.
    """

    def erase(self, owner: Owner | str) -> None:
        """Erase an owner, or a user with every persona, from memory and disk.

        Points, vectors, logs, mem0's history and entities: no byte of the text
        stays in the folder. Can be repeated after a crash. On a server the
        points are deleted; when its files are rewritten is up to the server.
        """
        with self._turns.alone(), uncollected():
            chosen = owner_filter(owner)
            ids = [str(r.id) for r in listing.scroll(self.client, self.collection, chosen, False)]
            for name in (self.collection, f"{self.collection}_entities"):
                if self.client.collection_exists(name):
                    self.client.delete(name, points_selector=models.FilterSelector(filter=chosen))
                    self._compact(name)
            everyone = listing.scroll(self.client, self.collection, None, False)
            self.history.erase(owner, ids, (str(r.id) for r in everyone))

    def adopt(self) -> int:
        """Make memories that a stock mem0 client wrote searchable and listed here.

        Returns:
            How many there were.
        """
        with self._turns.alone():
            adopted = adopt.adopt(self.client, self.collection)
            if adopted:
                self.history.note_owners(adopted)
                self._sync()
            return len(adopted)

    def reembed(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Make all vectors anew with the configured embedder.

        Safe against a crash: the old vectors stay until all new ones are there.

        Args:
            progress: Called with how many are done, and of how many.

        Raises:
            ModelError: the embedding endpoint failed; nothing was changed.
        """
        with self._turns.alone():
            reembed.reembed(self.client, self.collection, self._embedder, progress)
            self._stored = EmbedderRecord(self._embedder.name, self._embedder.dims)

    def stock_memory(self) -> Any:
        """A stock mem0 ``Memory`` over these same memories."""
        return stock_memory(self.client, self._embedder, self._folder / "mem0", self.collection)

    def health(self) -> dict[str, Any]:
        """Engine, number of memories, and whether the embedder is still the same."""
        stored, configured = self.embedder_state()
        info = self.client.get_collection(self.collection)
        return {
            "engine": "embedded" if isinstance(self.client, EdgeClient) else "server",
            "memories": info.points_count,
            "embedder": stored.name,
            "embedder_changed": stored != configured,
        }

    def _compact(self, name: str) -> None:
        if isinstance(self.client, EdgeClient):
            self.client.backend.compact(name)
