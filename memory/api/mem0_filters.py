"""mem0's filter language as conditions on memories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from memory.errors import BadInput
from memory.types import AllOf, AnyOf, Condition, FieldComparison, NoneOf, Operator
from memory.vector_store.conditions import FIELDS

MOST_NESTED = 10
MOST_CONDITIONS = 200
ENTITIES = ("user_id", "agent_id", "app_id", "run_id")

_JOINED = frozenset({"AND", "OR", "NOT"})
_OPERATORS = (frozenset(get_args(Operator)) - {"exists"}) | {"nin"}
# What mem0 calls some fields. A memory has one category here.
_NAMES = {
    "categories": "category",
    "memory": "text",
    "keywords": "text",
    "session_id": "run_id",
    "memory_ids": "id",
    "timestamp": "created_at",
}
_SERVER_FIELDS = frozenset(
    {*ENTITIES, *_NAMES, "id", "text", "memory_type", "created_at", "updated_at"}
    | {"AND", "OR", "NOT", "expiration_date"}
)
_PARTS_OF_TEXT = "keywords"
_TIMES = frozenset({"created_at", "updated_at"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LAST_MOMENT = "T23:59:59.999999+00:00"


def condition_of(filters: Mapping[str, Any]) -> AllOf:
    """What filters ask for; several keys of one object are joined by AND.

    >>> condition_of({"user_id": "lin"}).parts[0].operator
    'eq'

    Raises:
        BadInput: ``filter_deep``, ``filter_many`` (``limit``), ``filter_field`` or
            ``filter_shape`` (``field``).
    """
    parts = tuple(_Reader().object(filters, 1))
    return AllOf(parts)


def with_free_keys(filters: Mapping[str, Any], depth: int = 1) -> dict[str, Any]:
    """Filters of mem0's own server: there a key that is no field of a memory is one of its
    metadata.

    >>> with_free_keys({"user_id": "lin", "OR": [{"topic": "food"}]})
    {'user_id': 'lin', 'OR': [{'metadata.topic': 'food'}]}
    """
    found: dict[str, Any] = {}
    for key, value in filters.items():
        if key.removeprefix("$").upper() in _JOINED and depth <= MOST_NESTED:
            parts = value if isinstance(value, list) else [value]
            found[key] = [
                with_free_keys(part, depth + 1) if isinstance(part, Mapping) else part
                for part in parts
            ]
        elif key in _SERVER_FIELDS or key.startswith("metadata"):
            found[key] = value
        else:
            found[f"metadata.{key}"] = value
    return found


def named_user(condition: AllOf) -> str | None:
    """The one user that a condition is limited to; ``None`` if it names none or several."""
    for part in condition.parts:
        if isinstance(part, FieldComparison):
            if part.path == ("user_id",) and part.operator == "eq":
                return part.value if isinstance(part.value, str) else None
        elif isinstance(part, AllOf) and (user := named_user(part)) is not None:
            return user
    return None


class _Reader:
    """Reads one filter and counts its conditions."""

    def __init__(self) -> None:
        self._read = 0

    def object(self, given: Mapping[str, Any], depth: int) -> Iterator[Condition]:
        if depth > MOST_NESTED:
            raise BadInput(code="filter_deep", limit=MOST_NESTED)
        for key, value in given.items():
            # Some programs write operators as MongoDB does.
            word = key.removeprefix("$").upper()
            if word in _JOINED:
                yield self._joined(word, value, depth)
            elif key == "metadata" and isinstance(value, Mapping):
                yield from self._metadata(value, ("metadata",), depth + 1)
            else:
                yield from self._field(key, value)

    def _joined(self, key: str, value: Any, depth: int) -> Condition:
        several = value if isinstance(value, list) else [value]
        parts: list[Condition] = []
        for each in several:
            if not isinstance(each, Mapping):
                raise _shape(key)
            parts.append(AllOf(tuple(self.object(each, depth + 1))))
        if key == "NOT":
            return NoneOf(tuple(parts))
        return AllOf(tuple(parts)) if key == "AND" else AnyOf(tuple(parts))

    def _field(self, key: str, value: Any) -> Iterator[Condition]:
        name, *inner = key.split(".") if key.startswith("metadata.") else [key]
        if key == "memory_type":
            name, inner = "metadata", [key]
        if name == _PARTS_OF_TEXT and not isinstance(value, Mapping):
            value = {"icontains": value}
        name = _NAMES.get(name, name)
        if name not in FIELDS or (name == "metadata" and not inner):
            raise BadInput(code="filter_field", field=key[:60])
        yield from self._compared((name, *inner), value, key)

    def _metadata(
        self, given: Mapping[str, Any], path: tuple[str, ...], depth: int
    ) -> Iterator[Condition]:
        if depth > MOST_NESTED:
            raise BadInput(code="filter_deep", limit=MOST_NESTED)
        for key, value in given.items():
            if isinstance(value, Mapping) and not _is_comparison(value):
                yield from self._metadata(value, (*path, key), depth + 1)
            else:
                yield from self._compared((*path, key), value, ".".join((*path, key)))

    def _compared(self, path: tuple[str, ...], value: Any, field: str) -> Iterator[Condition]:
        if not isinstance(value, Mapping):
            yield self._one(path, "in" if isinstance(value, list) else "eq", value, field)
            return
        if not _is_comparison(value):
            raise _shape(field)
        for operator, against in value.items():
            yield self._one(path, operator.removeprefix("$"), against, field)

    def _one(self, path: tuple[str, ...], operator: Any, value: Any, field: str) -> Condition:
        if value == "*" and operator == "eq":
            return self._counted(FieldComparison(path, "exists"))
        if operator in ("in", "nin"):
            if not isinstance(value, list) or not all(_is_plain(each) for each in value):
                raise _shape(field)
            self._count(len(value))
            among = FieldComparison(path, "in", tuple(value))
            return among if operator == "in" else NoneOf((among,))
        if not _is_plain(value):
            raise _shape(field)
        if path[0] in _TIMES and operator in ("lte", "gt") and _is_day(value):
            # Up to a day means with it, after a day without it.
            value += _LAST_MOMENT
        return self._counted(FieldComparison(path, operator, value))

    def _counted(self, test: FieldComparison) -> FieldComparison:
        self._count(1)
        return test

    def _count(self, more: int) -> None:
        self._read += more
        if self._read > MOST_CONDITIONS:
            raise BadInput(code="filter_many", limit=MOST_CONDITIONS)


def _is_comparison(value: Mapping[str, Any]) -> bool:
    return bool(value) and {key.removeprefix("$") for key in value} <= _OPERATORS


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _shape(field: str) -> BadInput:
    return BadInput(code="filter_shape", field=field[:60], allowed=", ".join(sorted(_OPERATORS)))


__all__ = ["ENTITIES", "condition_of", "named_user"]
