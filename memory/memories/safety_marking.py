"""One-time marking of older memories that come from a danger.

Memories made before there were marks are found by the messages they came from and by
their own sentences. It runs in the background after the start, a page at a time, and is
done once for a data folder: a mark that somebody takes off afterwards stays off.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from memory.chat.safety.signs import signs_of
from memory.db import Database
from memory.errors import NotFound
from memory.memories import MemoryService
from memory.priority import Priority
from memory.types import EVERYTHING, Actor, Memory, Owner
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

DONE = "safety_marks"
VERSION = "1"
PAGE = 200


class SafetyMarking:
    """Marks what is there already; each owner's marks are one group in the history.

    Args:
        store: Where the memories are.
        db: Knows the messages they came from, and whether this was done.
        memory_service: Carries it out, history first.
        priority: Replies that somebody waits for go first.
    """

    def __init__(
        self, store: MemoryStore, db: Database, memory_service: MemoryService, priority: Priority
    ) -> None:
        self._store = store
        self._db = db
        self._memory_service = memory_service
        self._priority = priority

    def run(self) -> int:
        """Mark what isn't yet; quick when it was done.

        Returns:
            How many memories were marked.

        Raises:
            StoreError, ModelError: they can't be read or written; the next call goes on.
        """
        if self._db.engine.get_meta(DONE) == VERSION:
            return 0
        with self._db.engine.alone("safety marks"):
            if self._db.engine.get_meta(DONE) == VERSION:
                return 0
            count = sum(self._mark(owner) for owner in self._store.reads.owners())
            self._db.engine.set_meta(DONE, VERSION)
        if count:
            log.info("marked %d memories that come from a danger", count)
        return count

    def _mark(self, owner: Owner) -> int:
        found: dict[str, list[str]] = defaultdict(list)
        memories = self._store.reads.iterate(EVERYTHING, owner)
        while page := list(islice(memories, PAGE)):
            self._priority.yield_to_foreground()
            for kind, id in self._kinds(owner, page):
                found[kind].append(id)
        for kind, ids in found.items():
            try:
                self._memory_service.edit_many(owner, ids, actor=Actor.SYSTEM, safety=kind)
            except NotFound:
                # All of them were deleted just now.
                log.info("memories to mark are gone")
        return sum(map(len, found.values()))

    def _kinds(self, owner: Owner, page: Sequence[Memory]) -> Iterator[tuple[str, str]]:
        ids = [id for memory in page for id in memory.source.message_ids]
        signs = signs_of(self._db.messages.by_ids(owner, ids))
        for memory in page:
            kind = None if memory.safety else signs.mark_of(memory)
            if kind is not None:
                yield kind, memory.id
