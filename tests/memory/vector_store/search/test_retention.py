"""Retention: what fades, how fast, and what doesn't."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.types import Kind, Memory, Owner, Subject, Use
from memory.vector_store.search.retention import retention, stability_days

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def a_memory(**values: object) -> Memory:
    told = NOW - timedelta(days=180)
    memory = Memory(
        id="m",
        owner=Owner("lin", "niannian"),
        text="用户去看了海",
        subject=Subject.USER,
        kind=Kind.TEMPORAL,
        category="event",
        created_at=told,
        updated_at=told,
    )
    return replace(memory, **values)  # type: ignore[arg-type]


def test_after_its_stability_a_memory_has_fallen_to_one_e_th() -> None:
    assert retention(a_memory(), None, NOW) == pytest.approx(exp(-1))


def test_a_use_brings_a_memory_back_and_makes_it_more_stable() -> None:
    used = Use(3, NOW - timedelta(days=30))
    assert retention(a_memory(), used, NOW) > 0.9
    assert stability_days(3, Kind.TEMPORAL, 3) > stability_days(3, Kind.TEMPORAL, 0)


def test_importance_and_lasting_facts_fade_more_slowly() -> None:
    scores = [retention(a_memory(importance=n), None, NOW) for n in range(1, 6)]
    assert scores == sorted(scores)
    assert len(set(scores)) == 5
    assert retention(a_memory(kind=Kind.CONSTANT), None, NOW) > retention(a_memory(), None, NOW)


def test_what_is_pinned_or_lies_ahead_does_not_fade() -> None:
    assert retention(a_memory(pinned=True), None, NOW) == 1
    assert retention(a_memory(event_date="2026-06-03"), None, NOW) == 1
    # A month that has begun isn't over.
    assert retention(a_memory(event_date="2026-06"), None, NOW) == 1
    assert retention(a_memory(event_date="2025-01-01"), None, NOW) == retention(
        a_memory(), None, NOW
    )
    assert 0 < retention(a_memory(event_date="neulich"), None, NOW) < 1


def test_one_that_was_imported_or_brought_back_starts_anew() -> None:
    assert retention(a_memory(), None, NOW, changed=NOW) == 1


@given(
    st.integers(1, 5),
    st.sampled_from(Kind),
    st.integers(0, 10_000),
    st.integers(0, 40_000),
    st.integers(0, 400),
)
def test_retention_is_a_share_and_never_rises_by_waiting(
    importance: int, kind: Kind, uses: int, days: int, more: int
) -> None:
    memory = a_memory(importance=importance, kind=kind)
    use = Use(uses, memory.created_at) if uses else None
    now = memory.created_at + timedelta(days=days)
    first, later = (retention(memory, use, at, None) for at in (now, now + timedelta(days=more)))
    assert 0 <= later <= first <= 1
