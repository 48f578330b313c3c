"""Store writes: put and delete, in bulk, with mem0's history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from qdrant_client import models
from qdrant_client.conversions import common_types as types

from memory.errors import NotFound
from memory.types import Memory, Owner
from memory.types.payload_keys import VECTOR_OWED
from memory.vector_store import listing, reembed
from memory.vector_store.core import BATCH, StoreCore
from memory.vector_store.embedding import Embedding
from memory.vector_store.filters import owner_filter
from memory.vector_store.gc_pause import gc_paused
from memory.vector_store.mem0.history import HistoryRow
from memory.vector_store.payload import owner_of, payload_of, role_of, subject_of
from memory.vector_store.points import points_of, sparse_of, unknown_keys

TOLD = ("data", "user_id", "agent_id", "subject", "role", "created_at")
"""What the history tells of a memory that is deleted."""


class MemoryWrites:
    """The writing half of the store."""

    def __init__(self, core: StoreCore, embedding: Embedding) -> None:
        self._core = core
        self._embedding = embedding

    def put(self, memories: Sequence[Memory]) -> None:
        """Insert or replace memories, in bulk. On the disk when this returns.

        Doing the same again changes nothing, so a replay after a crash is safe.

        Raises:
            NotFound: an id belongs to another owner; nothing was written.
            ModelError: the embedding endpoint failed; the batch was not written.
            EmbedderChanged: vectors of this embedder don't fit what is stored.
            FolderUnusable: the disk is full.
        """
        latest = {memory.id: memory for memory in memories}
        with self._core.locks.of(latest), gc_paused():
            self._core.check_room()
            before = self._core.points(latest)
            for memory in latest.values():
                known = before.get(memory.id)
                if known is not None and known[0].owner != memory.owner:
                    raise NotFound(f"no memory {memory.id}", id=memory.id)
            every = list(latest.values())
            for start in range(0, len(every), BATCH):
                self._put(every[start : start + BATCH], before)
            self._core.sync()

    def delete(self, owner: Owner, ids: Iterable[str], known: Sequence[Memory] = ()) -> int:
        """Delete memories; ids that are gone already are left alone.

        Args:
            owner: Whose they are.
            ids: Which.
            known: Those of them that the caller has just read.

        Returns:
            How many were deleted.

        Raises:
            NotFound: an id belongs to another owner; nothing was deleted.
        """
        chosen = list(dict.fromkeys(ids))
        with self._core.locks.of(chosen), gc_paused():
            self._core.check_room()
            read = {memory.id: memory for memory in known}
            unread = [id for id in chosen if id not in read]
            lines = self._deletions(self._core.records(unread, TOLD))
            now = datetime.now(UTC).isoformat()
            # Nothing is told of what is gone: its owner may have been erased.
            there = [str(record.id) for record in self._core.records(read, ())]
            lines += [_deletion_of(read[id], now) for id in there]
            if any(line.owner != owner for line in lines):
                raise NotFound("no such memory")
            if lines:
                self._core.history.record(lines)
                gone: list[types.PointId] = [line.memory_id for line in lines]
                self._core.client.delete(
                    self._core.collection,
                    points_selector=models.PointIdsList.model_construct(points=gone),
                )
                self._core.sync()
            return len(lines)

    def delete_all(self, owner: Owner | str) -> int:
        """Delete all memories of an owner, or of a user with every persona.

        They stay in the history, and on the disk until it is compacted:
        :meth:`erase` leaves nothing.

        Returns:
            How many were deleted.
        """
        with self._core.locks.alone(), gc_paused():
            self._core.check_room()
            chosen = owner_filter(owner)
            lines = self._deletions(
                listing.scroll(self._core.client, self._core.collection, chosen, list(TOLD))
            )
            if lines:
                self._core.history.record(lines)
                self._core.client.delete(
                    self._core.collection, points_selector=models.FilterSelector(filter=chosen)
                )
                self._core.sync()
            return len(lines)

    def erase(self, owner: Owner | str) -> None:
        """Erase an owner, or a user with every persona, from memory and disk.

        Points, vectors, logs, mem0's history and entities: no byte of the text
        stays in the folder. Can be repeated after a crash. On a server the
        points are deleted; when its files are rewritten is up to the server.
        """
        with self._core.locks.alone(), gc_paused():
            chosen = owner_filter(owner)
            ids = [
                str(r.id)
                for r in listing.scroll(self._core.client, self._core.collection, chosen, False)
            ]
            draft = reembed.draft_of(self._core.collection)
            for name in (self._core.collection, f"{self._core.collection}_entities", draft):
                if self._core.client.collection_exists(name):
                    self._core.client.delete(
                        name, points_selector=models.FilterSelector(filter=chosen)
                    )
                    if self._core.edge:
                        self._core.edge.compact(name)
            everyone = listing.scroll(self._core.client, self._core.collection, None, False)
            self._core.history.erase(owner, ids, (str(r.id) for r in everyone))

    def add_foreign(self, payloads: Mapping[str, Mapping[str, Any]]) -> None:
        """Give memories payload keys that aren't ours, by memory id."""
        with self._core.locks.of(payloads.keys()):
            for memory_id, payload in payloads.items():
                foreign = unknown_keys(payload)
                if foreign:
                    self._core.client.set_payload(
                        self._core.collection, payload=foreign, points=[memory_id]
                    )
            self._core.sync()

    @staticmethod
    def _deletions(records: Iterable[models.Record]) -> list[HistoryRow]:
        now = datetime.now(UTC).isoformat()
        return [_deletion(record, now) for record in records]

    def _put(self, memories: Sequence[Memory], before: dict[str, tuple[Memory, Any]]) -> None:
        changed = [m for m in memories if m.id not in before or before[m.id][0] != m]
        fresh = [m for m in changed if not self._same_vectors(m, before)]
        vectors = self._embedding.vectors_for(fresh)
        self._core.history.record([_line(m, before) for m in changed])
        kept = {m.id: unknown_keys(before[m.id][1]) for m in changed if m.id in before}
        if fresh:
            self._core.client.upsert(self._core.collection, points=points_of(fresh, vectors, kept))
        embedded = {m.id for m in fresh}
        self._change_payloads(
            (m.id, before[m.id][1] or {}, {**kept[m.id], **payload_of(m), **_owed(before[m.id][1])})
            for m in changed
            if m.id not in embedded
        )

    def _change_payloads(
        self, payloads: Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any]]]
    ) -> None:
        """Write what differs; a bulk edit changes thousands alike, in one call.

        Args:
            payloads: Id, payload until now, payload from now on.
        """
        alike: dict[str, list[Any]] = defaultdict(list)
        for point, old, new in payloads:
            values = {key: value for key, value in new.items() if old.get(key) != value}
            gone = sorted(old.keys() - new.keys())
            alike[json.dumps([values, gone], sort_keys=True)].append(point)
        for difference, points in alike.items():
            values, gone = json.loads(difference)
            if values:
                self._core.client.set_payload(self._core.collection, payload=values, points=points)
            if gone:
                self._core.client.delete_payload(self._core.collection, keys=gone, points=points)

    @staticmethod
    def _same_vectors(memory: Memory, before: dict[str, tuple[Memory, Any]]) -> bool:
        known = before.get(memory.id)
        return known is not None and sparse_of(known[0]) == sparse_of(memory)


