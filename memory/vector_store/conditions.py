"""Conditions on memories: as Qdrant filters where the engine can say them, else in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from qdrant_client import models

from memory.types import AllOf, AnyOf, Condition, FieldComparison, Memory, NoneOf
from memory.vector_store.payload import term_of
from memory.vector_store.points import point_id

# Fields as the payload names them, all under a keyword index.
_KEYWORDS = {
    "user_id": "user_id",
    "agent_id": "agent_id",
    "app_id": "app_id",
    "run_id": "run_id",
    "category": "category",
    "subject": "subject",
    "kind": "kind",
    "status": "status",
}
_TIMES = ("created_at", "updated_at", "expiration_date")
_READ: Mapping[str, Callable[[Memory], Any]] = {
    "id": lambda memory: memory.id,
    "user_id": lambda memory: memory.owner.user_id,
    "agent_id": lambda memory: memory.owner.persona_id,
    "app_id": lambda memory: memory.app_id,
    "run_id": lambda memory: memory.scope_run,
    "category": lambda memory: memory.category,
    "subject": lambda memory: memory.subject.value,
    "kind": lambda memory: memory.kind.value,
    "status": lambda memory: memory.status.value,
    "text": lambda memory: memory.text,
    "language": lambda memory: memory.language,
    "importance": lambda memory: memory.importance,
    "pinned": lambda memory: memory.pinned,
    "immutable": lambda memory: memory.immutable,
    "event_date": lambda memory: memory.event_date,
    "expiration_date": lambda memory: memory.expiration_date,
    "created_at": lambda memory: memory.created_at,
    "updated_at": lambda memory: memory.updated_at,
}
FIELDS = frozenset({*_READ, "metadata"})
"""What a condition may name."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_Parts: TypeAlias = tuple[models.Condition | None, Condition | None]


def split(condition: Condition) -> _Parts:
    """A condition as a filter of the engine and what is left to ask in Python.

    Both together are the condition; either may be ``None``.
    """
    if isinstance(condition, AllOf):
        told: list[models.Condition] = []
        left: list[Condition] = []
        for part in condition.parts:
            filter, rest = split(part)
            told += [filter] if filter is not None else []
            left += [rest] if rest is not None else []
        return (
            models.Filter(must=told) if told else None,
            AllOf(tuple(left)) if left else None,
        )
    whole = _whole(condition)
    return (None, condition) if whole is None else (whole, None)


def meets(memory: Memory, condition: Condition) -> bool:
    """Whether a memory meets a condition: the meaning that filters must have, too."""
    match condition:
        case AllOf(parts):
            return all(meets(memory, part) for part in parts)
        case AnyOf(parts):
            return any(meets(memory, part) for part in parts)
        case NoneOf(parts):
            return not any(meets(memory, part) for part in parts)
    if condition.operator == "ne":
        return not _any(memory, FieldComparison(condition.path, "eq", condition.value))
    return _any(memory, condition)


def _whole(condition: Condition) -> models.Condition | None:
    """The condition as a filter, all of it, or ``None`` where the engine can't say it."""
    if isinstance(condition, FieldComparison):
        return _comparison(condition)
    parts = [_whole(part) for part in condition.parts]
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    match condition:
        case AllOf():
            return models.Filter(must=told)
        case AnyOf():
            # Without any part nothing meets it, but an empty filter lets everything through.
            return models.Filter(should=told) if told else _nothing()
        case NoneOf():
            return models.Filter(must_not=told)


def _nothing() -> models.Condition:
    return models.HasIdCondition(has_id=[])


def _comparison(test: FieldComparison) -> models.Condition | None:
    name, value = test.path[0], test.value
    if test.operator == "ne":
        same = _comparison(FieldComparison(test.path, "eq", value))
        return None if same is None else models.Filter(must_not=[same])
    if name == "metadata" and len(test.path) > 1:
        return _metadata(test)
    if name == "id" and test.operator in ("eq", "in"):
        wanted = value if test.operator == "in" else (value,)
        points = [key for each in wanted if (key := point_id(str(each))) is not None]
        return models.HasIdCondition(has_id=list(points))
    if name in _KEYWORDS:
        return _keyword(_KEYWORDS[name], test)
    if name in _TIMES and test.operator in ("gt", "gte", "lt", "lte"):
        moment = _moment(value)
        if moment is None:
            return _nothing()
        limits = models.DatetimeRange(**{test.operator: moment})
        return models.FieldCondition(key=name, range=limits)
    return None


