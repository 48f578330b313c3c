"""Re-embedding: new vectors for all memories after a change of the embedder, while in use.

Vectors of another length need another collection. So the memories are copied beside, into a
draft with new vectors, while the old ones are searched and written as ever; what changed
meanwhile is caught up with, at last with all writes held up. Only when the draft is complete
(recorded in its metadata) it takes the place of the collection. A crash at any point is
finished at the next start, or taken up again where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Any, Protocol, TypeAlias, TypeVar

from qdrant_client import QdrantClient, models

from memory.types import Embedder
from memory.types.payload_keys import VECTOR_OWED
from memory.vector_store import listing
from memory.vector_store.client import EdgeClient
from memory.vector_store.collection import (
    META_KEY,
    create_collection,
    ensure_collection,
    record_of,
)
from memory.vector_store.points import vectors_of, without_vector
from memory.vector_store.search.fusion import DENSE

BATCH = 200

TOGETHER = 32
"""Memories embedded in one go; nobody else writes them meanwhile (some 80 ms)."""

T = TypeVar("T")


class Locks(Protocol):
    """Who may write when: :class:`memory.vector_store.keyed_lock.KeyedLock`."""

    def of(self, ids: Sequence[str]) -> AbstractContextManager[None]:
        """Write some memories; others may write others."""

    def alone(self) -> AbstractContextManager[None]:
        """Nobody else writes anything."""


Owed: TypeAlias = tuple[str, list[float]]
"""A text and its vector."""


class Named:
    """Name and dims of an embedder that was recorded; it makes no vectors."""

    def __init__(self, name: str, dims: int) -> None:
        self.name, self.dims = name, dims

    def embed(self, texts: Any, purpose: Any = "passage") -> list[list[float]]:
        """Never: see above."""
        raise NotImplementedError("a record of an embedder can't embed")


def reembed(
    client: QdrantClient,
    collection: str,
    embedder: Embedder,
    locks: Locks,
    progress: Callable[[int, int], None],
    pause: Callable[[], None] = lambda: None,
) -> None:
    """Replace every dense vector by one of ``embedder``.

    Args:
        client: The store's client.
        collection: Its collection.
        embedder: Makes the new vectors.
        locks: The store's.
        progress: Called with how many are done, and of how many.
        pause: Called before every few memories; may wait, or end it by an exception.
    """
    copy = _Draft(client, collection, embedder)
    copy.catch_up(progress, pause, locks.of)
    with locks.alone():
        # The few that were written since; nothing waits for the other thousands.
        copy.catch_up(lambda done, total: None, lambda: None, lambda ids: nullcontext())
        copy.complete()
        finish(client, collection, embedder)


class _Draft:
    """The collection with new vectors, as far as it is; one of an earlier try goes on."""

    def __init__(self, client: QdrantClient, collection: str, embedder: Embedder) -> None:
        self._client = client
        self._collection = collection
        self._embedder = embedder
        self._name = draft_of(collection)
        if client.collection_exists(self._name) and not _is_of(client, self._name, embedder):
            client.delete_collection(self._name)
        if not client.collection_exists(self._name):
            create_collection(client, self._name, embedder)

    def catch_up(
        self,
        progress: Callable[[int, int], None],
        pause: Callable[[], None],
        holding: Callable[[Sequence[str]], AbstractContextManager[None]],
    ) -> None:
        """Embed what isn't in the draft as it is in the collection; drop what is gone."""
        total = self._client.count(self._collection, exact=True).count
        done, there = 0, set[str]()
        for page in _batches(listing.scroll(self._client, self._collection, None), BATCH):
            there.update(str(record.id) for record in page)
            stale = self._stale(page)
            done += len(page) - len(stale)
            for ids in _batches(stale, TOGETHER):
                pause()
                with holding(ids):
                    self._embed(ids)
                done += len(ids)
                progress(min(done, total), total)
            progress(min(done, total), total)
        gone = [
            record.id
            for record in listing.scroll(self._client, self._name, None, with_payload=False)
            if str(record.id) not in there
        ]
        if gone:
            self._client.delete(self._name, points_selector=models.PointIdsList(points=gone))

    def complete(self) -> None:
        """From now on the draft is what counts, whatever happens."""
        ensure_collection(self._client, self._embedder, self._name)  # its indexes
        if isinstance(self._client, EdgeClient):
            self._client.collections.sync(self._name)
        record = {**record_of(self._embedder), "complete": True}
        self._client.update_collection(self._name, metadata={META_KEY: record})

    def _stale(self, page: Sequence[models.Record]) -> list[str]:
        ids = [record.id for record in page]
        made = {str(r.id): r.payload for r in self._client.retrieve(self._name, ids)}
        return [str(r.id) for r in page if not _same(r.payload, made.get(str(r.id), ...))]

    def _embed(self, ids: Sequence[str]) -> None:
        # Read here, where nobody can change or erase them before they are written.
        records = self._client.retrieve(
            self._collection, list(ids), with_payload=True, with_vectors=True
        )
        payloads = [record.payload or {} for record in records]
        vectors = self._embedder.embed([str(p.get("data") or "") for p in payloads])
        _write(self._client, self._name, zip(records, vectors, strict=True))