def _owed(payload: Mapping[str, Any] | None) -> dict[str, Any]:
    """The mark of a vector that is owed: an edit that changes no vector keeps it."""
    owed = (payload or {}).get(VECTOR_OWED)
    return {VECTOR_OWED: owed} if owed else {}


def _line(memory: Memory, before: dict[str, tuple[Memory, Any]]) -> HistoryRow:
    known = before.get(memory.id)
    return HistoryRow(
        memory_id=memory.id,
        owner=memory.owner,
        event="UPDATE" if known else "ADD",
        before=known[0].text if known else None,
        after=memory.text,
        role=role_of(memory.subject),
        created_at=memory.created_at.isoformat(),
        at=memory.updated_at.isoformat(),
    )


def _deletion_of(memory: Memory, now: str) -> HistoryRow:
    return HistoryRow(
        memory_id=memory.id,
        owner=memory.owner,
        event="DELETE",
        before=memory.text,
        after=None,
        role=role_of(memory.subject),
        created_at=memory.created_at.isoformat(),
        at=now,
    )


def _deletion(record: models.Record, now: str) -> HistoryRow:
    told = record.payload or {}
    return HistoryRow(
        memory_id=str(record.id),
        owner=owner_of(told),
        event="DELETE",
        before=str(told.get("data") or ""),
        after=None,
        role=str(told.get("role") or role_of(subject_of(told))),
        created_at=str(told.get("created_at") or ""),
        at=now,
    )
