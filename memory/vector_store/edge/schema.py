"""Collection settings and payload indexes, as the client and as Edge name them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import qdrant_edge as edge
from qdrant_client import models

from memory.errors import StoreError
from memory.vector_store.edge.convert import unsupported

_DISTANCES = {
    models.Distance.COSINE: edge.Distance.Cosine,
    models.Distance.EUCLID: edge.Distance.Euclid,
    models.Distance.DOT: edge.Distance.Dot,
    models.Distance.MANHATTAN: edge.Distance.Manhattan,
}

SEGMENTS = 8
"""Merged segments that may stand beside each other. The engine's own choice, one for
each core, would merge the same memories again and again while an import goes on."""

SEARCH_THREADS = max(1, (os.cpu_count() or 1) // 2)
"""The engine's own choice is eight even on two cores. Those that have nothing to do turn
round and round for a while, and take turns from the interpreter."""

INDEX_MEMORY = edge.Memory.Cached
"""Indexes are read from their files, through the system's cache. The engine's own choice
rebuilds them in memory at every start, a quarter of the time of opening 10,000
memories and half at 100,000."""

# As Edge tells the type of an index, and as it is told which to make.
_TYPES: dict[models.PayloadSchemaType, tuple[edge.PayloadSchemaType, Callable[..., Any]]] = {
    models.PayloadSchemaType.KEYWORD: (edge.PayloadSchemaType.Keyword, edge.KeywordIndexParams),
    models.PayloadSchemaType.INTEGER: (edge.PayloadSchemaType.Integer, edge.IntegerIndexParams),
    models.PayloadSchemaType.FLOAT: (edge.PayloadSchemaType.Float, edge.FloatIndexParams),
    models.PayloadSchemaType.BOOL: (edge.PayloadSchemaType.Bool, edge.BoolIndexParams),
    models.PayloadSchemaType.DATETIME: (edge.PayloadSchemaType.Datetime, edge.DatetimeIndexParams),
    models.PayloadSchemaType.UUID: (edge.PayloadSchemaType.Uuid, edge.UuidIndexParams),
}


def to_config(params: models.CollectionParams) -> edge.EdgeConfig:
    """The shard's configuration.

    No graph is built (``m=0``): every search is limited to one owner, and a
    scan of one owner's points is faster than a filtered graph at these sizes.
    Dense vectors stay on the disk until they are asked for, because the built-in
    embedder's never are; the sparse fields are kept warm.
    """
    vectors = params.vectors
    named = vectors if isinstance(vectors, Mapping) else {"": vectors}
    return edge.EdgeConfig(
        vectors={name: _dense(one) for name, one in named.items() if one is not None},
        sparse_vectors={name: _sparse(one) for name, one in (params.sparse_vectors or {}).items()},
        hnsw_config=edge.HnswIndexConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
        optimizers=edge.EdgeOptimizersConfig(default_segment_number=SEGMENTS),
        max_search_threads=SEARCH_THREADS,
    )


def _dense(params: models.VectorParams) -> edge.EdgeVectorParams:
    if params.quantization_config or params.multivector_config or params.datatype:
        raise unsupported("quantized, multi- or non-float vectors")
    return edge.EdgeVectorParams(
        size=params.size, distance=_DISTANCES[params.distance], memory=edge.Memory.Cold
    )


def _sparse(params: models.SparseVectorParams) -> edge.EdgeSparseVectorParams:
    idf = params.modifier == models.Modifier.IDF
    return edge.EdgeSparseVectorParams(
        modifier=edge.Modifier.Idf if idf else None, memory=edge.Memory.Cached
    )


def index_type(schema: Any) -> models.PayloadSchemaType:
    """The type of a payload index, from its name or its parameters."""
    try:
        return models.PayloadSchemaType(getattr(schema, "type", schema))
    except ValueError:
        raise StoreError(f"not a payload index: {schema!r}") from None


def to_index(schema: Any) -> Any:
    """A payload index. Text indexes aren't offered: search has its own fields."""
    kind = index_type(schema)
    if kind not in _TYPES:
        raise unsupported(f"{kind.value} indexes")
    given: dict[str, Any] = {"memory": INDEX_MEMORY}
    if isinstance(schema, models.KeywordIndexParams):
        given["is_tenant"] = schema.is_tenant
    return _TYPES[kind][1](**given)


def from_index(info: edge.PayloadIndexInfo) -> models.PayloadIndexInfo:
    """What ``get_collection`` says of one index."""
    kind = next(ours for ours, (theirs, _) in _TYPES.items() if theirs == info.data_type)
    tenant = getattr(info.params, "is_tenant", None)
    params = (
        models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=tenant)
        if tenant
        else None
    )
    return models.PayloadIndexInfo(data_type=kind, params=params, points=info.points)


def collection_info(
    params: models.CollectionParams, info: edge.ShardInfo, metadata: Mapping[str, Any]
) -> models.CollectionInfo:
    """What ``get_collection`` answers."""
    return models.CollectionInfo(
        status=models.CollectionStatus.GREEN,
        optimizer_status=models.OptimizersStatusOneOf.OK,
        points_count=info.points_count,
        indexed_vectors_count=info.indexed_vectors_count,
        segments_count=info.segments_count,
        payload_schema={name: from_index(one) for name, one in info.payload_schema.items()},
        config=models.CollectionConfig(
            params=params,
            hnsw_config=models.HnswConfig(m=0, ef_construct=100, full_scan_threshold=10_000),
            optimizer_config=models.OptimizersConfig(
                default_segment_number=1, flush_interval_sec=0
            ),
            wal_config=models.WalConfig(wal_capacity_mb=32, wal_segments_ahead=0),
            metadata=dict(metadata) or None,
        ),
    )
