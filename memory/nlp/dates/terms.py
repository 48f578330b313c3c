"""Date terms for search: the same ones however, and in whichever language, a date is written.

``#5-6`` is a day of any year, ``#m5`` a month, ``#y2024`` a year; ``#2024-5`` and
``#2024-5-6`` are one month and one day. Dates that depend on today ("last weekend")
come in as a span of days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from memory.nlp.dates.names import MONTH_NUMBERS

MAX_SPAN_DAYS = 14
"""Longest time span that is looked up day by day; longer ones by month or year."""

_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_IN_DIGITS = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号號]?)?"),
)
_WITH_NAMES = (
    re.compile(rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}}))?"),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b(?:,? (?P<y>\d{{4}}))?"
    ),
    re.compile(rf"\b(?P<m>{_MONTH}),? (?P<y>\d{{4}})\b(?P<d>)"),
    re.compile(
        # "may" and "march" are words of their own.
        r"\b(?P<m>january|february|april|june|july|august|september|october|november"
        r"|december)\b(?P<y>)(?P<d>)"
    ),
)
_DIGIT = re.compile(r"\d")
_NAME = re.compile(_MONTH)


def take_dates(text: str) -> tuple[list[str], str]:
    """The terms of the dates that a lower-case text names, and the text without them."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        month = match["m"]
        number = int(month) if month.isdigit() else MONTH_NUMBERS[month]
        found.extend(_date_terms(match["y"], number, int(match["d"] or 0)))
        return " "

    # Most texts name no date: two quick looks instead of six slow ones.
    if _DIGIT.search(text):
        for pattern in _IN_DIGITS:
            text = pattern.sub(take, text)
    if _NAME.search(text):
        for pattern in _WITH_NAMES:
            text = pattern.sub(take, text)
    return found, text


def _date_terms(year: str | None, month: int, day: int) -> Iterator[str]:
    """Canonical date terms: ``#5-6`` for a day, ``#m5`` a month, ``#y2024`` a year."""
    if day:
        yield f"#{month}-{day}"
    yield f"#m{month}"
    if year:
        yield f"#y{year}"


def event_terms(event_date: str | None) -> Iterator[str]:
    """Terms of a memory's event date, from the day to the year."""
    if not event_date:
        return
    year, _, rest = event_date.partition("-")
    month, _, day = rest.partition("-")
    if month:
        yield from _date_terms(year, int(month), int(day or 0))
        yield f"#{year}-{int(month)}"
        if day:
            yield f"#{year}-{int(month)}-{int(day)}"
    else:
        yield f"#y{year}"


def span_terms(first: date, last: date) -> Iterator[str]:
    """Terms of the days, months or years of a time span, whichever are fewest."""
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if days <= MAX_SPAN_DAYS:
        for offset in range(days):
            day = first + timedelta(days=offset)
            yield f"#{day.year}-{day.month}-{day.day}"
    elif months <= 12:
        for number in range(first.month - 1, first.month - 1 + months):
            yield f"#{first.year + number // 12}-{number % 12 + 1}"
    else:
        for year in range(first.year, min(last.year, first.year + 10) + 1):
            yield f"#y{year}"
