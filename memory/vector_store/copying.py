"""Store copy: all memories, vectors included, from one engine to another."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qdrant_client import QdrantClient, models

from memory.errors import StoreError
from memory.vector_store.collection import COLLECTION, META_KEY, ensure_collection
from memory.vector_store.reembed import Named, draft_of

POINTS = 256
# Both engines keep single precision, and normalise vectors once more.
TOLERANCE = 1e-5
_MOVING = "moving"


@dataclass(frozen=True, slots=True)
class Points:
    """What a collection holds: how many points, and a digest of ids and payloads."""

    count: int
    digest: str


def collections(client: QdrantClient) -> list[str]:
    """The collections that are ours or mem0's beside ours."""
    names = [found.name for found in client.get_collections().collections]
    ours = [n for n in names if n == COLLECTION or n.startswith(f"{COLLECTION}_")]
    return sorted(set(ours) - {draft_of(COLLECTION)})


def holds_nothing(client: QdrantClient) -> bool:
    """Whether there are no memories; half a copy of an earlier try is thrown away first."""
    for name in collections(client):
        if (client.get_collection(name).config.metadata or {}).get(_MOVING):
            client.delete_collection(name)
        elif client.count(name, exact=True).count:
            return False
    return True


def copy_points(
    source: QdrantClient, target: QdrantClient, moved: Callable[[str, int], None]
) -> Mapping[str, Points]:
    """Copy every collection and read each point back.

    Until :func:`finish` it is marked as half a copy, so that another try starts over.

    Args:
        source: Where the memories are.
        target: Holds none (see :func:`holds_nothing`).
        moved: Told each collection's name and how many points are copied.

    Returns:
        What was copied, by collection.

    Raises:
        StoreError: ``move_differs``, what was read back isn't what was written.
    """
    copied = {}
    for name in collections(source):
        params = source.get_collection(name).config
        if target.collection_exists(name):
            target.delete_collection(name)
        target.create_collection(
            name,
            vectors_config=params.params.vectors,
            sparse_vectors_config=params.params.sparse_vectors,
            metadata={**(params.metadata or {}), _MOVING: True},
        )
        copied[name] = _copy(source, target, name, moved)
    return copied


def finish(target: QdrantClient) -> None:
    """What was copied is whole and in use from now on."""
    for name in collections(target):
        metadata = target.get_collection(name).config.metadata or {}
        if name == COLLECTION and META_KEY in metadata:
            record = metadata[META_KEY]
            ensure_collection(target, Named(str(record["embedder"]), int(record["dims"])), name)
        # A server merges metadata: a value can be taken back, a key can't.
        target.update_collection(name, metadata={**metadata, _MOVING: False})


def digest_of(client: QdrantClient, name: str = COLLECTION) -> Points:
    """Count and digest of a collection's points."""
    total, count, offset = 0, 0, None
    while True:
        records, offset = client.scroll(name, limit=POINTS, offset=offset, with_payload=True)
        for record in records:
            total += _digest(record)
        count += len(records)
        if offset is None:
            return Points(count, f"{total % 2**256:064x}")


def _copy(
    source: QdrantClient,
    target: QdrantClient,
    name: str,
    moved: Callable[[str, int], None],
) -> Points:
    total, count, offset = 0, 0, None
    while True:
        records, offset = source.scroll(
            name, limit=POINTS, offset=offset, with_payload=True, with_vectors=True
        )
        if records:
            target.upsert(
                name,
                [
                    models.PointStruct(id=r.id, vector=r.vector or {}, payload=r.payload)
                    for r in records
                ],
                wait=True,
            )
            _read_back(target, name, records)
        total += sum(map(_digest, records))
        count += len(records)
        moved(name, count)
        if offset is None:
            break
    copied, there = Points(count, f"{total % 2**256:064x}"), digest_of(target, name)
    if there != copied or digest_of(source, name) != copied:
        raise _differs(name)
    return copied


def _read_back(target: QdrantClient, name: str, records: Sequence[models.Record]) -> None:
    ids = [record.id for record in records]
    found = {
        str(record.id): record
        for record in target.retrieve(name, ids, with_payload=True, with_vectors=True)
    }
    for record in records:
        there = found.get(str(record.id))
        if there is None or not _same(_vectors(record.vector), _vectors(there.vector)):
            raise _differs(name)


def _digest(record: models.Record) -> int:
    said = json.dumps([str(record.id), record.payload], ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest())


def _vectors(vector: Any) -> dict[str, dict[int, float]]:
    """Every vector of a point, dense or sparse, as numbers by position; zeros left out."""
    named = vector if isinstance(vector, dict) else {"": vector}
    flat: dict[str, dict[int, float]] = {}
    for name, values in named.items():
        if isinstance(values, models.SparseVector):
            numbers = dict(zip(values.indices, values.values, strict=True))
        else:
            numbers = dict(enumerate(values or ()))
        kept = {index: value for index, value in numbers.items() if value}
        if kept:
            flat[name] = kept
    return flat


def _same(one: dict[str, dict[int, float]], other: dict[str, dict[int, float]]) -> bool:
    return one.keys() == other.keys() and all(
        one[name].keys() == other[name].keys()
        and all(
            math.isclose(value, other[name][index], rel_tol=1e-4, abs_tol=TOLERANCE)
            for index, value in one[name].items()
        )
        for name in one
    )


def _differs(name: str) -> StoreError:
    return StoreError(
        f"what arrived in {name} isn't what was sent; is the app still running?",
        code="move_differs",
        place=name,
    )
