"""Lazy import: a module that is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyModule:
    """Stands for a module and imports it at the first look at one of its names.

    Safe to share between threads: the import itself is. Where the real module is known
    to type checkers under the same name, nothing else has to change::

        if TYPE_CHECKING:
            import openai
        else:
            openai = LazyModule("openai")

    Raises (at the first use):
        ImportError: there is no such module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._name), name)
        # From now on it is found without asking again.
        setattr(self, name, found)
        return found
