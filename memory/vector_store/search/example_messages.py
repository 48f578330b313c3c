"""Example messages: what is said in earnest, and what concerns nobody's memories.

``examples/nothing.LANGUAGE.txt`` holds small talk, requests, general knowledge, passing remarks
and nonsense; ``earnest.LANGUAGE.txt`` what people ask and tell about their own lives.
``store.LANGUAGE.N.txt`` is one person: a memory a line, which may begin with its date, and
indented below it messages that concern it (``~`` before those that share no word with it).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples"

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2}) ")


@dataclass(frozen=True, slots=True)
class Concerning:
    """A message that concerns a memory; ``shared``: they have words in common."""

    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class ExampleMemory:
    """A memory with the messages that concern it; ``event_date`` as ``YYYY-MM-DD``."""

    text: str
    event_date: str | None
    messages: tuple[Concerning, ...]


@dataclass(frozen=True, slots=True)
class ExamplePerson:
    """One file of memories; ``name`` is the file's, without its ending."""

    name: str
    language: str
    memories: tuple[ExampleMemory, ...]


def people(folder: Path = EXAMPLES) -> list[ExamplePerson]:
    """The people of a folder, by name."""
    return [_person(file) for file in sorted(folder.glob("store.*.txt"))]


def of_no_concern(folder: Path = EXAMPLES, language: str = "*") -> list[str]:
    """Messages that concern nobody's memories."""
    return _lines(folder, f"nothing.{language}.txt")


def in_earnest(folder: Path = EXAMPLES) -> list[str]:
    """Messages about somebody's life."""
    asked = [m.text for one in people(folder) for memory in one.memories for m in memory.messages]
    return list(dict.fromkeys([*_lines(folder, "earnest.*.txt"), *asked]))


def _lines(folder: Path, pattern: str) -> list[str]:
    files = sorted(folder.glob(pattern))
    lines = [line for file in files for line in _told(file.read_text(encoding="utf-8"))]
    return list(dict.fromkeys(lines))


def _told(content: str) -> list[str]:
    return [line for line in content.splitlines() if line.strip() and not line.startswith("#")]


def _person(file: Path) -> ExamplePerson:
    found: list[tuple[str, list[str]]] = []
    for line in _told(file.read_text(encoding="utf-8")):
        if line.startswith(" "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    language = file.stem.split(".")[1]
    return ExamplePerson(file.stem, language, tuple(_memory(*one) for one in found))


def _memory(line: str, messages: Sequence[str]) -> ExampleMemory:
    dated = _DATED.match(line)
    return ExampleMemory(
        line[dated.end() :] if dated else line,
        dated[1] if dated else None,
        tuple(Concerning(text.removeprefix("~"), not text.startswith("~")) for text in messages),
    )
