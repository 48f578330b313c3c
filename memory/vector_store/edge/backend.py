"""The embedded engine behind the ``QdrantClient`` interface.

``QdrantClient`` hands every call to its ``_client``; :class:`EdgeBackend` is
one over Qdrant Edge, so that mem0 and our own code use the same client
embedded and served. A call or parameter that Edge can't honour raises
:class:`StoreError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import qdrant_edge as edge
from qdrant_client import models
from qdrant_client.client_base import QdrantBase
from qdrant_client.conversions import common_types as types

from memory.errors import StoreError
from memory.vector_store.edge import convert
from memory.vector_store.edge.collections import EdgeCollections
from memory.vector_store.edge.filters import to_filter, to_selection
from memory.vector_store.edge.queries import to_order_by, to_request
from memory.vector_store.edge.schema import collection_info

# Accepted and meaningless for one process: every call is done when it returns.
_HARMLESS = frozenset({"wait", "ordering", "timeout", "consistency", "grpc_grace"})
_DONE = models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)
_MODES = {
    models.UpdateMode.UPSERT: edge.UpdateMode.Upsert,
    models.UpdateMode.INSERT_ONLY: edge.UpdateMode.InsertOnly,
    models.UpdateMode.UPDATE_ONLY: edge.UpdateMode.UpdateOnly,
}


class EdgeBackend(QdrantBase):
    """The client's interface over collections, as far as it is offered.

    What the interface doesn't have (compacting, checksums) is asked of ``collections``.
    """

    def __init__(self, collections: EdgeCollections) -> None:
        super().__init__()
        self.collections = collections

    def __getattribute__(self, name: str) -> Any:
        """Calls of the interface that aren't offered say so in words."""
        found = super().__getattribute__(name)
        if getattr(found, "__func__", None) is getattr(QdrantBase, name, object()):
            return _unoffered(name)
        return found

    def close(self, **kwargs: Any) -> None:
        """Write everything out and let another process have the folder."""
        _refuse(kwargs)
        self.collections.close()

    # --- collections ---------------------------------------------------------------

    def get_collections(self, **kwargs: Any) -> models.CollectionsResponse:
        """The names of all collections."""
        _refuse(kwargs)
        names = self.collections.names()
        return models.CollectionsResponse(
            collections=[models.CollectionDescription(name=name) for name in names]
        )

    def collection_exists(self, collection_name: str, **kwargs: Any) -> bool:
        """Whether there is a collection of that name."""
        _refuse(kwargs)
        return collection_name in self.collections

    def get_collection(self, collection_name: str, **kwargs: Any) -> models.CollectionInfo:
        """Settings, indexes and size of a collection."""
        _refuse(kwargs)
        shard = self.collections.shard(collection_name)
        return collection_info(shard.params, shard.read(lambda s: s.info()), shard.metadata)

    def create_collection(
        self,
        collection_name: str,
        vectors_config: Any = None,
        sparse_vectors_config: Mapping[str, models.SparseVectorParams] | None = None,
        metadata: Any = None,
        **kwargs: Any,
    ) -> bool:
        """Make a collection; its settings can't be changed later."""
        _refuse(kwargs)
        if not collection_name or any(c in collection_name for c in "/\\.:"):
            raise StoreError(f"not a collection name: {collection_name!r}")
        params = models.CollectionParams(
            vectors=vectors_config, sparse_vectors=dict(sparse_vectors_config or {}) or None
        )
        self.collections.create(collection_name, params, metadata)
        return True

    def update_collection(self, collection_name: str, metadata: Any = None, **kwargs: Any) -> bool:
        """Add to a collection's metadata; nothing else can be changed."""
        _refuse(kwargs)
        self.collections.shard(collection_name).update_metadata(dict(metadata or {}))
        return True

    def delete_collection(self, collection_name: str, **kwargs: Any) -> bool:
        """Remove a collection with all its files."""
        _refuse(kwargs)
        return self.collections.delete(collection_name)

    def create_payload_index(
        self,
        collection_name: str,
        field_name: str,
        field_schema: Any = None,
        field_type: Any = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Index a payload field."""
        _refuse(kwargs)
        self.collections.shard(collection_name).create_index(field_name, field_schema or field_type)
        return _DONE

    # --- reads ---------------------------------------------------------------------

    def query_points(
        self,
        collection_name: str,
        query: Any = None,
        using: str | None = None,
        prefetch: Any = None,
        query_filter: models.Filter | None = None,
        search_params: models.SearchParams | None = None,
        limit: int = 10,
        offset: int | None = None,
        with_payload: Any = True,
        with_vectors: Any = False,
        score_threshold: float | None = None,
        lookup_from: Any = None,
        **kwargs: Any,
    ) -> types.QueryResponse:
        """The best points for a query."""
        _refuse({**kwargs, "lookup_from": lookup_from})
        request = models.QueryRequest.model_construct(
            query=query,
            using=using,
            prefetch=prefetch,
            filter=query_filter,
            params=search_params,
            limit=limit,
            offset=offset,
            with_payload=with_payload,
            with_vector=with_vectors,
            score_threshold=score_threshold,
        )
        asked = to_request(request)
        found = self.collections.shard(collection_name).read(lambda s: s.query(asked))
        return types.QueryResponse(points=[convert.from_scored(p) for p in found])

    def query_batch_points(
        self, collection_name: str, requests: Sequence[models.QueryRequest], **kwargs: Any
    ) -> list[types.QueryResponse]:
        """Several queries in one pass."""
        _refuse(kwargs)
        asked = edge.QueryBatchRequest([to_request(one) for one in requests])
        found = self.collections.shard(collection_name).read(lambda s: s.query_batch(asked))
        return [
            types.QueryResponse(points=[convert.from_scored(p) for p in points]) for points in found
        ]

    def scroll(
        self,
        collection_name: str,
        scroll_filter: models.Filter | None = None,
        limit: int = 10,
        order_by: Any = None,
        offset: Any = None,
        with_payload: Any = True,
        with_vectors: Any = False,
        **kwargs: Any,
    ) -> tuple[list[models.Record], Any]:
        """A page of points, by id or by an indexed field, and where the next one starts."""
        _refuse(kwargs)
        asked = edge.ScrollRequest(
            offset=None if offset is None else convert.to_id(offset),
            limit=limit,
            filter=to_filter(scroll_filter),
            with_payload=convert.to_payload_selector(with_payload),
            with_vector=convert.to_vector_selector(with_vectors),
            order_by=None if order_by is None else to_order_by(order_by),
        )
        records, following = self.collections.shard(collection_name).read(lambda s: s.scroll(asked))
        page = [convert.from_record(r) for r in records]
        return page, None if following is None else convert.from_id(following)

    def retrieve(
        self,
        collection_name: str,
        ids: Sequence[Any],
        with_payload: Any = True,
        with_vectors: Any = False,
        **kwargs: Any,
    ) -> list[models.Record]:
        """Points by id; unknown ids are left out."""
        _refuse(kwargs)
        wanted = [convert.to_id(i) for i in ids]
        payload = convert.to_payload_selector(with_payload)
        vectors = convert.to_vector_selector(with_vectors)
        found = self.collections.shard(collection_name).read(
            lambda s: s.retrieve(wanted, payload, vectors)
        )
        return [convert.from_record(r) for r in found]

    def count(
        self,
        collection_name: str,
        count_filter: models.Filter | None = None,
        exact: bool = True,
        **kwargs: Any,
    ) -> models.CountResult:
        """How many points match."""
        _refuse(kwargs)
        asked = edge.CountRequest(exact=exact, filter=to_filter(count_filter))
        return models.CountResult(
            count=self.collections.shard(collection_name).read(lambda s: s.count(asked))
        )

    def facet(
        self,
        collection_name: str,
        key: str,
        facet_filter: models.Filter | None = None,
        limit: int = 10,
        exact: bool = False,
        **kwargs: Any,
    ) -> models.FacetResponse:
        """How many points there are for each value of an indexed field."""
        _refuse(kwargs)
        asked = edge.FacetRequest(key, limit=limit, exact=exact, filter=to_filter(facet_filter))
        found = self.collections.shard(collection_name).read(lambda s: s.facet(asked))
        # Values whose points are all deleted stay in the index until it is rebuilt.
        return models.FacetResponse(
            hits=[models.FacetValueHit(value=h.value, count=h.count) for h in found.hits if h.count]
        )

    # --- writes; every call is done when it returns ---------------------------------

    def upsert(
        self,
        collection_name: str,
        points: Any,
        update_filter: models.Filter | None = None,
        update_mode: models.UpdateMode | None = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Insert or replace points."""
        _refuse(kwargs)
        mode = None if update_mode is None else _MODES[update_mode]
        rows = convert.to_points(points)
        return self._apply(
            collection_name,
            edge.UpdateOperation.upsert_points(rows, to_filter(update_filter), mode),
            len(rows),
        )

    def update_vectors(
        self,
        collection_name: str,
        points: Sequence[models.PointVectors],
        update_filter: models.Filter | None = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Replace vectors of existing points."""
        _refuse(kwargs)
        vectors = [
            edge.PointVectors(convert.to_id(p.id), convert.to_vector(p.vector)) for p in points
        ]
        return self._apply(
            collection_name,
            edge.UpdateOperation.update_vectors(vectors, to_filter(update_filter)),
        )

    def delete(
        self, collection_name: str, points_selector: Any, **kwargs: Any
    ) -> models.UpdateResult:
        """Delete points by id or filter."""
        _refuse(kwargs)
        ids, chosen = to_selection(points_selector)
        operation = (
            edge.UpdateOperation.delete_points(ids)
            if chosen is None
            else edge.UpdateOperation.delete_points_by_filter(chosen)
        )
        return self._apply(collection_name, operation)

    def set_payload(
        self,
        collection_name: str,
        payload: Mapping[str, Any],
        points: Any,
        key: str | None = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Set some payload keys."""
        _refuse(kwargs)
        ids, chosen = to_selection(points)
        values = convert.to_payload(payload)
        operation = (
            edge.UpdateOperation.set_payload(ids, values, key)
            if chosen is None
            else edge.UpdateOperation.set_payload_by_filter(chosen, values, key)
        )
        return self._apply(collection_name, operation)

    def overwrite_payload(
        self, collection_name: str, payload: Mapping[str, Any], points: Any, **kwargs: Any
    ) -> models.UpdateResult:
        """Replace whole payloads."""
        _refuse(kwargs)
        ids, chosen = to_selection(points)
        values = convert.to_payload(payload)
        operation = (
            edge.UpdateOperation.overwrite_payload(ids, values)
            if chosen is None
            else edge.UpdateOperation.overwrite_payload_by_filter(chosen, values)
        )
        return self._apply(collection_name, operation)

    def delete_payload(
        self, collection_name: str, keys: Sequence[str], points: Any, **kwargs: Any
    ) -> models.UpdateResult:
        """Remove some payload keys."""
        _refuse(kwargs)
        ids, chosen = to_selection(points)
        operation = (
            edge.UpdateOperation.delete_payload(ids, list(keys))
            if chosen is None
            else edge.UpdateOperation.delete_payload_by_filter(chosen, list(keys))
        )
        return self._apply(collection_name, operation)

    def _apply(
        self, collection_name: str, operation: edge.UpdateOperation, weight: int = 1
    ) -> models.UpdateResult:
        self.collections.shard(collection_name).write(operation, weight)
        return _DONE


def _refuse(kwargs: Mapping[str, Any]) -> None:
    """Parameters of the interface that mean something and aren't offered say so.

    Raises:
        StoreError: naming the first one.
    """
    for name, value in kwargs.items():
        if name not in _HARMLESS and value is not None:
            raise convert.unsupported(name)


def _unoffered(name: str) -> Any:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise convert.unsupported(name)

    return refuse
