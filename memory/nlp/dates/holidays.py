"""Holidays: days that people name instead of counting.

Those of the lunar calendar are computed (:mod:`memory.nlp.dates.lunar`).
"""

from __future__ import annotations

from datetime import date, timedelta

from memory.nlp.dates.lunar import TERMS, festival, solar_term
from memory.nlp.dates.mention import DateReading, day, days

# Name: (month, day, length in days).
_FIXED: dict[str, tuple[int, int, int]] = {
    "new_year": (1, 1, 1),
    "valentine": (2, 14, 1),
    "womens_day": (3, 8, 1),
    "labour_day": (5, 1, 5),
    "childrens_day": (6, 1, 1),
    "independence_day": (7, 4, 1),
    "teachers_day": (9, 10, 1),
    "national_day": (10, 1, 7),
    "halloween": (10, 31, 1),
    "singles_day": (11, 11, 1),
    "christmas_eve": (12, 24, 1),
    "christmas": (12, 25, 1),
    "boxing_day": (12, 26, 1),
    "new_years_eve": (12, 31, 1),
}

# Name: (month, weekday with Monday 0, which one).
_NTH_WEEKDAY: dict[str, tuple[int, int, int]] = {
    "mothers_day": (5, 6, 2),
    "fathers_day": (6, 6, 3),
    "us_labor_day": (9, 0, 1),
    "thanksgiving": (11, 3, 4),
}


def holiday(name: str, year: int) -> DateReading | None:
    """The holiday ``name`` of ``year``; a lunar one of the lunar year that began in it."""
    if name in _FIXED:
        month, first, length = _FIXED[name]
        start = date(year, month, first)
        return day(start) if length == 1 else days(start, length, "day")
    if name in _NTH_WEEKDAY:
        month, weekday, nth = _NTH_WEEKDAY[name]
        first_day = date(year, month, 1)
        shift = (weekday - first_day.weekday()) % 7 + 7 * (nth - 1)
        return day(first_day + timedelta(days=shift))
    if name == "easter":
        return day(_easter(year))
    if name in TERMS:
        return day(solar_term(name, year))
    if name == "qingming":
        return day(solar_term("清明", year))
    if name.startswith("first_month_"):
        feast = festival("spring_festival", year)
        shift = int(name.removeprefix("first_month_")) - 1
        return day(feast + timedelta(days=shift)) if feast else None
    feast = festival(name, year)
    if feast is None:
        return None
    return days(feast, 7, "day") if name == "spring_festival" else day(feast)


def _easter(year: int) -> date:
    # Western Easter, the anonymous Gregorian algorithm (Meeus, Jones, Butcher).
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)
