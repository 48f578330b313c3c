"""The memory store: every read and write of memories, always for one owner."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from qdrant_client import QdrantClient, models

from memory.errors import EmbedderChanged, ModelError, NotFound
from memory.store import adopt, listing, reembed
from memory.store.client import EdgeClient
from memory.store.collection import COLLECTION, EmbedderRecord, ensure_collection
from memory.store.filters import memory_filter, owner_filter
from memory.store.history import History, Line
from memory.store.mem0_bridge import stock_memory
from memory.store.payload import memory_of, payload_of
from memory.store.points import points_of, sparse_of, unknown_keys
from memory.store.search import Candidate, hybrid_search, nearest_points
from memory.types import Embedder, Hit, Language, Memory, MemoryFilter, Owner, Subject

log = logging.getLogger(__name__)

Facet = Literal["subject", "kind", "category", "status"]

BATCH = 500
"""Memories embedded and written at once."""

ACTIVE = MemoryFilter()
ANY_STATUS = MemoryFilter(statuses=frozenset())

# ``list`` is a method below; these keep its annotations readable.
Memories: TypeAlias = list[Memory]
Hits: TypeAlias = list[Hit]
Owners: TypeAlias = list[Owner]
Vector: TypeAlias = list[float]


class MemoryStore:
    """All memories of all owners. Safe to use from several threads.

    Args:
        client: From :func:`memory.store.client.open_client`.
        embedder: Makes the dense vectors.
        folder: The data folder, for mem0's history.

    Raises:
        StoreError: the collection isn't ours, or the engine failed.
    """

    def __init__(self, client: QdrantClient, embedder: Embedder, folder: Path) -> None:
        self.client = client
        self.collection = COLLECTION
        self._embedder = embedder
        self._folder = folder
        self._writing = threading.RLock()
        reembed.finish(client, self.collection)
        self._stored = ensure_collection(client, embedder, self.collection)
        self.history = History(folder / "mem0")

    # --- writing -------------------------------------------------------------------

    def put(self, memories: Sequence[Memory]) -> None:
        """Insert or replace memories, in bulk. On the disk when this returns.

        Doing the same again changes nothing, so a replay after a crash is safe.

        Raises:
            NotFound: an id belongs to another owner; nothing was written.
            ModelError: the embedding endpoint failed; the batch was not written.
            EmbedderChanged: vectors of this embedder don't fit what is stored.
            FolderUnusable: the disk is full.
        """
        latest = list({memory.id: memory for memory in memories}.values())
        with self._writing:
            before = self._points(memory.id for memory in latest)
            for memory in latest:
                known = before.get(memory.id)
                if known is not None and known[0].owner != memory.owner:
                    raise NotFound(f"no memory {memory.id}", id=memory.id)
            for start in range(0, len(latest), BATCH):
                self._put(latest[start : start + BATCH], before)
            self._flush()

    def delete(self, owner: Owner, ids: Iterable[str]) -> int:
        """Delete memories; ids that are gone already are left alone.

        Returns:
            How many were deleted.

        Raises:
            NotFound: an id belongs to another owner; nothing was deleted.
        """
        with self._writing:
            found = self._points(ids)
            if any(memory.owner != owner for memory, _ in found.values()):
                raise NotFound("no such memory")
            if not found:
                return 0
            now = datetime.now(UTC).isoformat()
            self.history.record(
                [Line(memory, "DELETE", memory.text, None, now) for memory, _ in found.values()]
            )
            self.client.delete(
                self.collection, points_selector=models.PointIdsList(points=list(found))
            )
            self._flush()
            return len(found)

    def erase(self, owner: Owner | str) -> None:
        """Erase an owner, or a user with every persona, from memory and disk.

        Points, vectors, logs, mem0's history and entities: no byte of the text
        stays in the folder. Can be repeated after a crash. On a server the
        points are deleted; when its files are rewritten is up to the server.
        """
        with self._writing:
            chosen = owner_filter(owner)
            ids = [str(r.id) for r in listing.scroll(self.client, self.collection, chosen, False)]
            for name in (self.collection, f"{self.collection}_entities"):
                if self.client.collection_exists(name):
                    self.client.delete(name, points_selector=models.FilterSelector(filter=chosen))
                    self._compact(name)
            self.history.erase(owner, ids)
            everyone = listing.scroll(self.client, self.collection, None, False)
            self.history.forget_unowned(str(r.id) for r in everyone)

    # --- reading -------------------------------------------------------------------

    def get(self, owner: Owner, memory_id: str) -> Memory:
        """One memory.

        Raises:
            NotFound: there is none of that id, or it is somebody else's.
        """
        found = self.get_many(owner, [memory_id])
        if not found:
            raise NotFound(f"no memory {memory_id}", id=memory_id)
        return found[0]

    def get_many(self, owner: Owner, ids: Sequence[str]) -> Memories:
        """Memories in the order of ``ids``; what the owner doesn't have is left out."""
        found = self._points(ids)
        mine = {key: memory for key, (memory, _) in found.items() if memory.owner == owner}
        return [mine[key] for key in dict.fromkeys(map(_point_id, ids)) if key in mine]

    def list(
        self,
        owner: Owner,
        filter: MemoryFilter = ACTIVE,
        *,
        sort: str = "-created_at",
        limit: int | None = None,
        offset: int = 0,
    ) -> Memories:
        """All memories that match, sorted; ties by id.

        Args:
            owner: Whose.
            filter: Which.
            sort: ``created_at``, ``updated_at``, ``event_date``, ``importance`` or
                ``text``, with ``-`` before it for descending. Memories without an
                event date come last in both directions.
            limit: At most so many; ``None`` for all.
            offset: Leave out so many first.

        Raises:
            BadInput: an unknown sort field.
        """
        chosen = memory_filter(owner, filter)
        return listing.sorted_page(self.client, self.collection, chosen, sort, limit, offset)

    def iterate(
        self, filter: MemoryFilter = ANY_STATUS, owner: Owner | str | None = None
    ) -> Iterator[Memory]:
        """Every memory, page by page, in no particular order; of everybody by default."""
        chosen = memory_filter(owner, filter)
        for record in listing.scroll(self.client, self.collection, chosen):
            yield memory_of(record.id, record.payload)

    def count(self, owner: Owner, filter: MemoryFilter = ACTIVE) -> int:
        """How many memories match."""
        chosen = memory_filter(owner, filter)
        return self.client.count(self.collection, count_filter=chosen, exact=True).count

    def facets(self, owner: Owner, field: Facet, filter: MemoryFilter = ACTIVE) -> dict[str, int]:
        """How many memories there are for each value of a field, most first."""
        return self._facet(field, memory_filter(owner, filter))

    def owners(self) -> Owners:
        """Everybody who has memories."""
        return [
            Owner(user_id, persona_id)
            for user_id in sorted(self._facet("user_id", None))
            for persona_id in sorted(self._facet("agent_id", owner_filter(user_id)))
        ]

    def search(
        self,
        owner: Owner,
        query: str,
        *,
        filter: MemoryFilter = ACTIVE,
        limit: int = 20,
        today: date,
        language: Language | None = None,
        now: datetime | None = None,
    ) -> Hits:
        """What is remembered for ``query``, best first; empty if nothing fits.

        A failing embedding endpoint doesn't fail the search: words still find.
        """
        found = hybrid_search(
            self.client,
            self.collection,
            query=query,
            query_filter=memory_filter(owner, filter),
            limit=limit,
            today=today,
            now=now or datetime.now(UTC),
            language=language,
            dense=self._query_vector(query),
        )
        return [_hit(candidate) for candidate in found]

    def nearest(
        self, owner: Owner, text: str, *, subject: Subject | None = None, limit: int = 10
    ) -> Hits:
        """The active memories most like ``text``: no cut-off, no recency."""
        wanted = MemoryFilter(subjects=frozenset({subject} if subject else ()))
        found = nearest_points(
            self.client,
            self.collection,
            text=text,
            query_filter=memory_filter(owner, wanted),
            limit=limit,
            dense=self._query_vector(text),
        )
        return [_hit(candidate) for candidate in found]

    # --- upkeep --------------------------------------------------------------------

    def adopt(self) -> int:
        """Make memories that a stock mem0 client wrote searchable and listed here.

        Returns:
            How many there were.
        """
        with self._writing:
            adopted = adopt.adopt(self.client, self.collection)
            if adopted:
                self.history.note_owners(adopted)
                self._flush()
            return len(adopted)

    def embedder_state(self) -> tuple[EmbedderRecord, EmbedderRecord]:
        """The embedder that made the stored vectors, and the configured one."""
        return self._stored, EmbedderRecord(self._embedder.name, self._embedder.dims)

    def reembed(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Make all vectors anew with the configured embedder.

        Safe against a crash: the old vectors stay until all new ones are there.

        Args:
            progress: Called with how many are done, and of how many.

        Raises:
            ModelError: the embedding endpoint failed; nothing was changed.
        """
        with self._writing:
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

    def close(self) -> None:
        """Write everything out and let another process have the folder."""
        with self._writing:
            self.history.close()
            self.client.close()

    # --- inside --------------------------------------------------------------------

    def _put(self, memories: Sequence[Memory], before: dict[str, tuple[Memory, Any]]) -> None:
        changed = [m for m in memories if m.id not in before or before[m.id][0] != m]
        fresh = [m for m in changed if not self._same_vectors(m, before)]
        if fresh and self._stored.dims != self._embedder.dims:
            raise self._embedder_changed()
        vectors = self._embedder.embed([m.text for m in fresh]) if fresh else []
        if any(len(vector) != self._stored.dims for vector in vectors):
            raise self._embedder_changed()
        self.history.record([_line(m, before) for m in changed])
        kept = {m.id: unknown_keys(before[m.id][1]) for m in changed if m.id in before}
        if fresh:
            self.client.upsert(self.collection, points=points_of(fresh, vectors, kept))
        embedded = {m.id for m in fresh}
        for memory in changed:
            if memory.id not in embedded:
                self.client.overwrite_payload(
                    self.collection,
                    payload={**kept[memory.id], **payload_of(memory)},
                    points=[memory.id],
                )

    @staticmethod
    def _same_vectors(memory: Memory, before: dict[str, tuple[Memory, Any]]) -> bool:
        known = before.get(memory.id)
        return known is not None and sparse_of(known[0]) == sparse_of(memory)

    def _points(self, ids: Iterable[str]) -> dict[str, tuple[Memory, Any]]:
        """Memory and payload by id, for those that exist."""
        wanted = [key for key in dict.fromkeys(map(_point_id, ids)) if key is not None]
        found = {}
        for start in range(0, len(wanted), BATCH):
            some = wanted[start : start + BATCH]
            for record in self.client.retrieve(self.collection, ids=some, with_payload=True):
                found[str(record.id)] = (memory_of(record.id, record.payload), record.payload)
        return found

    def _facet(self, key: str, chosen: models.Filter | None) -> dict[str, int]:
        found = self.client.facet(
            self.collection, key=key, facet_filter=chosen, limit=1_000_000, exact=True
        )
        return {str(hit.value): hit.count for hit in found.hits}

    def _query_vector(self, text: str) -> Vector | None:
        """The dense vector to search by; ``None`` where it would mean nothing."""
        stored, configured = self.embedder_state()
        if stored != configured or configured.name.startswith("builtin-"):
            return None
        try:
            return self._embedder.embed([text])[0]
        except ModelError as error:
            log.warning("searching without the embedder: %s", error.code)
            return None

    def _embedder_changed(self) -> EmbedderChanged:
        stored, configured = self.embedder_state()
        return EmbedderChanged(
            f"the stored vectors come from {stored.name}, not from {configured.name}",
            stored=stored.name,
            configured=configured.name,
        )

    def _flush(self) -> None:
        if isinstance(self.client, EdgeClient):
            self.client.backend.flush(self.collection)

    def _compact(self, name: str) -> None:
        if isinstance(self.client, EdgeClient):
            self.client.backend.compact(name)


def _point_id(memory_id: str) -> str | None:
    """The id as the store writes it; ``None`` for what can't be one."""
    try:
        return str(uuid.UUID(memory_id))
    except ValueError:
        return None


def _line(memory: Memory, before: dict[str, tuple[Memory, Any]]) -> Line:
    known = before.get(memory.id)
    old = known[0].text if known else None
    at = memory.updated_at.isoformat()
    return Line(memory, "UPDATE" if known else "ADD", old, memory.text, at)


def _hit(candidate: Candidate) -> Hit:
    return Hit(
        memory=memory_of(candidate.id, candidate.payload),
        score=candidate.score,
        dense=candidate.dense,
        cjk=candidate.cjk,
        words=candidate.words,
        boosts=candidate.boosts,
    )


__all__ = ["MemoryStore"]
