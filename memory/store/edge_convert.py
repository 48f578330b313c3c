"""qdrant_client.models to qdrant_edge and back: the only place that knows both.

Whatever Edge can't do raises :class:`StoreError`; nothing is dropped silently,
because a filter that is ignored shows somebody else's memories.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import qdrant_edge as edge
from pydantic_core import to_jsonable_python
from qdrant_client import models

from memory.errors import StoreError


def unsupported(what: object) -> StoreError:
    """The error for anything that the embedded engine can't do."""
    name = what if isinstance(what, str) else type(what).__name__
    return StoreError(
        f"the embedded engine doesn't support {name}", code="store_unsupported", what=name
    )


# --- ids, vectors, payloads ----------------------------------------------------


def to_id(value: Any) -> edge.PointId:
    """A point id as Edge reads it: an unsigned integer or a UUID in its usual form."""
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
    if isinstance(vector, list | tuple):
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
    return models.Record.model_construct(
        id=from_id(record.id),
        payload=record.payload,
        vector=from_vector(record.vector),
        order_value=record.order_value,
    )


def from_scored(point: edge.ScoredPoint) -> models.ScoredPoint:
    """A found point."""
    return models.ScoredPoint.model_construct(
        id=from_id(point.id),
        version=point.version,
        score=point.score,
        payload=point.payload,
        vector=from_vector(point.vector),
        order_value=point.order_value,
    )


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


# --- filters --------------------------------------------------------------------


def to_filter(query_filter: Any) -> edge.Filter | None:
    """A filter, all of it."""
    if query_filter is None:
        return None
    if not isinstance(query_filter, models.Filter):
        raise unsupported(query_filter)
    least = query_filter.min_should
    return edge.Filter(
        must=_conditions(query_filter.must),
        should=_conditions(query_filter.should),
        must_not=_conditions(query_filter.must_not),
        min_should=(
            edge.MinShould(_conditions(least.conditions) or [], least.min_count) if least else None
        ),
    )


def _conditions(given: Any) -> list[Any] | None:
    if given is None:
        return None
    many: Iterable[Any] = given if isinstance(given, list | tuple) else [given]
    return [_condition(one) for one in many]


def _condition(condition: Any) -> Any:
    match condition:
        case models.FieldCondition():
            return _field_condition(condition)
        case models.Filter():
            return to_filter(condition)
        case models.HasIdCondition():
            return edge.HasIdCondition({to_id(i) for i in condition.has_id})
        case models.IsEmptyCondition():
            return edge.IsEmptyCondition(condition.is_empty.key)
        case models.IsNullCondition():
            return edge.IsNullCondition(condition.is_null.key)
        case models.HasVectorCondition():
            return edge.HasVectorCondition(condition.has_vector)
        case models.NestedCondition():
            inner = to_filter(condition.nested.filter) or edge.Filter()
            return edge.NestedCondition(condition.nested.key, inner)
    raise unsupported(condition)


def _field_condition(condition: models.FieldCondition) -> edge.FieldCondition:
    for geo in ("geo_bounding_box", "geo_radius", "geo_polygon"):
        if getattr(condition, geo) is not None:
            raise unsupported(geo)
    counted = condition.values_count
    return edge.FieldCondition(
        condition.key,
        match=_match(condition.match),
        range=_range(condition.range),
        values_count=(
            edge.ValuesCount(counted.lt, counted.gt, counted.lte, counted.gte) if counted else None
        ),
        is_empty=condition.is_empty,
        is_null=condition.is_null,
    )


def _match(match_: Any) -> Any:
    match match_:
        case None:
            return None
        case models.MatchValue():
            return edge.MatchValue(match_.value)
        case models.MatchAny():
            return edge.MatchAny(match_.any)
        case models.MatchExcept():
            return edge.MatchExcept(match_.except_)
        case models.MatchText():
            return edge.MatchText(match_.text)
        case models.MatchTextAny():
            return edge.MatchTextAny(match_.text_any)
        case models.MatchPhrase():
            return edge.MatchPhrase(match_.phrase)
    raise unsupported(match_)


def _range(range_: Any) -> Any:
    match range_:
        case None:
            return None
        case models.Range():
            return edge.RangeFloat(range_.gte, range_.gt, range_.lte, range_.lt)
        case models.DatetimeRange():
            return edge.RangeDateTime(
                *(_moment(v) for v in (range_.gte, range_.gt, range_.lte, range_.lt))
            )
    raise unsupported(range_)


def _moment(value: datetime | date | None) -> str | None:
    return None if value is None else value.isoformat()


# --- queries --------------------------------------------------------------------


def to_order_by(order_by: Any) -> edge.OrderBy:
    """The field to sort by, first page first."""
    if isinstance(order_by, str):
        return edge.OrderBy(order_by)
    start = order_by.start_from
    return edge.OrderBy(
        order_by.key,
        _DIRECTIONS[order_by.direction or models.Direction.ASC],
        _moment(start) if isinstance(start, date) else start,
    )


def to_params(params: models.SearchParams | None) -> edge.SearchParams | None:
    """Search parameters; ``idf`` may name the corpus that counts are taken from."""
    if params is None:
        return None
    if params.quantization is not None or params.acorn is not None:
        raise unsupported("quantization or acorn search parameters")
    idf = None
    if isinstance(params.idf, models.IdfCorpusParams):
        idf = edge.IdfParams(to_filter(params.idf.corpus))
    return edge.SearchParams(
        hnsw_ef=params.hnsw_ef,
        exact=bool(params.exact),
        indexed_only=bool(params.indexed_only),
        idf=idf,
    )


def to_query(query: Any, using: str | None) -> Any:
    """What to score by. Ids of points must have been replaced by their vectors."""
    match query:
        case None:
            return None
        case models.NearestQuery() if query.mmr is None:
            return edge.Query.Nearest(to_vector(query.nearest), using=using or None)
        case models.SparseVector() | list() | np.ndarray():
            return edge.Query.Nearest(to_vector(query), using=using or None)
        case models.FusionQuery() if query.fusion == models.Fusion.DBSF:
            return edge.Fusion.Dbsf()
        case models.FusionQuery():
            return edge.Fusion.Rrf(k=2)
        case models.RrfQuery():
            return edge.Fusion.Rrf(k=query.rrf.k or 2, weights=query.rrf.weights)
        case models.OrderByQuery():
            return to_order_by(query.order_by)
        case models.SampleQuery():
            return edge.Sample.Random
    raise unsupported(query)


def to_prefetches(prefetch: Any) -> list[edge.Prefetch]:
    """The stages before a fusion."""
    if prefetch is None:
        return []
    many = prefetch if isinstance(prefetch, list | tuple) else [prefetch]
    return [_prefetch(one) for one in many]


def _prefetch(stage: models.Prefetch) -> edge.Prefetch:
    if stage.lookup_from is not None:
        raise unsupported("lookup_from")
    return edge.Prefetch(
        limit=stage.limit or 10,
        query=to_query(stage.query, stage.using),
        prefetches=to_prefetches(stage.prefetch),
        params=to_params(stage.params),
        filter=to_filter(stage.filter),
        score_threshold=stage.score_threshold,
    )


_DIRECTIONS = {
    models.Direction.ASC: edge.Direction.Asc,
    models.Direction.DESC: edge.Direction.Desc,
}
