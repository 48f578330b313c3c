"""Lazy imports: a package's names are loaded when somebody asks for them (PEP 562).

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
            from memory.keeper.keeper import Keeper
        else:
            __getattr__ = lazy(__name__, {"Keeper": "keeper"})

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
