"""Conditions on the fields of memories: comparisons joined by AND, OR and NOT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Operator: TypeAlias = Literal[
    "eq", "ne", "in", "gt", "gte", "lt", "lte", "contains", "icontains", "exists"
]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field against a value.

    Attributes:
        path: The field's name; for metadata ``("metadata", key, inner key, ...)``.
        operator: How; ``exists`` asks for any value at all.
        value: A string, number, boolean or ``None``; for ``in`` a tuple of them. A field
            that holds a list meets a comparison if one of its items does.

    >>> FieldComparison(("metadata", "topic"), "eq", "food").path[-1]
    'topic'
    """

    path: tuple[str, ...]
    operator: Operator
    value: Any = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is met."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is met."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part is met."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = FieldComparison | AllOf | AnyOf | NoneOf