def make_owed(client: QdrantClient, collection: str, embedder: Embedder) -> dict[str, Owed]:
    """Try again to make the vectors that the embedder refused; nothing is written yet.

    Returns:
        By id, the text that was read and its vector, for those that were made.

    Raises:
        ModelError: the endpoint failed.
    """
    owed = models.Filter(
        must=[models.FieldCondition(key=VECTOR_OWED, match=models.MatchValue(value=True))]
    )
    made: dict[str, Owed] = {}
    for records in _batches(listing.scroll(client, collection, owed, ["data"]), BATCH):
        texts = [_text(record) for record in records]
        for record, text, vector in zip(records, texts, embedder.embed(texts), strict=True):
            if any(vector):
                made[str(record.id)] = (text, vector)
    return made


def write_owed(client: QdrantClient, collection: str, made: Mapping[str, Owed]) -> int:
    """Write vectors of :func:`make_owed` to the memories that still say the same.

    Returns:
        How many were written.
    """
    if not made:
        return 0
    records = client.retrieve(collection, list(made), with_payload=True, with_vectors=True)
    same = [(r, made[str(r.id)][1]) for r in records if _text(r) == made[str(r.id)][0]]
    if same:
        _write(client, collection, same)
    return len(same)


def _same(payload: Any, made: Any) -> bool:
    """Whether a memory is still as it was embedded, refused by the embedder or not."""

    def plain(stored: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in stored.items() if key != VECTOR_OWED}

    return isinstance(made, dict) and plain(payload or {}) == plain(made)


def _text(record: models.Record) -> str:
    return str((record.payload or {}).get("data") or "")


def finish(client: QdrantClient, collection: str, embedder: Embedder) -> None:
    """Let a complete draft replace the collection; drop one that another embedder made."""
    draft = draft_of(collection)
    if not client.collection_exists(draft):
        return
    record = (client.get_collection(draft).config.metadata or {}).get(META_KEY) or {}
    if not record.get("complete"):
        if not _is_of(client, draft, embedder):
            client.delete_collection(draft)
        return
    named = Named(str(record["embedder"]), int(record["dims"]))
    if isinstance(client, EdgeClient):
        # In one piece, so that whoever searches waits a moment and finds the new one.
        client.collections.replace(collection, draft)
        client.update_collection(collection, metadata={META_KEY: record_of(named)})
        return
    # A server can't rename.
    if client.collection_exists(collection):
        client.delete_collection(collection)
    ensure_collection(client, named, collection)
    for records in _batches(listing.scroll(client, draft, None, with_vectors=True), BATCH):
        _write(client, collection, ((record, None) for record in records))
    client.delete_collection(draft)


def is_begun(client: QdrantClient, collection: str, embedder: Embedder) -> bool:
    """Whether new vectors of ``embedder`` were begun and aren't complete."""
    draft = draft_of(collection)
    return client.collection_exists(draft) and _is_of(client, draft, embedder)


def draft_of(collection: str) -> str:
    """The collection in which new vectors are gathered."""
    return f"{collection}_reembedding"


def _is_of(client: QdrantClient, draft: str, embedder: Embedder) -> bool:
    record = (client.get_collection(draft).config.metadata or {}).get(META_KEY) or {}
    return (record.get("embedder"), record.get("dims")) == (embedder.name, embedder.dims)


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch


def _write(
    client: QdrantClient,
    collection: str,
    records: Iterable[tuple[models.Record, list[float] | None]],
) -> None:
    points = []
    for record, dense in records:
        vectors, payload = vectors_of(record), record.payload or {}
        if dense is not None:
            vectors = {**vectors, DENSE: dense}
            payload = {k: v for k, v in payload.items() if k != VECTOR_OWED}
            payload |= without_vector(dense)
        points.append(
            models.PointStruct.model_construct(id=record.id, vector=vectors, payload=payload)
        )
    if points:
        client.upsert(collection, points=points)
