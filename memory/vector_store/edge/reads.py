"""Read operations of the embedded engine: queries, pages, counts, facets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import qdrant_edge as edge
from qdrant_client import models
from qdrant_client.conversions import common_types as types

from memory.vector_store.edge import convert
from memory.vector_store.edge.collections import EdgeCollections, refuse
from memory.vector_store.edge.filters import to_filter
from memory.vector_store.edge.queries import to_order_by, to_params, to_prefetches, to_query


class EdgeReads(EdgeCollections):
    """The reading half of the client's interface."""

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
        refuse({**kwargs, "lookup_from": lookup_from})
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
        asked = _request(request)
        found = self.shard(collection_name).read(lambda s: s.query(asked))
        return types.QueryResponse(points=[convert.from_scored(p) for p in found])

    def query_batch_points(
        self, collection_name: str, requests: Sequence[models.QueryRequest], **kwargs: Any
    ) -> list[types.QueryResponse]:
        """Several queries in one pass."""
        refuse(kwargs)
        asked = edge.QueryBatchRequest([_request(one) for one in requests])
        found = self.shard(collection_name).read(lambda s: s.query_batch(asked))
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
        refuse(kwargs)
        asked = edge.ScrollRequest(
            offset=None if offset is None else convert.to_id(offset),
            limit=limit,
            filter=to_filter(scroll_filter),
            with_payload=convert.to_payload_selector(with_payload),
            with_vector=convert.to_vector_selector(with_vectors),
            order_by=None if order_by is None else to_order_by(order_by),
        )
        records, following = self.shard(collection_name).read(lambda s: s.scroll(asked))
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
        refuse(kwargs)
        wanted = [convert.to_id(i) for i in ids]
        payload = convert.to_payload_selector(with_payload)
        vectors = convert.to_vector_selector(with_vectors)
        found = self.shard(collection_name).read(lambda s: s.retrieve(wanted, payload, vectors))
        return [convert.from_record(r) for r in found]

    def count(
        self,
        collection_name: str,
        count_filter: models.Filter | None = None,
        exact: bool = True,
        **kwargs: Any,
    ) -> models.CountResult:
        """How many points match."""
        refuse(kwargs)
        asked = edge.CountRequest(exact=exact, filter=to_filter(count_filter))
        return models.CountResult(count=self.shard(collection_name).read(lambda s: s.count(asked)))

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
        refuse(kwargs)
        asked = edge.FacetRequest(key, limit=limit, exact=exact, filter=to_filter(facet_filter))
        found = self.shard(collection_name).read(lambda s: s.facet(asked))
        # Values whose points are all deleted stay in the index until it is rebuilt.
        return models.FacetResponse(
            hits=[models.FacetValueHit(value=h.value, count=h.count) for h in found.hits if h.count]
        )


def _request(request: models.QueryRequest) -> edge.QueryRequest:
    if request.lookup_from is not None or request.shard_key is not None:
        raise convert.unsupported("lookup_from or shard_key")
    return edge.QueryRequest(
        limit=10 if request.limit is None else request.limit,
        offset=request.offset,
        query=to_query(request.query, request.using),
        prefetches=to_prefetches(request.prefetch),
        with_vector=convert.to_vector_selector(request.with_vector),
        with_payload=convert.to_payload_selector(request.with_payload),
        filter=to_filter(request.filter),
        score_threshold=request.score_threshold,
        params=to_params(request.params),
    )
