"""Nearest neighbours of stored memories, by their own vectors; nothing is embedded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qdrant_client import models

from memory.types import Memory, MemoryFilter
from memory.vector_store.core import StoreCore
from memory.vector_store.embedding import Embedding
from memory.vector_store.filters import memory_filter, without
from memory.vector_store.points import vectors_of
from memory.vector_store.search.fusion import DENSE


@dataclass(frozen=True, slots=True)
class Near:
    """A memory beside another one; ``cosine`` of their dense vectors, -1 to 1."""

    id: str
    cosine: float


class Neighbours:
    """What a configured embedder says of memories that are stored."""

    def __init__(self, core: StoreCore, embedding: Embedding) -> None:
        self._core = core
        self._embedding = embedding

    def alike(self, memories: Sequence[Memory], limit: int = 10) -> dict[str, list[Near]]:
        """The active memories nearest to each of some, of the same owner and subject.

        Args:
            memories: Stored ones. Those without a vector are left out.
            limit: At most so many beside each.

        Returns:
            By id, nearest first. Empty with the hashed embedder (see
            :meth:`Embedding.has_semantic_vectors`).
        """
        if not memories or not self._embedding.has_semantic_vectors():
            return {}
        records = self._core.client.retrieve(
            self._core.collection,
            [memory.id for memory in memories],
            with_payload=False,
            with_vectors=[DENSE],
        )
        vectors = {str(record.id): vectors_of(record).get(DENSE) for record in records}
        asked = [memory for memory in memories if vectors.get(memory.id)]
        if not asked:
            return {}
        found = self._core.client.query_batch_points(
            self._core.collection,
            requests=[
                models.QueryRequest(query=vectors[memory.id], filter=_beside(memory), limit=limit)
                for memory in asked
            ],
        )
        return {
            memory.id: [Near(str(point.id), point.score) for point in response.points]
            for memory, response in zip(asked, found, strict=True)
        }


def _beside(memory: Memory) -> models.Filter:
    wanted = MemoryFilter(subjects=frozenset({memory.subject}))
    return without(memory_filter(memory.owner, wanted), [memory.id])
