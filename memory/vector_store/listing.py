"""Sorted listing, page by page, in an order that never depends on paging.

A page is found without reading what comes before it: the engine sorts by the
indexed fields and gives only ids, and what it leaves open, which of equal
memories come first, is settled by their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from qdrant_client import QdrantClient, models

from memory.errors import BadInput
from memory.types import Memory
from memory.vector_store.gc_pause import gc_paused
from memory.vector_store.payload import event_days, memory_of

PAGE = 2000
"""Points fetched at once."""

_KEYS = {
    "created_at": "created_at",
    "updated_at": "updated_at",
    "event_date": "event_from",
    "importance": "importance",
}
"""Sort fields and the indexed payload keys that the engine sorts by."""

_SORTS: dict[str, Callable[[Memory], Any]] = {
    "created_at": lambda memory: memory.created_at,
    "updated_at": lambda memory: memory.updated_at,
    "event_date": lambda memory: event_days(memory.event_date)[0],
    "importance": lambda memory: memory.importance,
    "text": lambda memory: memory.text.casefold(),
    "category": lambda memory: memory.category,
    "subject": lambda memory: memory.subject.value,
    "kind": lambda memory: memory.kind.value,
    "pinned": lambda memory: memory.pinned,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def scroll(
    client: QdrantClient,
    collection: str,
    chosen: models.Filter | None,
    with_payload: bool | list[str] = True,
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
    if limit is None:
        with gc_paused():
            every = (memory_of(r.id, r.payload) for r in scroll(client, collection, chosen))
            return _ordered(list(every), field, descending)[offset:]
    end = offset + limit
    if field not in _KEYS:
        ids = _ids_by_text(client, collection, chosen, field, descending)
        return _read(client, collection, ids[offset:end], {})
    return _by_index(client, collection, chosen, _KEYS[field], descending, offset, end)


def _ordered(memories: list[Memory], field: str, descending: bool) -> list[Memory]:
    """Sorted by a field, then by id; what has no value comes last."""
    key = _SORTS[field]
    by_id = sorted(memories, key=lambda memory: memory.id)
    valued = [memory for memory in by_id if key(memory) is not None]
    # sort() keeps the order of equal elements in both directions.
    valued.sort(key=key, reverse=descending)
    return valued + [memory for memory in by_id if key(memory) is None]


def _ids_by_text(
    client: QdrantClient, collection: str, chosen: models.Filter, field: str, descending: bool
) -> list[str]:
    """All ids: texts have no index to sort by, but only the field is read."""
    key = "data" if field == "text" else field
    texts = {
        str(record.id): str((record.payload or {}).get(key) or "").casefold()
        for record in scroll(client, collection, chosen, [key])
    }
    return sorted(sorted(texts), key=texts.__getitem__, reverse=descending)


def _by_index(
    client: QdrantClient,
    collection: str,
    chosen: models.Filter,
    key: str,
    descending: bool,
    offset: int,
    end: int,
) -> list[Memory]:
    """Memories from ``offset`` to ``end`` by an indexed key, ties by id; those without last."""
    if not end:
        return []
    direction = models.Direction.DESC if descending else models.Direction.ASC
    page, _ = client.scroll(
        collection,
        scroll_filter=chosen,
        limit=end + 1,
        order_by=models.OrderBy(key=key, direction=direction),
        with_payload=not offset,
    )
    found = sorted((str(record.id), _value(record)) for record in page)
    found.sort(key=lambda pair: pair[1], reverse=descending)
    ids = [point for point, _ in found[:end]]
    if len(found) < end:  # the engine leaves out points without the key
        missing = models.IsEmptyCondition(is_empty=models.PayloadField(key=key))
        ids += _ids(client, collection, _and(chosen, missing), end - len(found))
    elif len(found) > end and found[end][1] == (last := found[end - 1][1]):
        # Of those equal to the last one the engine gave any: take the first by id.
        ids = [point for point, value in found if value != last]
        ids += _ids(client, collection, _and(chosen, _equal(key, last)), end - len(ids))
    known = {} if offset else {str(record.id): record for record in page}
    return _read(client, collection, ids[offset:end], known)


def _ids(client: QdrantClient, collection: str, chosen: models.Filter, limit: int) -> list[str]:
    """The first ids in their own order."""
    page, _ = client.scroll(collection, scroll_filter=chosen, limit=limit, with_payload=False)
    return [str(record.id) for record in page]


def _read(
    client: QdrantClient, collection: str, ids: list[str], known: Mapping[str, models.Record]
) -> list[Memory]:
    """Memories in the order of ``ids``; without those that were deleted meanwhile.

    Args:
        client: The store's client.
        collection: Its collection.
        ids: Which.
        known: Points that were read already, with their payloads.
    """
    found = dict(known)
    if unread := [point for point in ids if point not in known]:
        for record in client.retrieve(collection, ids=unread, with_payload=True):
            found[str(record.id)] = record
    return [memory_of(point, found[point].payload) for point in ids if point in found]


def _value(record: models.Record) -> float:
    return record.order_value if isinstance(record.order_value, int | float) else 0


def _and(chosen: models.Filter, condition: models.Condition) -> models.Filter:
    return models.Filter(must=[chosen, condition])


def _equal(key: str, value: float) -> models.FieldCondition:
    if key in ("created_at", "updated_at"):  # sorted by as microseconds
        moment = _EPOCH + timedelta(microseconds=value)
        return models.FieldCondition(key=key, range=models.DatetimeRange(gte=moment, lte=moment))
    return models.FieldCondition(key=key, range=models.Range(gte=value, lte=value))
