"""GC pause: bulk work without the cycle collector.

Ten thousand memories become millions of small objects, none of them in a cycle. The
collector walks them again and again while they are made: a third of the time.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST_SECONDS = 10.0
"""Where many come and go and somebody is always inside, the collector is back after this."""

_guard = threading.Lock()
_inside = 0
_was_on = False
_since = 0.0


@contextmanager
def gc_paused() -> Iterator[None]:
    """No cycles are collected inside, in any thread; may be entered many times.

    For work that ends within seconds: cycles that others leave behind wait until then.
    """
    global _inside, _was_on, _since
    with _guard:
        if not _inside:
            _was_on = gc.isenabled()
            _since = time.monotonic()
            gc.disable()
        elif _was_on and time.monotonic() - _since > MOST_SECONDS:
            gc.enable()
        _inside += 1
    try:
        yield
    finally:
        with _guard:
            _inside -= 1
            if not _inside and _was_on:
                gc.enable()
