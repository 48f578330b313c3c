from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES, Kind, Memory, Subject
from tests.memory.memories.stats.makers import make

SHANGHAI = ZoneInfo("Asia/Shanghai")


def table(*memories: Memory) -> pd.DataFrame:
    return stats.frame(memories, SHANGHAI)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.to_dict(orient="records")


def test_a_day_is_a_day_of_the_users_zone() -> None:
    # 20:00 UTC is four in the morning of the next day in Shanghai.
    late = make(created_at=datetime(2026, 3, 4, 20, tzinfo=UTC))
    assert table(late)["stored_day"][0].date() == date(2026, 3, 5)
    assert stats.frame([late], ZoneInfo("UTC"))["stored_day"][0].date() == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("event_date", "day", "precision"),
    [
        ("2026-03-04", date(2026, 3, 4), "day"),
        ("2026-03", date(2026, 3, 1), "month"),
        ("2026", date(2026, 1, 1), "year"),
        (None, None, ""),
        ("", None, ""),
        ("2026-02-30", None, ""),
        ("上周六", None, ""),
        ("0001-01-01", None, ""),
        ("9999-12-31", None, ""),
    ],
)
def test_event_dates_of_every_precision(
    event_date: str | None, day: date | None, precision: str
) -> None:
    row = table(make(event_date=event_date)).iloc[0]
    assert row["event_precision"] == precision
    assert (None if pd.isna(row["event_day"]) else row["event_day"].date()) == day


def test_totals() -> None:
    totals = stats.totals(
        table(
            make(),
            make(kind=Kind.CONSTANT, pinned=True),
            make(subject=Subject.AI, created_at=datetime(2026, 2, 1, tzinfo=UTC)),
        ),
        today=date(2026, 3, 10),
    )
    assert totals == stats.MemoryTotals(
        memories=3, about_user=2, about_ai=1, constant=1, temporal=2, last_week=2, pinned=1
    )


def test_last_week_is_seven_days_with_today() -> None:
    memories = table(make())  # stored on 4 March
    assert stats.totals(memories, date(2026, 3, 10)).last_week == 1
    assert stats.totals(memories, date(2026, 3, 11)).last_week == 0


def test_categories_largest_first_with_subjects_apart() -> None:
    memories = table(
        make(category="plan"),
        make(category="health"),
        make(category="health", subject=Subject.AI),
        make(category="hobby of another client"),
    )
    assert records(stats.by_category(memories, DEFAULT_CATEGORIES)) == [
        {"category": "health", "user": 1, "ai": 1, "count": 2},
        {"category": "plan", "user": 1, "ai": 0, "count": 1},
        {"category": "hobby of another client", "user": 1, "ai": 0, "count": 1},
    ]


def test_subjects_and_kinds_always_have_both_rows() -> None:
    memories = table(make(), make())
    assert records(stats.by_subject(memories)) == [
        {"subject": "user", "constant": 0, "temporal": 2, "count": 2},
        {"subject": "ai", "constant": 0, "temporal": 0, "count": 0},
    ]
    assert records(stats.by_kind(memories)) == [
        {"kind": "constant", "user": 0, "ai": 0, "count": 0},
        {"kind": "temporal", "user": 2, "ai": 0, "count": 2},
    ]


def test_event_dates_by_day_week_and_month() -> None:
    memories = table(
        make(event_date="2026-03-01"),  # a Sunday
        make(event_date="2026-03-02", subject=Subject.AI),
        make(event_date="2026-03-02"),
        make(event_date="2026-03"),
        make(event_date="2025"),
        make(event_date=None),
    )
    days = stats.by_date(memories, "event", "day")
    assert [(row["start"], row["user"], row["ai"]) for row in records(days)] == [
        (date(2026, 3, 1), 1, 0),
        (date(2026, 3, 2), 1, 1),
    ]
    weeks = stats.by_date(memories, "event", "week")
    assert [(row["start"], row["end"], row["count"]) for row in records(weeks)] == [
        (date(2026, 2, 23), date(2026, 3, 1), 1),
        (date(2026, 3, 2), date(2026, 3, 8), 2),
    ]
    months = stats.by_date(memories, "event", "month")
    assert [(row["start"], row["end"], row["count"]) for row in records(months)] == [
        (date(2026, 3, 1), date(2026, 3, 31), 4),
    ]
    assert stats.left_out(memories, "event", "day") == 2
    assert stats.left_out(memories, "event", "month") == 1
    assert stats.left_out(memories, "stored", "day") == 0


def test_since_leaves_out_earlier_days() -> None:
    memories = table(make(event_date="1990-05-04"), make(event_date="2026-05-04"))
    days = stats.by_date(memories, "event", "day", since=date(2026, 1, 1))
    assert list(days["start"]) == [date(2026, 5, 4)]


def test_growth_adds_up() -> None:
    memories = table(
        make(created_at=datetime(2026, 1, 1, tzinfo=UTC)),
        make(created_at=datetime(2026, 1, 3, tzinfo=UTC), subject=Subject.AI),
        make(created_at=datetime(2026, 1, 3, tzinfo=UTC)),
    )
    assert records(stats.growth(memories)) == [
        {"date": date(2026, 1, 1), "user": 1, "ai": 0, "count": 1},
        {"date": date(2026, 1, 3), "user": 2, "ai": 1, "count": 3},
    ]


def test_calendar_has_every_day() -> None:
    memories = table(make(event_date="2026-03-03"), make(event_date="2026-03"))
    days = stats.calendar(memories, "event", date(2026, 3, 1), date(2026, 3, 3))
    assert records(days) == [
        {"date": date(2026, 3, 1), "week": date(2026, 2, 23), "weekday": 6, "count": 0},
        {"date": date(2026, 3, 2), "week": date(2026, 3, 2), "weekday": 0, "count": 0},
        {"date": date(2026, 3, 3), "week": date(2026, 3, 2), "weekday": 1, "count": 1},
    ]
    assert stats.span(memories, "event") == (date(2026, 3, 3), date(2026, 3, 3))
    assert stats.span(memories, "stored") == (date(2026, 3, 4), date(2026, 3, 4))


def test_nothing_remembered_is_no_error() -> None:
    empty = table()
    assert stats.totals(empty, date(2026, 1, 1)).memories == 0
    assert stats.by_category(empty, DEFAULT_CATEGORIES).empty
    assert list(stats.by_kind(empty)["count"]) == [0, 0]
    assert list(stats.by_subject(empty)["count"]) == [0, 0]
    assert stats.growth(empty).empty
    assert stats.span(empty, "stored") is None
    for unit in stats.UNITS:
        assert stats.by_date(empty, "event", unit).empty
        assert stats.by_date(empty, "stored", unit).empty
