"""Date mention: what a date expression stands for, and spans of days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Grain = Literal["day", "weekend", "week", "month", "season", "year"]

_FORM = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class DateReading:
    """One thing a date expression can mean: ``start`` to ``end``, both inclusive.

    ``date_str`` is the form memories carry (``YYYY``, ``YYYY-MM`` or
    ``YYYY-MM-DD``); a week or weekend is filed under its first day, a season
    under its year. ``season`` is spring, summer, autumn or winter.
    """

    start: date
    end: date
    date_str: str
    grain: Grain
    season: str | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression found in a text, resolved against the day it was said.

    ``past`` is True before that day, False after it, None when it covers it or
    when only the sentence can tell ("周五", "April 2"); then ``earlier`` and
    ``later`` hold both readings and the mention itself the nearer one.
    ``begin``/``stop`` are offsets in the text; ``part`` is the part of the day
    that was named with it ("晚上", "evening").
    """

    start: date
    end: date
    date_str: str
    past: bool | None
    text: str
    begin: int
    stop: int
    grain: Grain = "day"
    season: str | None = None
    part: str = ""
    earlier: DateReading | None = None
    later: DateReading | None = None

    def towards(self, future: bool) -> DateMention:
        """The mention read as a plan (``future``) or as something that happened."""
        reading = self.later if future else self.earlier
        if reading is None:
            return self
        return replace(
            self,
            start=reading.start,
            end=reading.end,
            date_str=reading.date_str,
            grain=reading.grain,
            season=reading.season,
            past=not future,
        )


def span(event_date: str) -> tuple[date, date]:
    """First and last day covered by ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``.

    Raises:
        ValueError: another form, or no such day.
    """
    match = _FORM.fullmatch(event_date.strip())
    if not match:
        raise ValueError(f"not a date: {event_date!r}")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # the form demands it
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), month_end(year, month)
    return date(year, month, day), date(year, month, day)


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    if not 1 <= month <= 12:
        raise ValueError(f"no such month: {month}")
    return date(year, month, calendar.monthrange(year, month)[1])


def day(value: date) -> DateReading:
    """A single day."""
    return DateReading(value, value, value.isoformat(), "day")


def day_to(year: int, month: int, first: int, last: int) -> DateReading:
    """A day, or the days up to ``last`` of the same month if that is later."""
    start = date(year, month, first)
    return days(start, last - first + 1, "day") if last > first else day(start)


@lru_cache(maxsize=512)
def maybe_day(year: int, month: int, first: int, last: int = 0) -> DateReading | None:
    """As :func:`day_to`; None where there is no such day."""
    try:
        return day_to(year, month, first, last)
    except ValueError:
        return None


def days(start: date, length: int, grain: Grain) -> DateReading:
    """``length`` days from ``start`` on, filed under the first."""
    return DateReading(start, start + timedelta(days=length - 1), start.isoformat(), grain)


def week(of: date, shift: int = 0) -> DateReading:
    """The week (Monday first) ``shift`` weeks away from the one with ``of``."""
    return days(monday(of) + timedelta(weeks=shift), 7, "week")


def weekend(of: date, shift: int = 0) -> DateReading:
    """Saturday and Sunday of the week ``shift`` weeks away."""
    return days(monday(of) + timedelta(weeks=shift, days=5), 2, "weekend")


@lru_cache(maxsize=512)
def month(year: int, number: int) -> DateReading:
    """A month; ``number`` may run over (0 is the December before)."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    first = date(year, number, 1)
    return DateReading(first, month_end(year, number), f"{year:04d}-{number:02d}", "month")


def year(number: int) -> DateReading:
    """A whole year."""
    return DateReading(date(number, 1, 1), date(number, 12, 31), f"{number:04d}", "year")


_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}


def season(number: int, name: str) -> DateReading:
    """A season by calendar months; winter runs from December into February."""
    first = _SEASON_STARTS[name]
    last = month(number, first + 2)
    return DateReading(date(number, first, 1), last.end, f"{number:04d}", "season", name)


def monday(of: date) -> date:
    """Monday of the week that ``of`` is in."""
    return of - timedelta(days=of.weekday())
