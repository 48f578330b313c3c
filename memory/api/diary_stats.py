"""Diary and statistics of a user's memories, as text and as figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from memory.api.responses.memories import MemoryOut
from memory.api.responses.users import DiaryData, StatsData
from memory.container import Container
from memory.memories.extraction_settings import NAME as CATEGORY_LENGTH
from memory.transfer.export import diary_words, to_markdown_diary
from memory.types import (
    EVERYTHING,
    Kind,
    Language,
    Memory,
    MemoryFilter,
    Owner,
)


def diary_data(running: Container, owner: Owner, language: Language) -> DiaryData:
    """Profile and diary of an owner, to be read out: nothing that comes from a danger."""
    user = running.db.users.get(owner.user_id)
    everything = running.store.reads.matching(owner, MemoryFilter(), sort="created_at")
    memories = [memory for memory in everything if memory.safety is None]
    words = diary_words(language, user, running.personas)
    facts = sorted(
        (m for m in memories if m.kind is Kind.CONSTANT), key=lambda m: (m.category, -m.importance)
    )
    events = sorted(
        (m for m in memories if m.kind is Kind.TEMPORAL), key=lambda m: m.event_date or ""
    )
    return DiaryData(
        text=to_markdown_diary(memories, words, language),
        profile=_grouped((memory.category, memory) for memory in facts),
        diary=_grouped((memory.event_date or "", memory) for memory in events),
    )


def figures(running: Container, owner: Owner, zone: ZoneInfo) -> StatsData:
    """An owner's memories in force, counted; days are days in ``zone``."""
    memories = running.store.reads.matching(owner, MemoryFilter())
    # As on the page: whole days, today and the six before it.
    since = running.clock().astimezone(zone).date() - timedelta(days=6)
    days = [memory.created_at.astimezone(zone).date() for memory in memories]
    stored = Counter(day.isoformat() for day in days)
    happened = Counter(m.event_date for m in memories if m.event_date)
    return StatsData(
        user_id=owner.user_id,
        total_memories=len(memories),
        date_distribution=dict(sorted(stored.items())),
        event_distribution=dict(sorted(happened.items())),
        category_distribution=_most(_category(m) for m in memories),
        subject_distribution=_most(m.subject.value for m in memories),
        kind_distribution=_most(m.kind.value for m in memories),
        status_distribution=running.store.reads.facets(owner, "status", EVERYTHING),
        pinned=sum(m.pinned for m in memories),
        last_week=sum(day >= since for day in days),
    )


def _category(memory: Memory) -> str:
    """Its category; where it has none here, the one that a program keeps in the metadata."""
    own = memory.metadata.get("category")
    if memory.category == "other" and isinstance(own, str) and own.strip():
        return own.strip()[:CATEGORY_LENGTH]
    return memory.category


def _most(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _grouped(pairs: Iterable[tuple[str, Memory]]) -> dict[str, list[MemoryOut]]:
    groups: dict[str, list[MemoryOut]] = {}
    for key, memory in pairs:
        groups.setdefault(key, []).append(MemoryOut.of(memory))
    return groups


__all__ = ["diary_data", "figures"]
