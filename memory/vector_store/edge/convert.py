"""qdrant_client.models to qdrant_edge and back: the only place that knows both.

Whatever Edge can't do raises :class:`StoreError`; nothing is dropped silently,
because a filter that is ignored shows somebody else's memories.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import qdrant_edge as edge
from pydantic_core import to_jsonable_python
from qdrant_client import models

from memory.errors import StoreError
from memory.vector_store.fast_models import construct_fast

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def unsupported(what: object) -> StoreError:
    """The error for anything that the embedded engine can't do."""
    name = what if isinstance(what, str) else type(what).__name__
    return StoreError(
        f"the embedded engine doesn't support {name}", code="store_unsupported", what=name
    )


# --- ids, vectors, payloads ----------------------------------------------------


def to_id(value: Any) -> edge.PointId:
    """A point id as Edge reads it: an unsigned integer or a UUID in its usual form."""
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    try:
        return str(value if isinstance(value, uuid.UUID) else uuid.UUID(str(value)))
    except ValueError:
        raise StoreError(f"not a point id: {value!r}", code="store_point_id") from None


def from_id(value: Any) -> int | str:
    """A point id as the client hands it out."""
    return value if isinstance(value, int) else str(value)


def to_payload(payload: Any) -> dict[str, Any]:
    """A payload of JSON values only, as a server would receive it."""
    found = to_jsonable_python(payload or {})
    if not isinstance(found, dict):
        raise StoreError("a payload must be an object")
    return found


def to_vector(vector: Any) -> Any:
    """A named or bare vector, dense or sparse."""
    if isinstance(vector, dict):
        return {name: to_vector(value) for name, value in vector.items()}
    if isinstance(vector, models.SparseVector):
        return edge.SparseVector(vector.indices, vector.values)
    if isinstance(vector, np.ndarray):
        return vector.tolist()
    if isinstance(vector, list):
        return vector  # the engine makes its own of it
    if isinstance(vector, tuple):
        return list(vector)
    raise unsupported(vector)


def from_vector(vector: Any) -> Any:
    """A vector as the client hands it out: the default one bare if it is alone."""
    if isinstance(vector, dict):
        named = {name: from_vector(value) for name, value in vector.items()}
        return named[""] if set(named) == {""} else named
    if isinstance(vector, edge.SparseVector):
        return models.SparseVector(indices=vector.indices, values=vector.values)
    return vector


def to_points(points: Any) -> list[edge.Point]:
    """Points from a list of structs or a column batch."""
    if isinstance(points, models.Batch):
        vectors = points.vectors
        payloads = points.payloads or [{}] * len(points.ids)
        rows = (
            [{name: column[i] for name, column in vectors.items()} for i in range(len(points.ids))]
            if isinstance(vectors, dict)
            else list(vectors)
        )
        return [
            edge.Point(to_id(i), to_vector(v), to_payload(p))
            for i, v, p in zip(points.ids, rows, payloads, strict=True)
        ]
    return [edge.Point(to_id(p.id), to_vector(p.vector), to_payload(p.payload)) for p in points]


def from_record(record: edge.Record) -> models.Record:
    """A stored point."""
    values = {
        "id": from_id(record.id),
        "payload": record.payload,
        "vector": from_vector(record.vector),
        "shard_key": None,
        "order_value": record.order_value,
    }
    return construct_fast(models.Record, values)


def from_scored(point: edge.ScoredPoint) -> models.ScoredPoint:
    """A found point."""
    vector = point.vector
    values = {
        "id": from_id(point.id),
        "version": point.version,
        "score": point.score,
        "payload": point.payload,
        "vector": None if vector is None else from_vector(vector),
        "shard_key": None,
        "order_value": point.order_value,
    }
    return construct_fast(models.ScoredPoint, values)


def to_payload_selector(wanted: Any) -> Any:
    """Which payload keys to return."""
    if wanted is None or isinstance(wanted, bool):
        return bool(wanted)
    if isinstance(wanted, models.PayloadSelectorInclude):
        return edge.PayloadSelector.Include(list(wanted.include))
    if isinstance(wanted, models.PayloadSelectorExclude):
        return edge.PayloadSelector.Exclude(list(wanted.exclude))
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return edge.PayloadSelector.Include(list(wanted))
    raise unsupported(wanted)


def to_vector_selector(wanted: Any) -> bool | list[str]:
    """Which vectors to return."""
    return list(wanted) if isinstance(wanted, Sequence) else bool(wanted)


def to_moment(value: datetime | date | None) -> str | None:
    """A moment as Edge reads one."""
    return None if value is None else value.isoformat()
