"""Lazy imports: modules, and a package's names (PEP 562), are loaded when first used.

A package whose ``__init__`` imports its largest part makes everybody pay for it who
needs only a small one. The worker process reads files without the store.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """A ``__getattr__`` for ``package``.

        if TYPE_CHECKING:
            from memory.memories.service import MemoryService
        else:
            __getattr__ = lazy(__name__, {"MemoryService": "service"})

    Args:
        package: Its ``__name__``.
        places: Each public name and the submodule that defines it.
    """

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{places[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load


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
        found = getattr(importlib.import_module(self._name), name)
        # From now on it is found without asking again.
        setattr(self, name, found)
        return found
