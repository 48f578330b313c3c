"""JSON from files: whole, one object a line, or cut off in the middle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any

from memory.errors import BadInput

_DECODER = JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
# What json raises for text that isn't JSON, or that is made to hurt.
_UNREADABLE = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A JSON value; ``cut`` if it broke off and only what stands before is here."""

    value: Any
    cut: bool = False


def load(text: str) -> Loaded:
    """The JSON value of ``text``; of a broken one the whole items before the break.

    Raises:
        BadInput: ``import_json``: not even the beginning can be read.
    """
    try:
        return Loaded(json.loads(text))
    except _UNREADABLE:
        value = _salvaged(text)
    if not value:
        raise BadInput(code="import_json")
    return Loaded(value, cut=True)


def lines(text: str) -> Iterator[tuple[int, Any]]:
    """Line number and value of every line that isn't blank; ``None`` for a broken one."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except _UNREADABLE:
                yield number, None


def first_line(text: str) -> Any:
    """The value of the first line if it is a JSON object and not the only line."""
    head, _, rest = text.lstrip().partition("\n")
    if not rest.strip():
        return None
    try:
        value = json.loads(head)
    except _UNREADABLE:
        return None
    return value if isinstance(value, dict) else None


def _salvaged(text: str) -> Any:
    start = _skip(text, 0)
    if text[start : start + 1] == "[":
        return _items(text, start + 1)[0]
    if text[start : start + 1] == "{":
        return _fields(text, start + 1)
    return None


def _fields(text: str, place: int) -> dict[str, Any]:
    """The fields of a broken object; lists as far as they go."""
    fields: dict[str, Any] = {}
    while True:
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        try:
            key, place = _DECODER.raw_decode(text, place)
            place = _skip(text, place)
            if not isinstance(key, str) or text[place : place + 1] != ":":
                return fields
            place = _skip(text, place + 1)
            if text[place : place + 1] == "[":
                fields[key], place, whole = _items(text, place + 1)
                if not whole:
                    return fields
            else:
                fields[key], place = _DECODER.raw_decode(text, place)
        except _UNREADABLE:
            return fields


def _items(text: str, place: int) -> tuple[list[Any], int, bool]:
    """Whole items of a list, where they end, and whether the list was closed."""
    items: list[Any] = []
    while True:
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)
        if text[place : place + 1] == "]":
            return items, place + 1, True
        try:
            item, place = _DECODER.raw_decode(text, place)
        except _UNREADABLE:
            return items, place, False
        items.append(item)


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place
