"""Single-memory checks: each file of this folder with a ``check`` is one.

``check(memory, sources, about)`` gives a :class:`Finding` or ``None``; ``ORDER`` says when
it is asked. What it proposes is done by one click.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeAlias

from memory.memories.review.checked_owner import CheckedOwner
from memory.memories.review.finding import Finding
from memory.types import Memory, Message

Check: TypeAlias = Callable[[Memory, Sequence[Message], CheckedOwner], Finding | None]


def checked(memory: Memory, sources: Sequence[Message], about: CheckedOwner) -> Iterator[Finding]:
    """What may be wrong with ``memory`` by itself, given the messages it came from."""
    for check in registered():
        found = check(memory, sources, about)
        if found is not None:
            yield found


@cache
def registered() -> tuple[Check, ...]:
    """All checks, in the order in which they are asked; looked for once in each process."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return tuple(module.check for module in sorted(modules, key=lambda module: module.ORDER))
