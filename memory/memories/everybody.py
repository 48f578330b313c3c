"""Statistics of all users: counted by the store and the database, no memory is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from memory.db import Database
from memory.types import MemoryFilter
from memory.vector_store.store import MemoryStore

BUCKETS = 6
BUCKET = timedelta(days=30)
MOOD_SINCE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class UserFigures:
    """One user: memories in force by category, those stored in each of the last months.

    ``added`` is oldest first, ``BUCKETS`` times 30 days up to now. ``mood`` is the mean
    score (-2 to 2) of the last 90 days, ``last_seen`` when a session last moved.
    """

    user_id: str
    memories: int
    by_category: Mapping[str, int]
    added: tuple[int, ...]
    last_seen: datetime | None
    mood: float | None


def everybody(
    store: MemoryStore,
    db: Database,
    user_ids: Sequence[str],
    now: datetime,
    wanted: MemoryFilter | None = None,
) -> list[UserFigures]:
    """The figures of these users, those with the most memories first.

    Args:
        store: Counts the memories.
        db: Knows sessions and moods.
        user_ids: Whom; others are left out.
        now: Aware; growth is counted back from here.
        wanted: Which memories count; those in force by default.

    Raises:
        StoreError: the store can't be read.
    """
    wanted = wanted or MemoryFilter()
    categories = store.reads.facets(None, "category", wanted)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for category in categories:
        one = replace(wanted, categories=frozenset({category}))
        for user_id, count in store.reads.facets(None, "user_id", one).items():
            counts[user_id][category] = count
    added = [
        store.reads.facets(None, "user_id", replace(wanted, created_from=start, created_to=end))
        for start, end in _months(now, wanted)
    ]
    seen, moods = db.aggregates.last_seen(), db.aggregates.mean_moods(now - MOOD_SINCE)
    found = [
        UserFigures(
            user_id=user_id,
            memories=sum(counts[user_id].values()),
            by_category=counts[user_id],
            added=tuple(month.get(user_id, 0) for month in added),
            last_seen=seen.get(user_id),
            mood=moods.get(user_id),
        )
        for user_id in user_ids
    ]
    return sorted(found, key=lambda one: -one.memories)


def _months(now: datetime, wanted: MemoryFilter) -> list[tuple[datetime, datetime]]:
    ends = [now - BUCKET * back for back in range(BUCKETS)][::-1]
    # The last moment belongs to the bucket, the first to the one before.
    tick = timedelta(microseconds=1)
    spans = [(end - BUCKET + tick, end) for end in ends]
    first, last = wanted.created_from, wanted.created_to
    return [
        (max(start, first) if first else start, min(end, last) if last else end)
        for start, end in spans
    ]