def _keyword(key: str, test: FieldComparison) -> models.Condition | None:
    if test.operator == "exists":
        return _there(key)
    if test.operator == "eq" and test.value is None:
        return models.Filter(must_not=[_there(key)])
    if test.operator not in ("eq", "in"):
        return None
    values = test.value if test.operator == "in" else (test.value,)
    wanted = [value for value in values if isinstance(value, str)]
    if len(wanted) < len(values):
        return None
    if not wanted:
        return _nothing()
    return models.FieldCondition(key=key, match=models.MatchAny(any=wanted))


def _metadata(test: FieldComparison) -> models.Condition | None:
    path, value = test.path[1:], test.value
    if test.operator in ("eq", "in"):
        values = value if test.operator == "in" else (value,)
        terms = [term_of(path, each) for each in values]
        wanted = [term for term in terms if term is not None]
        if len(wanted) < len(terms):
            return None
        if not wanted:
            return _nothing()
        return models.FieldCondition(key="metadata_terms", match=models.MatchAny(any=wanted))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    plain = all(_PLAIN_KEY.fullmatch(key) for key in path)
    if test.operator in ("gt", "gte", "lt", "lte") and number and plain:
        return models.FieldCondition(
            key=".".join(("metadata", *path)), range=models.Range(**{test.operator: value})
        )
    return None


def _there(key: str) -> models.Condition:
    empty = models.IsEmptyCondition(is_empty=models.PayloadField(key=key))
    return models.Filter(must_not=[empty])


def _any(memory: Memory, test: FieldComparison) -> bool:
    """Whether any value of the field compares as asked."""
    found = _value(memory, test.path)
    if test.operator == "exists":
        return found not in (None, "", [], {})
    if test.operator == "eq" and test.value is None:
        return found in (None, "", [], {})
    values: Iterable[Any] = found if isinstance(found, list | tuple) else (found,)
    return any(_compares(value, test, inside=values is found) for value in values)


def _value(memory: Memory, path: tuple[str, ...]) -> Any:
    if path[0] != "metadata":
        return _READ[path[0]](memory)
    value: Any = memory.metadata
    for key in path[1:]:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _compares(found: Any, test: FieldComparison, *, inside: bool) -> bool:
    match test.operator:
        case "eq":
            return _same(found, test.value)
        case "in":
            return any(_same(found, value) for value in test.value)
        case "contains" | "icontains":
            if not isinstance(found, str) or not isinstance(test.value, str):
                return _same(found, test.value)
            if test.operator == "icontains":
                found, part = found.casefold(), test.value.casefold()
            else:
                part = test.value
            # A list contains its items, a text its parts.
            return bool(found == part if inside else part in found)
    return _ordered(found, test.operator, test.value)


def _same(found: Any, value: Any) -> bool:
    if isinstance(found, datetime):
        return found == _moment(value)
    # In Python a truth is a number.
    return isinstance(found, bool) == isinstance(value, bool) and bool(found == value)


def _ordered(found: Any, operator: str, value: Any) -> bool:
    left, right = _comparable(found, value)
    if left is None or right is None:
        return False
    try:
        match operator:
            case "gt":
                return bool(left > right)
            case "gte":
                return bool(left >= right)
            case "lt":
                return bool(left < right)
        return bool(left <= right)
    except TypeError:
        return False


def _comparable(found: Any, value: Any) -> tuple[Any, Any]:
    if isinstance(found, datetime):
        return found, _moment(value)
    if isinstance(found, bool) or isinstance(value, bool):
        return None, None
    return found, value.isoformat() if isinstance(value, date) else value


def _moment(value: Any) -> datetime | None:
    """A time as programs write one: ISO 8601, a day (its first moment), or a Unix time."""
    if isinstance(value, datetime):
        read = value
    elif isinstance(value, bool):
        return None
    elif isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    else:
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


__all__ = ["FIELDS", "meets", "split"]
