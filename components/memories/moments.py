"""Timestamps on the screen."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from components.text import t, word


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A point in time, in the user's zone, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def group_name(day: date, today: date) -> str:
    """Under which heading a list keeps what was used last on a day."""
    ago = (today - day).days
    if ago <= 1:
        return day_name(day, today)
    return t("days.week") if ago < 7 else t("days.month") if ago < 31 else t("days.older")


def day_name(day: date, today: date) -> str:
    """A day as one says it: today, yesterday, else with its weekday and, if need be, year."""
    if (today - day).days in (0, 1):
        return t("days.today" if day == today else "days.yesterday")
    key = "days.this_year" if day.year == today.year else "days.other_year"
    return t(
        key,
        year=day.year,
        month_name=word("month_short", str(day.month)),
        day=day.day,
        weekday=word("weekday", str(day.isoweekday())),
    )
