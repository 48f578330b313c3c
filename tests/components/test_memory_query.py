"""A query of the memories page survives its way through an address."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from components.memories.query import Query, memory_filter, read, write
from memory.types import Kind, MemoryFilter, Status, Subject

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query(subject=("ai",), kind=("temporal",), category=("health", "own one")),
        Query(event_from=date(2026, 1, 2), event_to=date(2026, 1, 3), within=True),
        Query(stored_from=date(2026, 1, 2), importance=4, pinned=False, sort="-importance"),
        Query(status=("archived", "superseded"), pinned=True),
        Query(app=("calendar", "mail"), run="run-7", metadata="topic=food"),
    ],
)
def test_an_address_says_all_of_a_query(query: Query) -> None:
    assert read(write(query)) == query


def test_the_plain_page_has_a_plain_address() -> None:
    assert write(Query()) == {}
    assert not Query(sort="-importance").limits


def test_searched_words_stay_out_of_the_address() -> None:
    assert write(Query(text="secret")) == {}
    assert read({"text": ["secret"]}) == Query()


@pytest.mark.parametrize(
    "params",
    [
        {"subject": ["me"], "kind": ["x"], "status": ["gone"]},
        {"event_from": ["2026-13-01"], "stored_to": ["0001-01-01"], "event_to": ["9999-12-31"]},
        {"importance": ["6"], "pinned": ["maybe"], "sort": ["text; drop"], "within": ["1"]},
        {"category": [""]},
    ],
)
def test_what_cant_be_understood_counts_as_not_said(params: dict[str, list[str]]) -> None:
    assert read(params) == Query()


def test_stored_days_are_whole_days_of_the_reader() -> None:
    chosen = memory_filter(
        Query(stored_from=date(2026, 3, 4), stored_to=date(2026, 3, 4)), SHANGHAI
    )
    assert chosen.created_from == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert chosen.created_to == datetime(2026, 3, 4, 15, 59, 59, 999999, tzinfo=UTC)


def test_nothing_asked_means_what_is_in_force() -> None:
    assert memory_filter(Query(), SHANGHAI) == MemoryFilter()
    chosen = memory_filter(Query(subject=("ai",), kind=("constant",), importance=3), SHANGHAI)
    assert chosen == MemoryFilter(
        subjects=frozenset({Subject.AI}), kinds=frozenset({Kind.CONSTANT}), importance_min=3
    )
    assert memory_filter(Query(status=("closed",)), SHANGHAI).statuses == {Status.CLOSED}
