"""Write operations of the embedded engine: points, payloads, vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import qdrant_edge as edge
from qdrant_client import models

from memory.vector_store.edge import convert
from memory.vector_store.edge.collections import DONE, EdgeCollections, refuse
from memory.vector_store.edge.filters import to_filter


class EdgeWrites(EdgeCollections):
    """The writing half of the client's interface. Every call is done when it returns."""

    def upsert(
        self,
        collection_name: str,
        points: Any,
        update_filter: models.Filter | None = None,
        update_mode: models.UpdateMode | None = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Insert or replace points."""
        refuse(kwargs)
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
        refuse(kwargs)
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
        refuse(kwargs)
        ids, chosen = _selected(points_selector)
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
        refuse(kwargs)
        ids, chosen = _selected(points)
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
        refuse(kwargs)
        ids, chosen = _selected(points)
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
        refuse(kwargs)
        ids, chosen = _selected(points)
        operation = (
            edge.UpdateOperation.delete_payload(ids, list(keys))
            if chosen is None
            else edge.UpdateOperation.delete_payload_by_filter(chosen, list(keys))
        )
        return self._apply(collection_name, operation)

    def _apply(
        self, collection_name: str, operation: edge.UpdateOperation, weight: int = 1
    ) -> models.UpdateResult:
        self.shard(collection_name).write(operation, weight)
        return DONE


_MODES = {
    models.UpdateMode.UPSERT: edge.UpdateMode.Upsert,
    models.UpdateMode.INSERT_ONLY: edge.UpdateMode.InsertOnly,
    models.UpdateMode.UPDATE_ONLY: edge.UpdateMode.UpdateOnly,
}


def _selected(selector: Any) -> tuple[list[edge.PointId], edge.Filter | None]:
    """Ids, or the filter that says which points."""
    if isinstance(selector, models.PointIdsList):
        return [convert.to_id(i) for i in selector.points], None
    if isinstance(selector, models.FilterSelector):
        return [], to_filter(selector.filter)
    if isinstance(selector, models.Filter):
        return [], to_filter(selector)
    if isinstance(selector, Sequence) and not isinstance(selector, str):
        return [convert.to_id(i) for i in selector], None
    raise convert.unsupported(selector)
