"""Holidays: days that people name instead of counting.

Lunar days come from a table (the calendar published by the Purple Mountain
Observatory, as printed in every Chinese almanac); beyond it they are unknown,
which is better than wrong.
"""

from __future__ import annotations

from datetime import date, timedelta

from memory.nlp.dates.mention import DateReading, day, days

# Year: Spring Festival, Dragon Boat, Qixi, Mid-Autumn, Double Ninth, as MMDD.
_LUNAR = """
2015 0219 0620 0820 0927 1021|2016 0208 0609 0809 0915 1009|2017 0128 0530 0828 1004 1028
2018 0216 0618 0817 0924 1017|2019 0205 0607 0807 0913 1007|2020 0125 0625 0825 1001 1025
2021 0212 0614 0814 0921 1014|2022 0201 0603 0804 0910 1004|2023 0122 0622 0822 0929 1023
2024 0210 0610 0810 0917 1011|2025 0129 0531 0829 1006 1029|2026 0217 0619 0819 0925 1018
2027 0206 0609 0808 0915 1008|2028 0126 0528 0826 1003 1026|2029 0213 0616 0816 0922 1016
2030 0203 0605 0805 0912 1005|2031 0123 0624 0824 1001 1024|2032 0211 0612 0812 0919 1012
2033 0131 0601 0801 0908 1001|2034 0219 0620 0820 0927 1020|2035 0208 0610 0810 0916 1009
2036 0128 0530 0828 1004 1027|2037 0215 0618 0817 0924 1017|2038 0204 0607 0807 0913 1007
2039 0124 0527 0826 1002 1026|2040 0212 0614 0814 0920 1014
"""
_LUNAR_NAMES = ("spring_festival", "dragon_boat", "qixi", "mid_autumn", "double_ninth")
_TABLE: dict[tuple[int, str], date] = {
    (int(row[:4]), name): date(int(row[:4]), int(mmdd[:2]), int(mmdd[2:]))
    for row in _LUNAR.replace("\n", "|").split("|")
    if row.strip()
    for name, mmdd in zip(_LUNAR_NAMES, row.split()[1:], strict=True)
}

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
    """The holiday ``name`` in ``year``; None where the table ends."""
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
    if name == "qingming":
        return day(_qingming(year)) if 2000 <= year <= 2099 else None
    if name in ("spring_eve", "lantern"):
        feast = _TABLE.get((year, "spring_festival"))
        shift = -1 if name == "spring_eve" else 14
        return day(feast + timedelta(days=shift)) if feast else None
    if name.startswith("first_month_"):
        feast = _TABLE.get((year, "spring_festival"))
        shift = int(name.removeprefix("first_month_")) - 1
        return day(feast + timedelta(days=shift)) if feast else None
    feast = _TABLE.get((year, name))
    if feast is None:
        return None
    return days(feast, 7, "day") if name == "spring_festival" else day(feast)


def _qingming(year: int) -> date:
    # Solar term of the 21st century: D = floor(0.2422 Y + 4.81) - floor(Y / 4).
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


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
