"""Time series: categories, moods, hours of conversation, use of memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from memory.memories.stats.memory_frame import PERIOD, DateField, Unit, day_column, with_dates

HOURS = 24
WEEKDAYS = 7


class Counted(Protocol):
    """A quarter of an hour of the database (:class:`memory.db.Slot`)."""

    @property
    def start(self) -> datetime:
        """Its aware beginning."""

    @property
    def count(self) -> int:
        """How much there was."""

    @property
    def used(self) -> int:
        """How much of it used memory."""


class Felt(Protocol):
    """One score of the user's mood and its word (:class:`memory.types.Mood`)."""

    @property
    def score(self) -> int:
        """From -2 to 2."""

    @property
    def word(self) -> str:
        """A word for it, or nothing."""


class Rated(Protocol):
    """A mood at a time (:class:`memory.db.MoodPoint`)."""

    @property
    def at(self) -> datetime:
        """When, aware."""

    @property
    def mood(self) -> Felt:
        """The mood."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The hour of a weekday (0 is Monday) with the most messages, and how many."""

    weekday: int
    hour: int
    count: int


def categories_over_time(
    table: pd.DataFrame,
    which: DateField,
    unit: Unit,
    categories: Sequence[str],
    since: date | None = None,
) -> pd.DataFrame:
    """``start``, ``end`` (inclusive days), one column a category, ``count`` per unit.

    The columns are the categories that occur: those of ``categories`` in their order,
    others after them. Units without a memory are left out.
    """
    kept = with_dates(table, which, unit, since)
    periods = kept[day_column(which)].dt.to_period(PERIOD[unit])
    split = pd.crosstab(periods, kept["category"]).sort_index()
    known = [category for category in categories if category in split.columns]
    split = split[known + sorted(set(split.columns) - set(known))]
    result = pd.DataFrame(
        {
            "start": [period.start_time.date() for period in split.index],
            "end": [period.end_time.date() for period in split.index],
        }
    )
    for category in split.columns:
        result[category] = split[category].to_numpy(dtype="int64")
    result["count"] = split.sum(axis=1).to_numpy(dtype="int64")
    return result


def by_hour(slots: Iterable[Counted], zone: ZoneInfo) -> pd.DataFrame:
    """``weekday`` (0 is Monday), ``hour``, ``count``: all 168 hours of the week."""
    counts = [[0] * HOURS for _ in range(WEEKDAYS)]
    for slot in slots:
        local = slot.start.astimezone(zone)
        counts[local.weekday()][local.hour] += slot.count
    rows = [
        (weekday, hour, counts[weekday][hour])
        for weekday in range(WEEKDAYS)
        for hour in range(HOURS)
    ]
    return pd.DataFrame(rows, columns=["weekday", "hour", "count"])


def busiest(hours: pd.DataFrame) -> Stretch | None:
    """The busiest hour of :func:`by_hour`, the earliest of equals; ``None`` without any."""
    if not hours["count"].sum():
        return None
    at = int(hours["count"].to_numpy().argmax())
    weekday, hour, count = hours[["weekday", "hour", "count"]].to_numpy()[at].tolist()
    return Stretch(weekday, hour, count)


def moods_over_time(points: Iterable[Rated], zone: ZoneInfo, unit: Unit) -> pd.DataFrame:
    """``start``, ``end``, ``score`` (the mean), ``count``, ``word`` per unit that has any.

    ``word`` is the one said most in the unit; of equals the last.
    """
    rows = [(point.at.astimezone(zone), point.mood.score, point.mood.word) for point in points]
    columns = ["start", "end", "score", "count", "word"]
    if not rows:
        return pd.DataFrame(columns=columns)
    read = pd.DataFrame(rows, columns=["at", "score", "word"])
    periods = pd.to_datetime(read["at"].map(lambda at: at.date())).dt.to_period(PERIOD[unit])
    result = [
        (
            period.start_time.date(),
            period.end_time.date(),
            round(float(group["score"].mean()), 2),
            len(group),
            _commonest([word for word in group["word"] if word]),
        )
        for period, group in read.groupby(periods)
    ]
    return pd.DataFrame(result, columns=columns)


def replies_over_time(slots: Iterable[Counted], zone: ZoneInfo, unit: Unit) -> pd.DataFrame:
    """``start``, ``end``, ``replies``, ``used`` (memory), ``without``, ``share`` per unit."""
    columns = ["start", "end", "replies", "used", "without", "share"]
    rows = [(slot.start.astimezone(zone).date(), slot.count, slot.used) for slot in slots]
    if not rows:
        return pd.DataFrame(columns=columns)
    read = pd.DataFrame(rows, columns=["day", "replies", "used"])
    periods = pd.to_datetime(read["day"]).dt.to_period(PERIOD[unit])
    summed = read.groupby(periods)[["replies", "used"]].sum()
    return pd.DataFrame(
        {
            "start": [period.start_time.date() for period in summed.index],
            "end": [period.end_time.date() for period in summed.index],
            "replies": summed["replies"].to_numpy(),
            "used": summed["used"].to_numpy(),
            "without": (summed["replies"] - summed["used"]).to_numpy(),
            "share": (summed["used"] / summed["replies"]).round(3).to_numpy(),
        }
    )


def _commonest(words: Sequence[str]) -> str:
    """The word that occurs most; of equals the one said last."""
    last_first = words[::-1]
    return max(last_first, key=words.count, default="")
