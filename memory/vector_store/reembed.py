"""New vectors for all memories after a change of the embedder.

Vectors of another length need another collection, and a server can't rename
one. So the memories are copied beside with their new vectors, and only when the
copy is complete (recorded in its metadata) the old collection is replaced by it.
A crash at any point is finished or undone at the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, TypeAlias

from qdrant_client import QdrantClient, models

from memory.types import Embedder
from memory.vector_store import listing
from memory.vector_store.collection import META_KEY, create_collection, ensure_collection
from memory.vector_store.payload import VECTOR_OWED
from memory.vector_store.points import vectors_of, without_vector

BATCH = 200

Owed: TypeAlias = tuple[str, list[float]]
"""A text and its vector."""


class Named:
    """Name and dims of an embedder that was recorded; it makes no vectors."""

    def __init__(self, name: str, dims: int) -> None:
        self.name, self.dims = name, dims

    def embed(self, texts: Any) -> list[list[float]]:
        """Never: see above."""
        raise NotImplementedError("a record of an embedder can't embed")


def reembed(
    client: QdrantClient,
    collection: str,
    embedder: Embedder,
    progress: Callable[[int, int], None],
) -> None:
    """Replace every dense vector by one of ``embedder``."""
    draft = draft_of(collection)
    if client.collection_exists(draft):
        client.delete_collection(draft)
    create_collection(client, draft, embedder)
    total = client.count(collection, exact=True).count
    done = 0
    for records in _batches(listing.scroll(client, collection, None, with_vectors=True)):
        dense = embedder.embed([_text(record) for record in records])
        _write(client, draft, zip(records, dense, strict=True))
        done += len(records)
        progress(done, total)
    complete = {"embedder": embedder.name, "dims": embedder.dims, "complete": True}
    client.update_collection(draft, metadata={META_KEY: complete})
    finish(client, collection)


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
    for records in _batches(listing.scroll(client, collection, owed, ["data"])):
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


def _text(record: models.Record) -> str:
    return str((record.payload or {}).get("data") or "")


def finish(client: QdrantClient, collection: str) -> None:
    """Replace the collection by a complete copy with new vectors, or drop half a copy."""
    draft = draft_of(collection)
    if not client.collection_exists(draft):
        return
    record = (client.get_collection(draft).config.metadata or {}).get(META_KEY) or {}
    if record.get("complete"):
        named = Named(str(record["embedder"]), int(record["dims"]))
        if client.collection_exists(collection):
            client.delete_collection(collection)
        ensure_collection(client, named, collection)
        for records in _batches(listing.scroll(client, draft, None, with_vectors=True)):
            _write(client, collection, ((record, None) for record in records))
    client.delete_collection(draft)


def draft_of(collection: str) -> str:
    """The collection in which new vectors are gathered."""
    return f"{collection}_reembedding"


def _batches(records: Iterable[models.Record]) -> Iterable[list[models.Record]]:
    source = iter(records)
    while batch := list(islice(source, BATCH)):
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
            vectors = {**vectors, "": dense}
            payload = {k: v for k, v in payload.items() if k != VECTOR_OWED}
            payload |= without_vector(dense)
        points.append(
            models.PointStruct.model_construct(id=record.id, vector=vectors, payload=payload)
        )
    client.upsert(collection, points=points)
