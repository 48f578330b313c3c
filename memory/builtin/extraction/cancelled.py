"""Plan resolution: which remembered plan a cancellation means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from memory.builtin.extraction.draft import Cancelled
from memory.nlp.dates import span
from memory.types import Kind, Memory, Status

_LATIN_WORD = re.compile(r"[a-z]{3,}")
_LITTLE = frozenset(
    {"the", "and", "for", "with", "trip", "going", "our", "this", "that", "plan", "plans"}
)


def match_known(finding: Cancelled, known: Sequence[Memory], today: date) -> int | None:
    """Number (from 1) of the known plan that ``finding`` calls off; None if unclear.

    What lies before ``today`` can't be called off any more.
    """
    fits = [
        number
        for number, memory in enumerate(known, 1)
        if memory.status is Status.ACTIVE
        and (memory.kind is Kind.TEMPORAL or memory.category == "plan")
        and still_ahead(memory.event_date, today)
        and matches_text(finding, memory.text, memory.event_date)
    ]
    if len(fits) > 1:
        # The next one is what people talk about.
        fits = sorted(fits, key=lambda number: known[number - 1].event_date or "9999")
    return fits[0] if fits else None


def still_ahead(event_date: str | None, today: date) -> bool:
    """Whether an event of that date is today, later, or undated."""
    try:
        return event_date is None or span(event_date)[1] >= today
    except ValueError:
        # A date that an import or another client wrote in a form of its own.
        return True


def matches_text(finding: Cancelled, text: str, event_date: str | None) -> bool:
    """Whether ``text`` is about what was called off, on its day if one was named."""
    if (
        finding.day
        and event_date
        and len(event_date) == len(finding.day)
        and event_date != finding.day
    ):
        return False
    about = finding.about.lower()
    text = text.lower()
    if about in text:
        return True
    words = set(_LATIN_WORD.findall(about)) - _LITTLE
    if words:
        return words <= set(_LATIN_WORD.findall(text))
    return len(about) >= 4 and about[-2:] in text
