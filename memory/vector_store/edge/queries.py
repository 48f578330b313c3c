"""Queries of the client as queries of Edge."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import qdrant_edge as edge
from qdrant_client import models

from memory.vector_store.edge.convert import (
    to_moment,
    to_payload_selector,
    to_vector,
    to_vector_selector,
    unsupported,
)
from memory.vector_store.edge.filters import to_filter


def to_order_by(order_by: Any) -> edge.OrderBy:
    """The field to sort by, first page first."""
    if isinstance(order_by, str):
        return edge.OrderBy(order_by)
    start = order_by.start_from
    return edge.OrderBy(
        order_by.key,
        _DIRECTIONS[order_by.direction or models.Direction.ASC],
        to_moment(start) if isinstance(start, date) else start,
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


def to_request(request: models.QueryRequest) -> edge.QueryRequest:
    """A query; what Edge doesn't offer of it raises :class:`StoreError`."""
    if request.lookup_from is not None or request.shard_key is not None:
        raise unsupported("lookup_from or shard_key")
    return edge.QueryRequest(
        limit=10 if request.limit is None else request.limit,
        offset=request.offset,
        query=to_query(request.query, request.using),
        prefetches=to_prefetches(request.prefetch),
        with_vector=to_vector_selector(request.with_vector),
        with_payload=to_payload_selector(request.with_payload),
        filter=to_filter(request.filter),
        score_threshold=request.score_threshold,
        params=to_params(request.params),
    )
