"""Query of the memories page as a value, and how it is written in the URL.

``?category=health&event_from=2026-03-01`` is what a bar of a chart links to, what a
reload restores and what can be sent to a colleague. Nothing in here draws.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from memory.types import (
    OPINIONS,
    AllOf,
    Condition,
    FieldComparison,
    Kind,
    MemoryFilter,
    Status,
    Subject,
)

DEFAULT_SORT = "-created_at"
SORTS: tuple[str, ...] = (
    *("-created_at", "created_at", "-event_date", "event_date"),
    *("-importance", "-updated_at"),
)
"""What the list of orders offers; a column's head has these and the others."""
MORE_SORTS = frozenset(
    f"{sign}{name}"
    for name in ("importance", "text", "category", "subject", "kind", "pinned")
    for sign in ("", "-")
)
# What programs call their memories by: an app, a run.
_NAME_LENGTH = 200
# What the calendars of the filters reach from and to.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)

_LISTS = {
    "subject": tuple(s.value for s in Subject),
    "kind": tuple(k.value for k in Kind),
    "status": tuple(s.value for s in Status),
    "feedback": OPINIONS,
}


@dataclass(frozen=True, slots=True)
class Query:
    """Filters, free text and order; the defaults show everything in force, newest first.

    No value chosen in a list means no limit, but for ``status``: there it means
    what is in force. ``within`` leaves out memories of which only a month or a year
    is known when the event days asked for don't cover all of it. ``app``, ``run`` and
    ``metadata`` are what programs put into mem0's fields; the last reads ``topic=food``, or
    ``topic`` for any value at all.
    """

    text: str = ""
    subject: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    event_from: date | None = None
    event_to: date | None = None
    within: bool = False
    stored_from: date | None = None
    stored_to: date | None = None
    importance: int = 1
    pinned: bool | None = None
    safety: bool | None = None
    feedback: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    run: str = ""
    metadata: str = ""
    sort: str = DEFAULT_SORT

    @property
    def limits(self) -> bool:
        """Whether anything but the order differs from the defaults."""
        return any(
            getattr(self, field.name) != field.default
            for field in fields(self)
            if field.name != "sort"
        )


def read(params: Mapping[str, Iterable[str]]) -> Query:
    """The query an address asks for; what can't be understood counts as not said."""
    values: dict[str, Any] = {}
    for name, allowed in _LISTS.items():
        chosen = tuple(value for value in params.get(name, ()) if value in allowed)
        if chosen:
            values[name] = chosen
    for name in ("category", "app"):
        if given := tuple(value for value in params.get(name, ()) if value):
            values[name] = given
    for name in ("run", "metadata"):
        if text := _first(params, name).strip()[:_NAME_LENGTH]:
            values[name] = text
    for name in ("event_from", "event_to", "stored_from", "stored_to"):
        if (day := _day(_first(params, name))) is not None:
            values[name] = day
    values["within"] = _first(params, "within") == "yes"
    if (level := _first(params, "importance")) in {"2", "3", "4", "5"}:
        values["importance"] = int(level)
    if (pinned := _first(params, "pinned")) in {"yes", "no"}:
        values["pinned"] = pinned == "yes"
    if (safety := _first(params, "safety")) in {"yes", "no"}:
        values["safety"] = safety == "yes"
    if (sort := _first(params, "sort")) in {*SORTS, *MORE_SORTS}:
        values["sort"] = sort
    return Query(**values)


def write(query: Query) -> dict[str, list[str]]:
    """The address of a query; defaults are left out, so the plain page has none."""
    params: dict[str, list[str]] = {}
    for field in fields(query):
        value = getattr(query, field.name)
        if value == field.default or field.name not in PARAMS:
            continue
        if isinstance(value, tuple):
            params[field.name] = list(value)
        elif isinstance(value, bool):
            params[field.name] = ["yes" if value else "no"]
        else:
            params[field.name] = [str(value)]
    return params


def memory_filter(query: Query, zone: ZoneInfo) -> MemoryFilter:
    """What the store is asked for. Stored days are days in ``zone``, both ends included."""
    statuses = query.status or (Status.ACTIVE,)
    return MemoryFilter(
        subjects=frozenset(Subject(value) for value in query.subject),
        kinds=frozenset(Kind(value) for value in query.kind),
        categories=frozenset(query.category),
        statuses=frozenset(Status(value) for value in statuses),
        event_from=query.event_from,
        event_to=query.event_to,
        created_from=_midnight(query.stored_from, zone),
        created_to=_last_moment(query.stored_to, zone),
        importance_min=query.importance if query.importance > 1 else None,
        pinned=query.pinned,
        safety=query.safety,
        where=_of_programs(query),
    )


def _of_programs(query: Query) -> Condition | None:
    """The condition on what programs wrote; ``None`` without any."""
    parts: list[Condition] = []
    if query.app:
        parts.append(FieldComparison(("app_id",), "in", query.app))
    if query.run:
        parts.append(FieldComparison(("run_id",), "eq", query.run))
    if query.metadata:
        key, equals, value = (part.strip() for part in query.metadata.partition("="))
        path = ("metadata", *key.split("."))
        if not equals:
            parts.append(FieldComparison(path, "exists"))
        else:
            parts.append(FieldComparison(path, "in", _meanings(value)))
    return AllOf(tuple(parts)) if parts else None


def _meanings(text: str) -> tuple[Any, ...]:
    """A value as it was typed, and the number or truth that it may stand for."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return (text,)
    return (text, read) if isinstance(read, int | float | bool) else (text,)


# The words of a search stay out of the address: addresses end up in histories and logs.
PARAMS: tuple[str, ...] = tuple(field.name for field in fields(Query) if field.name != "text")


def _first(params: Mapping[str, Iterable[str]], name: str) -> str:
    return next(iter(params.get(name, ())), "")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=zone)


def _last_moment(day: date | None, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone) - timedelta(
        microseconds=1
    )
