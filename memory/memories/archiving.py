"""Archiving: time to live, the most per user, and what has faded.

Nothing is ever deleted here. Each night's archiving of an owner is one group in the
journal and can be taken back in one click.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from memory.db import Database
from memory.errors import NotFound
from memory.memories import MemoryService
from memory.types import Actor, Memory, MemoryFilter, Owner, Status
from memory.vector_store.search.retention import last_day, retention
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

NIGHT_HOUR = 3
"""The nightly run is due from this hour on, in the time zone of the settings."""

LAST_RUN = "life_cycle_day"


class Why(StrEnum):
    """Why a memory is archived."""

    EXPIRED = "expired"
    FADED = "faded"
    CROWDED = "crowded"


@dataclass(frozen=True, slots=True)
class Due:
    """A memory to archive. ``retention`` is its score now, in [0, 1]."""

    memory: Memory
    why: Why
    retention: float


class Archiving:
    """Archives what is past its time, over the limit or faded. Pinned memories are exempt.

    Args:
        store: Where the memories are.
        db: Knows how often they were used, and when the last night was.
        memory_service: Carries it out.
        zone: In which nights fall.
        clock: Aware time.
        days: Archive what was stored, last changed, or took place longer ago; 0: never.
        most: Keep at most this many of a user in force with one persona; 0: no limit.
        below: Archive what has faded below this retention; 0: never.
    """

    def __init__(
        self,
        store: MemoryStore,
        db: Database,
        memory_service: MemoryService,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        days: int = 0,
        most: int = 0,
        below: float = 0.0,
    ) -> None:
        self._store = store
        self._db = db
        self._memory_service = memory_service
        self._zone = zone
        self._clock = clock
        self._days = days
        self._most = most
        self._below = below

    @property
    def active(self) -> bool:
        """Whether any of the three is switched on."""
        return bool(self._days or self._most or self._below)

    def due(self, owner: Owner) -> list[Due]:
        """What would be archived of ``owner`` now, the most faded first.

        Raises:
            StoreError: the memories can't be read.
        """
        if not self.active:
            return []
        now = self._clock()
        memories = list(self._store.reads.matching(owner, MemoryFilter(pinned=False)))
        uses, changed = self._db.traces.uses(owner), self._db.history.last_changed(owner)
        scored = sorted(
            (
                (retention(memory, uses.get(memory.id), now, changed.get(memory.id)), memory)
                for memory in memories
            ),
            key=lambda pair: (pair[0], pair[1].created_at, pair[1].id),
        )
        reasons: dict[str, Why] = {}
        for score, memory in scored:
            if self._expired(memory, changed.get(memory.id), now):
                reasons[memory.id] = Why.EXPIRED
            elif score < self._below:
                reasons[memory.id] = Why.FADED
        # What goes anyway makes room: only what is still too much goes for lack of it.
        over = self._over(owner, len(memories)) - len(reasons)
        staying = [memory.id for _, memory in scored if memory.id not in reasons]
        reasons |= dict.fromkeys(staying[: max(0, over)], Why.CROWDED)
        return [
            Due(memory, reasons[memory.id], score)
            for score, memory in scored
            if memory.id in reasons
        ]

    def run(self, owner: Owner) -> str | None:
        """Archive what is due of ``owner`` as one group.

        Returns:
            The group's id, for undoing; ``None`` if nothing was due.

        Raises:
            StoreError: the memories can't be read or written.
        """
        ids = [due.memory.id for due in self.due(owner)]
        if not ids:
            return None
        try:
            group = self._memory_service.edit_many(
                owner, ids, actor=Actor.SYSTEM, status=Status.ARCHIVED
            )
        except NotFound:  # all of them were deleted just now
            return None
        log.info("archived %d memories", len(ids))
        return group

    def nightly(self) -> int:
        """The run of the night that has passed, once; quick when it was done.

        Several processes on one database do it once together. A night in which
        nothing ran is made up for at the next call.

        Returns:
            For how many owners something was archived.

        Raises:
            StoreError: as :meth:`run`; the owners that follow wait for the next call.
        """
        if not self.active or self._done():
            return 0
        with self._db.engine.alone("life cycle"):
            if self._done():
                return 0
            count = sum(self.run(owner) is not None for owner in self._store.reads.owners())
            self._db.engine.set_meta(LAST_RUN, self._night())
        return count

    def _done(self) -> bool:
        return self._db.engine.get_meta(LAST_RUN) == self._night()

    def _night(self) -> str:
        here = self._clock().astimezone(self._zone)
        return (here - timedelta(hours=NIGHT_HOUR)).date().isoformat()

    def _expired(self, memory: Memory, changed: datetime | None, now: datetime) -> bool:
        """Whether its time is up. That of a plan begins with its day."""
        if not self._days:
            return False
        times = (memory.created_at, changed, last_day(memory.event_date))
        return max(at for at in times if at is not None) < now - timedelta(days=self._days)

    def _over(self, owner: Owner, unpinned: int) -> int:
        """How many there are too many, counting pinned ones, which stay."""
        if not self._most:
            return 0
        pinned = self._store.reads.count(owner, MemoryFilter(pinned=True))
        return max(0, unpinned + pinned - self._most)
