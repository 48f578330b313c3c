"""Follow-ups: plans whose day has passed, and what becomes of them (pure).

A plan mustn't stay "going to" for ever. Once its day is over somebody says whether
it happened, was moved, or was dropped; the functions here say which fields of the
memory change then. Sentences are turned by rules, as far as rules can; where they
can't, the sentence stays and only says that it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, tzinfo
from typing import Any

from memory.chat.follow_ups import en, zh
from memory.chat.greeting import heard_since
from memory.nlp.dates import absolute, resolve, span
from memory.nlp.language import detect
from memory.types import Kind, Memory, Status, Subject

PLAN = "plan"
EVENT = "event"


def passed(memories: Iterable[Memory], today: date, zone: tzinfo = UTC) -> list[Memory]:
    """The user's plans whose last day is over, the latest first.

    Left out are those of which another memory tells already how they went.

    Args:
        memories: Plans, and whatever else is dated around them.
        today: The day in the user's time zone.
        zone: That time zone: on which day something was told.
    """
    every = list(memories)
    waiting = [m for m in every if is_waiting(m, today, zone) and not heard_since(m, every, zone)]
    return sorted(waiting, key=lambda m: (m.event_date or "", m.id), reverse=True)


def is_waiting(memory: Memory, today: date, zone: tzinfo = UTC) -> bool:
    """Whether ``memory`` is a plan of the user of which the day has passed; as :func:`passed`."""
    if (
        memory.status is not Status.ACTIVE
        # "Did it happen?" is no question about a danger.
        or memory.safety is not None
        or memory.subject is not Subject.USER
        or memory.kind is not Kind.TEMPORAL
        or memory.event_date is None
    ):
        return False
    try:
        start, end = span(memory.event_date)
    except ValueError:
        # Another client may have written anything as a date.
        return False
    if end >= today:
        return False
    if memory.category == PLAN:
        return True
    told = memory.created_at.astimezone(zone).date()
    return told < start and bool(_words(memory).FUTURE.search(memory.text))


def happened(memory: Memory) -> dict[str, Any]:
    """The fields of a plan that came true: an event, told as something past."""
    text = memory.text.strip()
    ending = re.search(r"(?<![。.！!])[。.！!]*$", text)
    bare = text[: ending.start()] if ending else text
    return {
        "text": _words(memory).told_as_past(bare) + (ending[0] if ending else ""),
        "category": EVENT if memory.category == PLAN else memory.category,
    }


def moved(memory: Memory, day: date, zone: tzinfo = UTC) -> dict[str, Any]:
    """The fields of a plan that was put off to ``day``; its sentence says so, too.

    ``zone`` is the user's: the sentence names days as of the day on which it was said.
    """
    fields: dict[str, Any] = {"event_date": day.isoformat()}
    language = detect(memory.text, memory.language)
    said_on = memory.created_at.astimezone(zone).date()
    for mention in resolve(memory.text, said_on, language):
        if memory.event_date not in {
            mention.date_str,
            mention.towards(True).date_str,
            mention.towards(False).date_str,
        }:
            continue
        # The year is left out only where the sentence left it out and it is still clear.
        reader = day if day.year == said_on.year else date(day.year - 1, 1, 1)
        new = absolute(
            replace(mention, start=day, end=day, date_str=day.isoformat(), grain="day"),
            reader,
            language,
        )
        before, after = memory.text[: mention.begin], memory.text[mention.stop :]
        fields["text"] = _words(memory).dated(before, new, after)
        break
    return fields


def dropped() -> dict[str, Any]:
    """The fields of a plan that came to nothing: kept, and no longer recalled."""
    return {"status": Status.CLOSED}


def _words(memory: Memory) -> Any:
    return zh if detect(memory.text, memory.language) == "zh" else en


__all__ = ["dropped", "happened", "is_waiting", "moved", "passed"]
