"""GC freeze: objects that live as long as the process are kept from the cycle collector.

Streamlit collects all generations of objects after every run of a page: with mem0,
pandas and plotly loaded that walks a million objects for a quarter of a second, in which
nobody else gets a turn. None of those ever goes away.
"""

from __future__ import annotations

import gc
import threading

from components import collector

AFTER = (4.0, 30.0)
"""Seconds after the first page: when the pages' libraries are loaded, and when mem0 is,
which is imported in the background."""

once = threading.Lock()


def set_aside_soon() -> None:
    """Set aside what is loaded by then, once per process; calling it again does nothing."""
    if not once.acquire(blocking=False):
        return
    for seconds in AFTER:
        timer = threading.Timer(seconds, set_aside)
        timer.daemon = True
        timer.start()


def set_aside() -> None:
    """From now on the collector looks only at what is made later."""
    gc.collect()
    gc.freeze()
    collector.started()
