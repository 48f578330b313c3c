"""Data frame of memories, and what is counted in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

import pandas as pd

from memory.types import Kind, Memory, Subject

DateField: TypeAlias = Literal["event", "stored"]
Unit: TypeAlias = Literal["day", "week", "month"]

DATE_FIELDS: tuple[DateField, ...] = ("event", "stored")
UNITS: tuple[Unit, ...] = ("day", "week", "month")

# How exact a date must be to be put into a unit: a month can't be put on a day.
_EXACT_ENOUGH: dict[Unit, frozenset[str]] = {
    "day": frozenset({"day"}),
    "week": frozenset({"day"}),
    "month": frozenset({"day", "month"}),
}
PERIOD: dict[Unit, str] = {"day": "D", "week": "W-SUN", "month": "M"}
_EVENT_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")

COLUMNS: dict[str, str] = {
    "id": "object",
    "persona": "object",
    "subject": "object",
    "kind": "object",
    "category": "object",
    "status": "object",
    "importance": "int64",
    "pinned": "bool",
    "event_date": "object",
    "event_day": "datetime64[ns]",
    "event_precision": "object",
    "stored_day": "datetime64[ns]",
}


@dataclass(frozen=True, slots=True)
class MemoryTotals:
    """The numbers on top: how many, about whom, of which kind, how new."""

    memories: int
    about_user: int
    about_ai: int
    constant: int
    temporal: int
    last_week: int
    pinned: int


def frame(memories: Iterable[Memory], zone: ZoneInfo) -> pd.DataFrame:
    """One row a memory, with the columns of :data:`COLUMNS`: never its text.

    ``event_day`` is the first day that ``event_date`` covers, and
    ``event_precision`` one of ``day``, ``month``, ``year`` or ``""`` (none).
    ``stored_day`` is the day of ``created_at`` in ``zone``.
    """
    rows = [_row(memory, zone) for memory in memories]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def totals(table: pd.DataFrame, today: date) -> MemoryTotals:
    """Count the table; ``last_week`` is the last seven days, ``today`` included."""
    since = pd.Timestamp(today - timedelta(days=6))
    subject, kind = table["subject"], table["kind"]
    return MemoryTotals(
        memories=len(table),
        about_user=int((subject == Subject.USER.value).sum()),
        about_ai=int((subject == Subject.AI.value).sum()),
        constant=int((kind == Kind.CONSTANT.value).sum()),
        temporal=int((kind == Kind.TEMPORAL.value).sum()),
        last_week=int((table["stored_day"] >= since).sum()),
        pinned=int(table["pinned"].sum()),
    )


def by_category(table: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """``category``, ``user``, ``ai``, ``count``; largest first, empty ones left out.

    A category that isn't in ``categories`` (an older list, another client) keeps
    its own row at the end of equals.
    """
    return _counts(table, "category", "subject", [s.value for s in Subject], list(categories))


def by_subject(table: pd.DataFrame) -> pd.DataFrame:
    """``subject``, ``constant``, ``temporal``, ``count``; user first, always two rows."""
    counts = _counts(table, "subject", "kind", [k.value for k in Kind], [])
    full = counts.set_index("subject").reindex([s.value for s in Subject], fill_value=0)
    return full.rename_axis("subject").reset_index()


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """``kind``, ``user``, ``ai``, ``count``; constant first, always two rows."""
    counts = _counts(table, "kind", "subject", [s.value for s in Subject], [])
    full = counts.set_index("kind").reindex([k.value for k in Kind], fill_value=0)
    return full.rename_axis("kind").reset_index()


def by_date(
    table: pd.DataFrame, which: DateField, unit: Unit, since: date | None = None
) -> pd.DataFrame:
    """``start``, ``end`` (inclusive days), ``user``, ``ai``, ``count`` per unit.

    Only units that hold a memory; weeks begin on Monday. ``since`` leaves out
    earlier days. Memories without a date, or with one too coarse for ``unit``,
    are left out: see :func:`left_out`.
    """
    dated = with_dates(table, which, unit, since)
    periods = dated[day_column(which)].dt.to_period(PERIOD[unit])
    split = pd.crosstab(periods, dated["subject"])
    split = split.reindex(columns=[s.value for s in Subject], fill_value=0).sort_index()
    return pd.DataFrame(
        {
            "start": [period.start_time.date() for period in split.index],
            "end": [period.end_time.date() for period in split.index],
            "user": split["user"].to_numpy(dtype="int64"),
            "ai": split["ai"].to_numpy(dtype="int64"),
            "count": split.sum(axis=1).to_numpy(dtype="int64"),
        }
    )


def left_out(table: pd.DataFrame, which: DateField, unit: Unit) -> int:
    """How many dated memories :func:`by_date` can't place: only a month or year is known."""
    if which == "stored":
        return 0
    dated = int((table["event_precision"] != "").sum())
    return dated - len(with_dates(table, which, unit))


