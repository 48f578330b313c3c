"""The memory store: every read and write of memories, always for one owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qdrant_client import models

from memory.errors import FolderUnusable
from memory.types import Owner
from memory.vector_store import listing, reembed
from memory.vector_store.client import EdgeClient
from memory.vector_store.filters import owner_filter
from memory.vector_store.gc_pause import gc_paused
from memory.vector_store.mem0 import adopt
from memory.vector_store.mem0.bridge import stock_memory
from memory.vector_store.points import unknown_keys
from memory.vector_store.reads import MemoryReads
from memory.vector_store.search.neighbours import Meaning
from memory.vector_store.writes import MemoryWrites


class MemoryStore(MemoryReads, MemoryWrites, Meaning):
    """All memories of all owners. Safe to use from several threads.

    Args:
        client: From :func:`memory.vector_store.client.open_client`.
        embedder: Makes the dense vectors.
        background: Somebody else calls :meth:`calibrate`; until then searches go by words
            alone, rather than wait for it.
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
        with self._turns.alone(), gc_paused():
            chosen = owner_filter(owner)
            ids = [str(r.id) for r in listing.scroll(self.client, self.collection, chosen, False)]
            draft = reembed.draft_of(self.collection)
            for name in (self.collection, f"{self.collection}_entities", draft):
                if self.client.collection_exists(name):
                    self.client.delete(name, points_selector=models.FilterSelector(filter=chosen))
                    self._compact(name)
            everyone = listing.scroll(self.client, self.collection, None, False)
            self.history.erase(owner, ids, (str(r.id) for r in everyone))

    def adopt(self) -> list[adopt.Adopted]:
        """Make memories that a stock mem0 client wrote searchable and listed here.

        Returns:
            What there was.
        """
        with self._turns.alone():
            adopted = adopt.adopt(self.client, self.collection)
            if adopted:
                self.history.note_owners(one.memory for one in adopted)
                self._sync()
            return adopted

    def counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """How many memories of each user, and with each persona, whatever their status; quick."""
        return self._facet("user_id", None), self._facet("agent_id", None)

    def holds_own(self) -> bool:
        """Whether there is any memory that this program wrote, not another mem0 client."""
        ours = models.Filter(
            must_not=[models.IsEmptyCondition(is_empty=models.PayloadField(key="subject"))]
        )
        found, _ = self.client.scroll(
            self.collection, scroll_filter=ours, limit=1, with_payload=False
        )
        return bool(found)

    def add_foreign(self, payloads: Mapping[str, Mapping[str, Any]]) -> None:
        """Give memories payload keys that aren't ours, by memory id."""
        with self._turns.of(payloads.keys()):
            for memory_id, payload in payloads.items():
                foreign = unknown_keys(payload)
                if foreign:
                    self.client.set_payload(self.collection, payload=foreign, points=[memory_id])
            self._sync()

    def compact(self) -> None:
        """Make files and indexes anew from the memories that can be read."""
        with self._turns.alone():
            self._compact(self.collection)

    @property
    def is_full(self) -> bool:
        """Whether nothing is written until there is more room on the disk."""
        try:
            self._check_room()
        except FolderUnusable:
            return True
        return False

    @property
    def unchanged(self) -> bool:
        """Whether checksums showed that no file has changed since the last close."""
        if not isinstance(self.client, EdgeClient):
            return True
        return self.client.backend.unchanged(self.collection)

    def trust(self, trusted: bool) -> None:
        """Say whether the memories are known to be what the history says.

        Only then a close leaves the checksums that spare the next start a comparison.
        """
        if isinstance(self.client, EdgeClient):
            self.client.backend.trust(trusted)

    @property
    def dropped(self) -> FolderUnusable | None:
        """Why the memories' files couldn't be used and were made anew, if so."""
        if not isinstance(self.client, EdgeClient):
            return None
        return self.client.backend.dropped.get(self.collection)

    def make_owed_vectors(self) -> int:
        """Try again to make the vectors of memories whose text the embedder refused.

        Returns:
            How many were made.

        Raises:
            ModelError: the endpoint failed.
        """
        if not self.means():
            return 0
        # The endpoint may take its time: nobody else waits for it.
        made = reembed.make_owed(self.client, self.collection, self._embedder)
        with self._turns.alone():
            return reembed.write_owed(self.client, self.collection, made)

    def stock_memory(self) -> Any:
        """A stock mem0 ``Memory`` over these same memories."""
        embedder = self._writing_embedder() or self._embedder
        return stock_memory(self.client, embedder, self._folder / "mem0", self.collection)

    def health(self) -> dict[str, Any]:
        """Engine, number of memories, and whether the embedder is still the same."""
        stored, configured = self.embedder_state()
        info = self.client.get_collection(self.collection)
        return {
            "engine": "embedded" if isinstance(self.client, EdgeClient) else "server",
            "memories": info.points_count,
            "embedder": stored.name,
            "embedder_changed": stored != configured and not self.reembeds_itself(),
        }

    def _compact(self, name: str) -> None:
        if isinstance(self.client, EdgeClient):
            self.client.backend.compact(name)
