"""Adoption: points that a stock mem0 client wrote become memories like ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qdrant_client import QdrantClient, models

from memory.types import Memory
from memory.vector_store import listing
from memory.vector_store.payload import memory_of, payload_of
from memory.vector_store.points import sparse_vectors, unknown_keys, vectors_of
from memory.vector_store.search.sparse import WORDS_FIELD

# A stock ``add`` knows none of our keys; a stock ``update`` keeps the keys and
# drops the sparse vectors.
FOREIGN = models.Filter(
    should=[
        models.IsEmptyCondition(is_empty=models.PayloadField(key="subject")),
        models.Filter(must_not=[models.HasVectorCondition(has_vector=WORDS_FIELD)]),
    ]
)


@dataclass(frozen=True, slots=True)
class Adopted:
    """A memory that a stock client wrote; ``foreign`` are its keys that aren't ours."""

    memory: Memory
    foreign: Mapping[str, Any]


def adopt(client: QdrantClient, collection: str) -> list[Adopted]:
    """Give foreign points our sparse fields and default metadata, keeping all of theirs.

    Points without a text or a user (mem0 keeps some of its own) stay as they are.

    Returns:
        The memories that were adopted.
    """
    adopted, points = [], []
    for record in listing.scroll(client, collection, FOREIGN, with_vectors=True):
        memory = memory_of(record.id, record.payload)
        if not memory.text or not memory.owner.user_id:
            continue
        foreign = unknown_keys(record.payload)
        payload = {**foreign, **payload_of(memory)}
        sparse = sparse_vectors(memory)
        known = (record.payload or {}).get("subject") is not None
        if known and WORDS_FIELD not in sparse:
            continue  # a memory of ours without any word, such as an emoji
        points.append(
            models.PointStruct.model_construct(
                id=record.id, vector={**vectors_of(record), **sparse}, payload=payload
            )
        )
        adopted.append(Adopted(memory_of(record.id, payload), foreign))
    if points:
        client.upsert(collection, points=points)
    return adopted
