"""What moves with time, counted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES, Mood
from tests.memory.memories.stats.makers import make

SHANGHAI = ZoneInfo("Asia/Shanghai")
KATHMANDU = ZoneInfo("Asia/Kathmandu")


@dataclass(frozen=True)
class Slot:
    start: datetime
    count: int
    used: int = 0


@dataclass(frozen=True)
class Point:
    at: datetime
    mood: Mood


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_categories_month_by_month() -> None:
    table = stats.frame(
        [
            make(category="event", event_date="2026-01-03"),
            make(category="event", event_date="2026-01"),
            make(category="health", event_date="2026-01-20"),
            make(category="钓鱼", event_date="2026-03-01"),
            make(category="plan", event_date="2026"),
        ],
        SHANGHAI,
    )
    data = stats.categories_over_time(table, "event", "month", DEFAULT_CATEGORIES)
    assert list(data.columns) == ["start", "end", "health", "event", "钓鱼", "count"]
    assert data.to_numpy().tolist() == [
        [date(2026, 1, 1), date(2026, 1, 31), 1, 2, 0, 3],
        [date(2026, 3, 1), date(2026, 3, 31), 0, 0, 1, 1],
    ]
    later = stats.categories_over_time(
        table, "event", "month", DEFAULT_CATEGORIES, date(2026, 2, 1)
    )
    assert later["count"].tolist() == [1]


def test_hours_are_those_of_the_users_zone() -> None:
    # Wednesday 4 March, 20:00 UTC is Thursday four o'clock in Shanghai.
    hours = stats.by_hour([Slot(at(4, 20), 3), Slot(at(4, 20, 45), 2)], SHANGHAI)
    assert len(hours) == 168
    assert hours[hours["count"] > 0].to_numpy().tolist() == [[3, 4, 5]]
    # 18:15 UTC is midnight in Kathmandu (+5:45); the quarter before is still Wednesday.
    nepal = stats.by_hour([Slot(at(4, 18), 1), Slot(at(4, 18, 15), 4)], KATHMANDU)
    assert nepal[nepal["count"] > 0].to_numpy().tolist() == [[2, 23, 1], [3, 0, 4]]


def test_the_busiest_hour() -> None:
    hours = stats.by_hour([Slot(at(4, 12), 3), Slot(at(6, 12), 3), Slot(at(6, 1), 1)], SHANGHAI)
    found = stats.busiest(hours)
    assert found == stats.Stretch(weekday=2, hour=20, count=3)
    assert stats.busiest(stats.by_hour([], SHANGHAI)) is None


def test_moods_by_week_with_the_word_said_most() -> None:
    points = [
        Point(at(2, 1), Mood(-1, "疲惫")),
        Point(at(3, 1), Mood(-2, "崩溃")),
        Point(at(4, 1), Mood(-1, "疲惫")),
        Point(at(8, 17), Mood(2, "开心")),  # already Monday in Shanghai
    ]
    data = stats.moods_over_time(points, SHANGHAI, "week")
    assert data.to_numpy().tolist() == [
        [date(2026, 3, 2), date(2026, 3, 8), -1.33, 3, "疲惫"],
        [date(2026, 3, 9), date(2026, 3, 15), 2.0, 1, "开心"],
    ]
    wordless = stats.moods_over_time([Point(at(2, 1), Mood(0))], SHANGHAI, "day")
    assert wordless["word"].tolist() == [""]
    assert stats.moods_over_time([], SHANGHAI, "week").empty


def test_replies_and_how_many_of_them_used_memory() -> None:
    slots = [Slot(at(2, 1), 3, 1), Slot(at(5, 1), 1, 1), Slot(at(12, 1), 2, 0)]
    data = stats.replies_over_time(slots, SHANGHAI, "week")
    assert data[["replies", "used", "without", "share"]].to_numpy().tolist() == [
        [4, 2, 2, 0.5],
        [2, 0, 2, 0.0],
    ]
    assert stats.replies_over_time([], SHANGHAI, "week").empty
