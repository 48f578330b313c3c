"""Garbage collection settings: how often the cycle collector runs; imported first.

By default it looks after every 700 new objects, and at all of them again and again while
they become more: of starting, in which a million objects are made that stay, that took a
tenth of the time.
"""

from __future__ import annotations

import gc

STARTING = (50_000, 20, 100)
"""Thresholds of :func:`gc.set_threshold` while the program starts: new objects, then runs of the
younger generation before the next older one is collected."""

RUNNING = (10_000, 10, 10)
"""When nothing large is loaded any more: seldom enough to hold up nobody, often enough that
no garbage gathers."""


def started() -> None:
    """From now on what is new may be garbage."""
    gc.set_threshold(*RUNNING)


gc.set_threshold(*STARTING)
