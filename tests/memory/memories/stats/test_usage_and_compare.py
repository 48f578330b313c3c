"""Which memories are used, who said what, and two sides beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES, Kind, Memory, Source, Subject
from tests.memory.memories.stats.makers import make

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Use:
    count: int


def from_messages(*ids: str, **fields: object) -> Memory:
    return make(source=Source("s", tuple(ids)), **fields)


def test_usage_puts_the_most_used_first_and_the_never_used_last() -> None:
    table = stats.frame(
        [
            make(id="never", importance=5),
            make(id="often", category="health"),
            make(id="once"),
        ],
        SHANGHAI,
    )
    used = stats.usage(table, {"often": Use(7), "once": Use(1), "gone": Use(9)})
    assert used[["id", "uses"]].to_numpy().tolist() == [["often", 7], ["once", 1], ["never", 0]]
    assert stats.most_used(used, 5)["id"].tolist() == ["often", "once"]
    assert stats.most_used(used, 1)["id"].tolist() == ["often"]
    by = stats.used_by_category(used, DEFAULT_CATEGORIES)
    assert by.to_numpy().tolist() == [["event", 1, 1, 2], ["health", 1, 0, 1]]


def test_who_said_it_is_read_from_the_source_messages() -> None:
    roles = {"u1": "user", "a1": "assistant"}
    data = stats.said_by(
        [
            from_messages("u1", category="health"),
            from_messages("u1", category="health", subject=Subject.AI),
            from_messages("a1", category="event"),
            from_messages("u1", "a1", category="event", subject=Subject.AI),
            from_messages("u1", "a1", category="event"),
            from_messages("gone", category="plan"),
            make(category="plan"),
        ],
        roles,
        DEFAULT_CATEGORIES,
    )
    assert data.to_numpy().tolist() == [["event", 1, 2, 3], ["health", 2, 0, 2]]
    assert stats.said_by([], roles, DEFAULT_CATEGORIES).empty


def test_shares_make_a_long_and_a_short_acquaintance_comparable() -> None:
    left = stats.frame([make(category="health"), make(category="event")] * 4, SHANGHAI)
    right = stats.frame([make(category="event"), make(category="钓鱼")], SHANGHAI)
    data = stats.compare(left, right, DEFAULT_CATEGORIES)
    assert data.to_numpy().tolist() == [
        ["health", 4, 0, 0.5, 0.0],
        ["event", 4, 1, 0.5, 0.5],
        ["钓鱼", 0, 1, 0.0, 0.5],
    ]
    category, side, gap = stats.largest_gap(data) or ("", "", 0.0)
    assert (category, side, gap) == ("health", "left", 0.5)
    assert stats.largest_gap(stats.compare(right, right, DEFAULT_CATEGORIES)) is None
    empty = stats.frame([], SHANGHAI)
    assert stats.compare(empty, empty, DEFAULT_CATEGORIES).empty


def test_a_take_is_shares_of_its_own_whole() -> None:
    table = stats.frame(
        [
            make(importance=5),
            make(subject=Subject.AI, kind=Kind.CONSTANT),
            make(subject=Subject.AI, importance=4),
            make(),
        ],
        SHANGHAI,
    )
    assert stats.Take.of(table) == stats.Take(4, 0.5, 0.25, 0.5)
    assert stats.Take.of(table.iloc[:0]) == stats.Take(0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(("first", "last", "count"), [(4, 4, 1), (5, 6, 1), (4, 6, 2), (7, 9, 0)])
def test_a_period_holds_both_of_its_ends(first: int, last: int, count: int) -> None:
    table = stats.frame(
        [
            make(created_at=datetime(2026, 3, 4, 4, tzinfo=UTC)),
            make(created_at=datetime(2026, 3, 4, 17, tzinfo=UTC)),  # the 5th in Shanghai
        ],
        SHANGHAI,
    )
    kept = stats.within(table, date(2026, 3, first), date(2026, 3, last))
    assert len(kept) == count
