"""Lenient JSON parser that knows what is whole and what was cut off.

``json`` gives up at the first wrong character, and repairing libraries close a
half sentence as if it were a whole one, which would store words nobody said.
This one reads on after any mistake, in one pass over the text, and drops the
item that a cut went through.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from memory.extraction.parsing.strings import LITERAL, QUOTES, Place, read_string, skip_space

MAX_DEPTH = 64
"""Deeper nesting is no reply of ours; reading ends there."""
MAX_VALUES = 2000
"""More objects side by side are noise; reading ends there too."""

_DANGLING = re.compile(r"\s{0,200}[}\]]")
_START = re.compile(r"[{\[]")
_NUMBER = re.compile(r"[-+]?\d++(?:\.\d*+)?(?:[eE][-+]?\d++)?(?=[\s,，}\]]|$)")
_LITERALS = {"true": True, "false": False}
_BARE_KEY = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w-]{0,40}(?=\s{0,20}[:：])")
_BARE_VALUE = re.compile(r"[^,，}\]\n{\[\"“]{1,2000}")


@dataclass(slots=True)
class _Frame:
    """An object or list that is still open."""

    is_object: bool
    mapping: dict[str, Any] = field(default_factory=dict)
    items: list[Any] = field(default_factory=list)
    key: str | None = None

    @property
    def value(self) -> Any:
        return self.mapping if self.is_object else self.items

    def take(self, value: Any) -> None:
        if not self.is_object:
            self.items.append(value)
        elif self.key is not None:
            self.mapping.setdefault(self.key, value)
            self.key = None


@dataclass(slots=True)
class ParsedJson:
    """All values found, whether the text ended inside one, and what was odd."""

    values: list[Any] = field(default_factory=list)
    cut: bool = False
    prose: bool = False
    repairs: list[str] = field(default_factory=list)

    def note(self, repair: str) -> None:
        """Remember ``repair`` once."""
        if repair not in self.repairs:
            self.repairs.append(repair)


def parse(text: str, is_item: Callable[[dict[str, Any]], bool]) -> ParsedJson:
    """Every object and list in ``text``, prose between them skipped.

    Args:
        text: A reply, thinking blocks and control characters already gone.
        is_item: Whether an object is one memory. Of the objects that were
            still open at the end of the text, memories are dropped (the cut
            went through them) and what holds them is kept.
    """
    return _Parser(text, is_item).run()


class _Parser:
    def __init__(self, text: str, is_item: Callable[[dict[str, Any]], bool]) -> None:
        self.text = text
        self.at = 0
        self.is_item = is_item
        self.stack: list[_Frame] = []
        self.out = ParsedJson()

    def run(self) -> ParsedJson:
        while len(self.out.values) < MAX_VALUES:
            start = _START.search(self.text, self.at)
            if start is None:
                break
            if self.text[self.at : start.start()].strip():
                self.out.prose = True
            self.at = start.start()
            self._value_from_here()
        if self.text[self.at :].strip():
            self.out.prose = True
        return self.out

    def _value_from_here(self) -> None:
        self._open()
        while self.stack:
            self._skip_space()
            if self.at >= len(self.text):
                self._end_of_text()
                return
            frame = self.stack[-1]
            character = self.text[self.at]
            if character in ",，:：;":
                self.at += 1
                if _DANGLING.match(self.text, self.at):
                    self.out.note("trailing_comma")
            elif character in "}]｝］":
                self._close(character)
            elif frame.is_object and frame.key is None:
                self._key(frame, character)
            else:
                self._value(frame, character)

    # --- opening and closing --------------------------------------------------

    def _open(self) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.at = len(self.text)
            self.stack.clear()
            self.out.cut = True
            return
        self.stack.append(_Frame(self.text[self.at] == "{"))
        self.at += 1

    def _close(self, character: str) -> None:
        self.at += 1
        closes_object = character in "}｝"
        if not any(frame.is_object == closes_object for frame in self.stack):
            self.out.note("brackets")
            return
        while self.stack[-1].is_object != closes_object:
            self.out.note("brackets")
            self._finish()
        self._finish()

    def _finish(self) -> None:
        value = self.stack.pop().value
        if self.stack:
            self.stack[-1].take(value)
        else:
            self.out.values.append(value)

    def _end_of_text(self) -> None:
        self.out.cut = True
        while self.stack:
            frame = self.stack.pop()
            if frame.is_object and self.is_item(frame.mapping):
                continue
            if self.stack:
                self.stack[-1].take(frame.value)
            else:
                self.out.values.append(frame.value)

    # --- keys and values ------------------------------------------------------

    def _key(self, frame: _Frame, character: str) -> None:
        if character in QUOTES:
            key = self._string("key")
            if key is None:
                return
            self._skip_space()
            if self.at < len(self.text) and self.text[self.at] in ":：":
                self.at += 1
                frame.key = key.strip()
            return
        if character in "{[":
            self._misplaced_opening()
            return
        bare = _BARE_KEY.match(self.text, self.at)
        if bare:
            self.out.note("bare_keys")
            self.at = bare.end()
            frame.key = bare.group()
            return
        self.at += 1

    def _misplaced_opening(self) -> None:
        """An opening bracket where a key should be: the last one never closed."""
        self.out.note("brackets")
        while self.stack and self.stack[-1].is_object and self.stack[-1].key is None:
            if self.stack[-1].mapping:
                self._finish()
            else:
                self.stack.pop()
        self._open()

    def _value(self, frame: _Frame, character: str) -> None:
        if character in "{[":
            self._open()
            return
        if character in QUOTES:
            value = self._string("object" if frame.is_object else "list")
            if value is not None:
                frame.take(value)
            return
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            frame.take(_number(number.group()))
            return
        literal = LITERAL.match(self.text, self.at)
        if literal:
            word = literal.group()
            if word not in ("true", "false", "null"):
                self.out.note("literals")
            self.at = literal.end()
            frame.take(_LITERALS.get(word.lower()))
            return
        bare = _BARE_VALUE.match(self.text, self.at)
        if bare:
            self.at = bare.end()
            if frame.is_object:
                self.out.note("bare_values")
                frame.take(bare.group().strip())
            return
        self.at += 1

    def _skip_space(self) -> None:
        self.at = skip_space(self.text, self.at)

    def _string(self, place: Place) -> str | None:
        value, self.at = read_string(self.text, self.at, place, self.out.note)
        return value


def _number(text: str) -> int | float | None:
    if len(text) > 30:
        return None
    try:
        return int(text)
    except ValueError:
        number = float(text)
        return number if abs(number) < 1e15 else None
