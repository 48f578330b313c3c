"""Registry of import formats: each file of this folder with an ``IMPORT_FORMAT`` is one.

A format is a file: put it beside the others and it is tried, in the order that it names.

Example:
    A list of notes, ``[{"note": "…"}]``::

        IMPORT_FORMAT = RowFormat(
            order=50,
            is_row=lambda value: isinstance(value, Mapping) and "note" in value,
            read=lambda rows, name, now: ParsedFile(...),
        )
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeAlias, TypeVar

from memory.transfer import importers
from memory.transfer.parsed import ParsedFile

Rows: TypeAlias = Iterable[tuple[int, Any]]
"""Values with their places in the file, from 1."""


@dataclass(frozen=True, slots=True)
class RowFormat:
    """JSON values in a list or one in each line; ``is_row`` tells them by one of them.

    ``alone``: a file with a single such object is one, too.
    """

    order: int
    is_row: Callable[[Any], bool]
    read: Callable[[Rows, str, datetime], ParsedFile]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class ObjectFormat:
    """One JSON object that holds everything."""

    order: int
    matches: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any]], ParsedFile]


@dataclass(frozen=True, slots=True)
class TextFormat:
    """Plain text; ``looks_like`` also gets names of people, ``read`` the file's name.

    ``read`` gives ``None`` for what only looked like it.
    """

    order: int
    looks_like: Callable[[str, Collection[str]], bool]
    read: Callable[[str, str, datetime], ParsedFile | None]


FormatT = TypeVar("FormatT", RowFormat, ObjectFormat, TextFormat)


def formats(kind: type[FormatT]) -> tuple[FormatT, ...]:
    """All formats of a kind, in the order in which they are tried."""
    chosen = [one for one in registered() if isinstance(one, kind)]
    return tuple(sorted(chosen, key=lambda one: one.order))


@cache
def registered() -> tuple[object, ...]:
    """Every ``IMPORT_FORMAT``; looked for once in each process."""
    names = [module.name for module in iter_modules(importers.__path__)]
    modules = (import_module(f"{importers.__name__}.{name}") for name in names)
    return tuple(getattr(module, "IMPORT_FORMAT", None) for module in modules)
