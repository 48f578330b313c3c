"""Lenient JSON reader for files: whole, item by item, one object a line, or cut off."""

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
_LINE_END = re.compile(r"\r\n|\r|\n")
_SOMETHING = re.compile(r"\S")
# What json raises for text that isn't JSON, or that is made to hurt.
_UNREADABLE = (ValueError, RecursionError)


class Items:
    """The items of a JSON list, one at a time, so that it never has to be held whole.

    ``cut`` says, once they are used up, whether the list broke off or isn't quite JSON;
    then these are the items before the break.

    Raises:
        BadInput: ``import_json``, while going through them: there is not even one.
    """

    def __init__(self, text: str) -> None:
        """``text`` begins with the list's bracket, or blanks before it."""
        self._text = text
        self.cut = False

    def __iter__(self) -> Iterator[Any]:
        """Every whole item, in order."""
        text, place, count = self._text, _skip(self._text, 0) + 1, 0
        while True:
            place = _skip(text, place)
            separated = text[place : place + 1] == ","
            if separated:
                place = _skip(text, place + 1)
            if text[place : place + 1] == "]":
                self.cut |= separated or _skip(text, place + 1) != len(text)
                break
            self.cut |= separated != (count > 0)
            try:
                item, place = _DECODER.raw_decode(text, place)
            except _UNREADABLE:
                self.cut = True
                break
            count += 1
            yield item
        if self.cut and not count:
            raise BadInput(code="import_json")


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
    for number, line in enumerate(split(text), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except _UNREADABLE:
                yield number, None


def split(text: str) -> Iterator[str]:
    """The lines of ``text``, without making all of them at once."""
    begun = 0
    for end in _LINE_END.finditer(text):
        yield text[begun : end.start()]
        begun = end.end()
    yield text[begun:]


def first_line(text: str) -> Any:
    """The value of the first line if it is a JSON object and not the only line."""
    begun = _SOMETHING.search(text)
    if begun is None:
        return None
    end = text.find("\n", begun.start())
    if end < 0 or _SOMETHING.search(text, end) is None:
        return None
    try:
        value = json.loads(text[begun.start() : end])
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
