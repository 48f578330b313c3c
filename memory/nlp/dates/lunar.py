"""Lunar calendar: days, festivals and solar terms of the Chinese year as Gregorian dates.

``lunar_python`` computes them; it is imported with the first date that needs it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from memory.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    lunar_python: Any
else:
    lunar_python = LazyModule("lunar_python")

FESTIVALS = {
    "spring_festival": (1, 1),
    "lantern": (1, 15),
    "dragon_boat": (5, 5),
    "qixi": (7, 7),
    "ghost": (7, 15),
    "mid_autumn": (8, 15),
    "double_ninth": (9, 9),
    "laba": (12, 8),
    "little_new_year": (12, 23),
}
"""Festivals by lunar month and day."""

TERMS = (
    *("立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑"),
    *("大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
    *("小寒", "大寒"),
)
"""The solar terms, the first after the Spring Festival or thereabouts first."""


@cache
def lunar_day(year: int, month: int, of_month: int) -> date | None:
    """The day of a lunar date; ``None`` where that month has no such day.

    Args:
        year: The solar year in which the lunar year began.
        month: 1 to 12; a leap month is the second of its number and isn't meant.
        of_month: 1 to 30.

    Example:
        >>> lunar_day(2026, 8, 15)
        datetime.date(2026, 9, 25)
    """
    try:
        found = lunar_python.Lunar.fromYmd(year, month, of_month).getSolar()
    except Exception:  # noqa: BLE001 - the library raises nothing more exact
        return None
    return date(found.getYear(), found.getMonth(), found.getDay())


def festival(name: str, year: int) -> date | None:
    """The day of a festival in the lunar year that began in ``year``."""
    if name == "spring_eve":
        first = lunar_day(year, 1, 1)
        return first - timedelta(days=1) if first else None
    month, of_month = FESTIVALS[name]
    return lunar_day(year, month, of_month)


@cache
def solar_term(name: str, year: int) -> date:
    """The day of a solar term in a year of the sun: ``冬至`` 2025 is December 21."""
    table = lunar_python.Lunar.fromYmd(year, 6, 1).getJieQiTable()
    found = table[name]
    if found.getYear() < year:
        # The table begins with the winter before.
        found = table[{"冬至": "DONG_ZHI", "小寒": "XIAO_HAN", "大寒": "DA_HAN"}[name]]
    return date(found.getYear(), found.getMonth(), found.getDay())
