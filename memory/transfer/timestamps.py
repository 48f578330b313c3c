"""Timestamp parser: times as other programs write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from memory.nlp.dates.names import MONTH_NUMBERS, SHORT_WEEKDAYS

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
# Seconds since 1970 stay below this for three thousand years; above, it is milliseconds.
_MILLISECONDS_FROM = 1e11

# Of a text whose spaces are single.
_DAY = r"(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2}) ?日?"
_WEEKDAY = (
    r"(?:[(（]?(?:周|星期|礼拜)[一二三四五六日天][)）]?"
    rf"|\(?(?:{'|'.join(SHORT_WEEKDAYS['en'])})[a-z]*\)?)"
)
_CLOCK = (
    r"(?P<half_zh>上午|下午|凌晨|早上|中午|晚上)? ?(?P<hour>\d{1,2}) ?[:：时点h] ?"
    r"(?P<minute>\d{1,2}) ?(?:[:：分m] ?(?P<second>\d{1,2}) ?s?"
    r"(?:[.,]\d+| ?\d+ms)?)? ?(?:[分秒])? ?(?P<half>[ap]\.?m\.?)?"
)
_MONTH_NAME = r"(?P<month_name>[a-z]{3,9})\.?"
_PATTERNS = tuple(
    re.compile(rf"{day}(?: ?,? ?{_WEEKDAY})?(?: ?[,，T@|]? ?{_CLOCK})?", re.IGNORECASE)
    for day in (
        _DAY,
        rf"(?:{_WEEKDAY},? ?)?{_MONTH_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        rf"(?:{_WEEKDAY},? ?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_NAME},? (?P<year>\d{{4}})",
    )
)
_CLOCK_ONLY = re.compile(_CLOCK, re.IGNORECASE)
_AFTERNOON = frozenset({"下午", "晚上", "中午"})


def moment(value: Any) -> datetime | None:
    """A time from a number (seconds or milliseconds since 1970) or a text.

    Returns:
        Aware where the value says its zone (numbers do), naive where it doesn't,
        ``None`` if it is no time between 1990 and 2100.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _of_number(value)
    if not isinstance(value, str):
        return None
    text = _single_spaced(value)
    if not 0 < len(text) <= 60:
        return None
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return _of_number(float(text))
    try:
        return _plausible(datetime.fromisoformat(text))
    except ValueError:
        return _of_words(text)


def clock_time(text: str, day: date) -> datetime | None:
    """A time of day (``14:20``, ``2:20 pm``, ``下午2:20``) on ``day``, naive."""
    match = _CLOCK_ONLY.fullmatch(_single_spaced(text))
    return _with_clock(datetime(day.year, day.month, day.day), match) if match else None


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _of_number(value: float) -> datetime | None:
    try:
        seconds = value / 1000 if abs(value) > _MILLISECONDS_FROM else value
        return _plausible(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    except (OverflowError, ValueError):
        return None


def _of_words(text: str) -> datetime | None:
    for pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = parts.get("month") or MONTH_NUMBERS.get((parts.get("month_name") or "").lower())
        if month is None:
            return None
        try:
            day = datetime(int(parts["year"]), int(month), int(parts["day"]))
        except ValueError:
            return None
        timed = _with_clock(day, match) if parts["hour"] is not None else day
        return _plausible(timed) if timed else None
    return None


def _with_clock(day: datetime, match: re.Match[str]) -> datetime | None:
    hour = int(match["hour"])
    half = (match["half"] or "").lower().replace(".", "")
    if half == "pm" or match["half_zh"] in _AFTERNOON:
        hour += 12 if hour < 12 and not (match["half_zh"] == "中午" and hour > 10) else 0
    elif half == "am" and hour == 12:
        hour = 0
    try:
        return day.replace(hour=hour, minute=int(match["minute"]), second=int(match["second"] or 0))
    except ValueError:
        return None


def _plausible(value: datetime) -> datetime | None:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return value if _EARLIEST <= aware < _LATEST else None
    except OverflowError:
        return None
