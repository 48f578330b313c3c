"""Single-flight cache: threads that come while something is computed wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar

T = TypeVar("T")


def computed_once(compute: Callable[[], T]) -> Callable[[], T]:
    """``functools.cache`` for a function without arguments that takes long.

    With ``cache`` alone every thread that comes before the first one is done computes the same:
    fifty first messages would read the same weights fifty times, into memory too.
    """
    lock, cached = threading.Lock(), cache(compute)

    @wraps(compute)
    def given() -> T:
        with lock:
            return cached()

    return given
