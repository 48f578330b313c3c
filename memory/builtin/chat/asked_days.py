"""Days that a question asks about, and whether a memory's date touches them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from memory.builtin.chat.reading import MessageReading
from memory.nlp.dates import query_range, span

_NOWADAYS = re.compile(
    r"现在|最近|如今|这阵子|\b(?:these days|nowadays|lately|now)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"了|过|上(?:周|个|次)|昨|前天|\b(?:did|was|were|went|had|last|ago|yesterday)\b", re.IGNORECASE
)


def named_days(reading: MessageReading) -> tuple[date, date] | None:
    """The days that a question names; "lately" and "these days" name none."""
    if _NOWADAYS.search(reading.text):
        return None
    return query_range(reading.text, reading.today, reading.language)


def days_asked(reading: MessageReading) -> tuple[date, date] | None:
    """The days asked about; "the weekend" may be the coming one unless it is said to be past."""
    days = named_days(reading)
    if days and days[1] < reading.today and not _PAST.search(reading.text):
        ahead = timedelta(days=7 * ((reading.today - days[1]).days // 7 + 1))
        return days[0], max(days[1], days[1] + ahead) if (days[1] - days[0]).days < 7 else days[1]
    return days


def on_days(event_date: str, days: tuple[date, date]) -> bool:
    """Whether a memory's date touches the days asked about."""
    try:
        start, end = span(event_date)
    except ValueError:
        return False
    return start <= days[1] and end >= days[0]