def growth(table: pd.DataFrame) -> pd.DataFrame:
    """``date``, ``user``, ``ai``, ``count``: how many there were at the end of that day.

    One row per day on which something was stored.
    """
    daily = by_date(table, "stored", "day")
    result = daily.rename(columns={"start": "date"}).drop(columns="end")
    numbers = ["user", "ai", "count"]
    result[numbers] = result[numbers].cumsum()
    return result


def calendar(table: pd.DataFrame, which: DateField, first: date, last: date) -> pd.DataFrame:
    """``date``, ``week`` (its Monday), ``weekday`` (0 is Monday), ``count`` per day.

    Every day from ``first`` to ``last`` is there, also those with 0.
    """
    dated = with_dates(table, which, "day")
    counts = dated[day_column(which)].value_counts()
    days = pd.date_range(first, last, freq="D")
    weekday = days.day_of_week
    return pd.DataFrame(
        {
            "date": days.date,
            "week": (days - pd.to_timedelta(weekday, unit="D")).date,
            "weekday": weekday,
            "count": counts.reindex(days, fill_value=0).to_numpy(),
        }
    )


def span(table: pd.DataFrame, which: DateField) -> tuple[date, date] | None:
    """First and last day that :func:`calendar` could show, or ``None``."""
    days = with_dates(table, which, "day")[day_column(which)]
    if days.empty:
        return None
    return days.min().date(), days.max().date()


def _row(memory: Memory, zone: ZoneInfo) -> tuple[object, ...]:
    event_day, precision = _event_day(memory.event_date)
    return (
        memory.id,
        memory.owner.persona_id,
        memory.subject.value,
        memory.kind.value,
        memory.category,
        memory.status.value,
        memory.importance,
        memory.pinned,
        memory.event_date or "",
        event_day,
        precision,
        memory.created_at.astimezone(zone).date(),
    )


def _event_day(event_date: str | None) -> tuple[date | None, str]:
    # Another client may have written anything; what is no date counts as none.
    match = _EVENT_DATE.fullmatch(event_date or "")
    if match is None:
        return None, ""
    year, month, day = match.groups()
    try:
        start = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None, ""
    # pandas' nanosecond days end in 2262 and begin in 1677.
    if not 1678 <= start.year <= 2261:
        return None, ""
    return start, "day" if day else "month" if month else "year"


def day_column(which: DateField) -> str:
    """The column of :func:`frame` that holds the day of ``which``."""
    return "event_day" if which == "event" else "stored_day"


def with_dates(
    table: pd.DataFrame, which: DateField, unit: Unit, since: date | None = None
) -> pd.DataFrame:
    """The rows whose date is exact enough for ``unit``, from ``since`` on."""
    if which == "event":
        table = table[table["event_precision"].isin(_EXACT_ENOUGH[unit])]
    if since is not None:
        table = table[table[day_column(which)] >= pd.Timestamp(since)]
    return table


def _counts(
    table: pd.DataFrame, by: str, split_by: str, parts: list[str], order: list[str]
) -> pd.DataFrame:
    """Rows of ``by``, one column per value of ``split_by``, and their sum."""
    split = pd.crosstab(table[by], table[split_by]).reindex(columns=parts, fill_value=0)
    result = split.rename_axis(columns=None).rename_axis(by).reset_index()
    result["count"] = result[parts].sum(axis=1).astype("int64")
    position = {value: place for place, value in enumerate(order)}
    result["_place"] = [position.get(value, len(order)) for value in result[by]]
    result = result.sort_values(["count", "_place"], ascending=[False, True], kind="stable")
    return result.drop(columns="_place").reset_index(drop=True)
