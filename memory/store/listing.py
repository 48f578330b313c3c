"""Lists that page through everything, in an order that never depends on paging."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from qdrant_client import QdrantClient, models

from memory.errors import BadInput
from memory.store.payload import memory_of
from memory.types import Memory

PAGE = 2000
"""Points fetched at once."""

SLACK = 64
"""How many more than asked for are fetched in engine order, to see where ties end."""

_INDEXED = frozenset({"created_at", "updated_at"})
_SORTS: dict[str, Callable[[Memory], Any]] = {
    "created_at": lambda memory: memory.created_at,
    "updated_at": lambda memory: memory.updated_at,
    "event_date": lambda memory: memory.event_date,
    "importance": lambda memory: memory.importance,
    "text": lambda memory: memory.text.casefold(),
}


def scroll(
    client: QdrantClient,
    collection: str,
    chosen: models.Filter | None,
    with_payload: bool = True,
    with_vectors: bool = False,
) -> Iterator[models.Record]:
    """Every point that matches, by id. Safe while points come and go: no index is kept."""
    offset: Any = None
    while True:
        page, offset = client.scroll(
            collection,
            scroll_filter=chosen,
            limit=PAGE,
            offset=offset,
            with_payload=with_payload,
            with_vectors=with_vectors,
        )
        yield from page
        if offset is None:
            return


def sorted_page(
    client: QdrantClient,
    collection: str,
    chosen: models.Filter,
    sort: str,
    limit: int | None,
    offset: int,
) -> list[Memory]:
    """The memories from ``offset`` on in sorted order; ties by id.

    Raises:
        BadInput: an unknown sort field, or a negative limit or offset.
    """
    field, descending = sort.removeprefix("-"), sort.startswith("-")
    if field not in _SORTS:
        raise BadInput(f"can't sort by {field!r}", code="bad_sort", given=field)
    if offset < 0 or (limit is not None and limit < 0):
        raise BadInput("limit and offset can't be negative", code="bad_page")
    end = None if limit is None else offset + limit
    found = None
    if end is not None and field in _INDEXED:
        found = _first(client, collection, chosen, field, descending, end)
    if found is None:
        found = [memory_of(r.id, r.payload) for r in scroll(client, collection, chosen)]
    return ordered(found, field, descending)[offset:end]


def ordered(memories: list[Memory], field: str, descending: bool) -> list[Memory]:
    """Sorted by a field, then by id; what has no value comes last."""
    key = _SORTS[field]
    by_id = sorted(memories, key=lambda memory: memory.id)
    valued = [memory for memory in by_id if key(memory) is not None]
    # sort() keeps the order of equal elements in both directions.
    valued.sort(key=key, reverse=descending)
    return valued + [memory for memory in by_id if key(memory) is None]


def _first(
    client: QdrantClient,
    collection: str,
    chosen: models.Filter,
    field: str,
    descending: bool,
    end: int,
) -> list[Memory] | None:
    """The first memories in engine order, or ``None`` if ties make the cut unclear."""
    direction = models.Direction.DESC if descending else models.Direction.ASC
    wanted = end + SLACK
    page, _ = client.scroll(
        collection,
        scroll_filter=chosen,
        limit=wanted,
        order_by=models.OrderBy(key=field, direction=direction),
        with_payload=True,
    )
    found = [memory_of(record.id, record.payload) for record in page]
    if len(found) < wanted:
        # The engine leaves out points without the field: only a full count is the whole.
        total = client.count(collection, count_filter=chosen, exact=True).count
        return found if total == len(found) else None
    moments: list[datetime] = sorted((_SORTS[field](m) for m in found), reverse=descending)
    return found if moments[-1] != moments[end - 1 if end else 0] else None
