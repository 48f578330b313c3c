"""State cache: values that are kept until what they were made of changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class StateCache(Generic[Key, Value]):
    """The values used last, each with the state it was made in. Safe from many threads.

    Example:
        >>> kept: StateCache[str, int] = StateCache(most=2)
        >>> kept.keep("lin", (1,), 7)
        >>> kept.get("lin", (1,)), kept.get("lin", (2,))
        (7, None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[Key, tuple[tuple[int, ...], Value]] = OrderedDict()

    def get(self, key: Key, state: tuple[int, ...]) -> Value | None:
        """What was made of this state; None if there is nothing, or another state's."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != state:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def keep(self, key: Key, state: tuple[int, ...], value: Value) -> None:
        """Keep it instead of what was kept; the one used longest ago may go for it."""
        with self._lock:
            self._kept[key] = (state, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
