"""Memories as Qdrant points: payload, dense vector and the two sparse fields."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qdrant_client import models

from memory.types import Memory
from memory.types.payload_keys import OWN_KEYS, VECTOR_OWED
from memory.vector_store.fast_models import construct_fast
from memory.vector_store.payload import payload_of
from memory.vector_store.search.sparse import encode_memory

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def points_of(
    memories: Iterable[Memory],
    dense: Iterable[list[float] | None],
    kept: Mapping[str, Mapping[str, Any]],
) -> list[models.PointStruct]:
    """Points to upsert.

    Args:
        memories: What to store.
        dense: One dense vector for each; ``None`` where there is none yet.
        kept: By memory id, payload keys that aren't ours and stay as they are.
    """
    return [
        construct_fast(
            models.PointStruct,
            {
                "id": memory.id,
                "vector": {**({"": vector} if vector else {}), **sparse_vectors(memory)},
                "payload": {
                    **kept.get(memory.id, {}),
                    **payload_of(memory),
                    **(without_vector(vector) if vector else {}),
                },
            },
        )
        for memory, vector in zip(memories, dense, strict=True)
    ]


def without_vector(vector: Sequence[float]) -> dict[str, bool]:
    """The mark of a memory that the embedder refused: its vector is zeros, and still owed."""
    return {} if any(vector) else {VECTOR_OWED: True}


def vectors_of(record: models.Record) -> dict[str, Any]:
    """A stored point's vectors by name."""
    vector = record.vector
    return dict(vector) if isinstance(vector, dict) else {"": vector}


def sparse_vectors(memory: Memory) -> dict[str, models.SparseVector]:
    """The fields in which a memory has any terms."""
    return {
        name: vector for name, vector in encode_memory(*sparse_of(memory)).items() if vector.indices
    }


def sparse_of(memory: Memory) -> tuple[str, str | None]:
    """What all vectors of a memory are made from; equal means equal vectors."""
    return memory.text, memory.event_date


def unknown_keys(payload: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a stock client or another program added to a payload."""
    return {key: value for key, value in (payload or {}).items() if key not in OWN_KEYS}


def point_id(memory_id: str) -> str | None:
    """The id as the store writes it; ``None`` for what can't be one."""
    if _UUID.fullmatch(memory_id):
        return memory_id
    try:
        return str(uuid.UUID(memory_id))
    except ValueError:
        return None
