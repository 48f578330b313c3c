"""Structured output without a model: a JSON schema filled from what a search finds.

Each property is a question (its name and description); the memories that answer it best are
its value. What nothing answers is null or an empty list, never made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from memory.errors import BadInput
from memory.types import Hit

MOST_PROPERTIES = 100
MOST_NESTED = 6
MOST_ITEMS = 20
LEAST_SCORE = 0.35
"""From 0 to 1: what scores less doesn't answer a property."""

Search: TypeAlias = Callable[[str, int], Sequence[Hit]]
_WORDS = re.compile(r"[_\-]+|(?<=[a-z])(?=[A-Z])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def fill(schema: Mapping[str, Any], search: Search) -> dict[str, Any]:
    """Values for the properties of an object's schema.

    Args:
        schema: A JSON schema of an object, ``$defs`` and ``anyOf`` with null included.
        search: Finds the memories for a question, best first: the question, how many.

    Raises:
        BadInput: ``export_schema``: it is no object's schema, or too large.
    """
    filling = _Filling(schema, search)
    found = filling.value(schema, "", 0)
    if not isinstance(found, dict):
        raise BadInput(code="export_schema", limit=MOST_PROPERTIES)
    return found


class _Filling:
    def __init__(self, root: Mapping[str, Any], search: Search) -> None:
        self._root = root
        self._search = search
        self._asked = 0

    def value(self, given: Any, question: str, depth: int) -> Any:
        schema = self._resolved(given, depth)
        question = " ".join(filter(None, (question, _text(schema.get("description")))))
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            return {
                name: self.value(inner, _asked(name), depth + 1)
                for name, inner in properties.items()
            }
        if schema.get("type") == "array":
            return self._items(schema.get("items", {}), question, depth)
        hits = self._hits(question, 1)
        return _plain(schema, hits[0].memory.text) if hits else None

    def _items(self, given: Any, question: str, depth: int) -> list[Any]:
        items = self._resolved(given, depth + 1)
        properties = items.get("properties")
        rows: list[Any] = []
        for hit in self._hits(question, MOST_ITEMS):
            if isinstance(properties, Mapping):
                rows.append(_row(properties, hit))
            elif (value := _plain(items, hit.memory.text)) is not None:
                rows.append(value)
        return rows

    def _hits(self, question: str, limit: int) -> list[Hit]:
        self._asked += 1
        if self._asked > MOST_PROPERTIES:
            raise BadInput(code="export_schema", limit=MOST_PROPERTIES)
        found = self._search(question, limit) if question.strip() else []
        return [hit for hit in found if hit.score >= LEAST_SCORE]

    def _resolved(self, given: Any, depth: int) -> Mapping[str, Any]:
        """A schema with its reference followed, and without the null that it may be."""
        schema = given
        for _ in range(MOST_NESTED):
            if not isinstance(schema, Mapping) or depth > MOST_NESTED:
                raise BadInput(code="export_schema", limit=MOST_PROPERTIES)
            if isinstance(schema.get("$ref"), str):
                schema = self._referred(schema["$ref"])
            elif isinstance(schema.get("anyOf"), list) and schema["anyOf"]:
                kinds = [k for k in schema["anyOf"] if k != {"type": "null"}]
                said = {k: v for k, v in schema.items() if k == "description"}
                first = kinds[0] if kinds else {}
                schema = {**first, **said} if isinstance(first, Mapping) else first
            else:
                return schema
        raise BadInput(code="export_schema", limit=MOST_PROPERTIES)

    def _referred(self, path: str) -> Any:
        found: Any = self._root
        for part in path.removeprefix("#/").split("/"):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


def _asked(name: str) -> str:
    """``currentRole`` and ``current_role`` as words: ``current role``."""
    return _WORDS.sub(" ", name).strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _plain(schema: Mapping[str, Any], text: str) -> Any:
    kind = schema.get("type", "string")
    if isinstance(schema.get("enum"), list):
        words = [each for each in schema["enum"] if isinstance(each, str)]
        return next((each for each in words if each.lower() in text.lower()), None)
    if kind == "string":
        return text
    number = _NUMBER.search(text) if kind in ("integer", "number") else None
    if number is None:
        return None
    return float(number[0]) if kind == "number" else int(float(number[0]))


def _row(properties: Mapping[str, Any], hit: Hit) -> dict[str, Any]:
    """One memory as an object: fields that are named like its own, its words in the first text."""
    memory = hit.memory
    known = {
        "id": memory.id,
        "category": memory.category,
        "categories": [memory.category],
        "created_at": memory.created_at.isoformat(),
        "updated_at": memory.updated_at.isoformat(),
        "event_date": memory.event_date,
        "date": memory.event_date,
        "score": round(hit.score, 4),
        "metadata": dict(memory.metadata),
    }
    row = {name: known.get(name) for name in properties}
    texts = [name for name in properties if name not in known]
    if texts:
        row[texts[0]] = memory.text
    return row
