"""Idle timer: work that is done once nothing was written for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PAUSE_SECONDS = 15.0
"""Without a write for so long is a pause."""


class IdleTimer:
    """Waits for a pause in a thread of its own, then works.

    Args:
        work: What waits; called in that thread.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._changing = threading.Lock()
        self._timer: threading.Timer | None = None
        self._written_at = 0.0

    def written(self) -> None:
        """Something was written: the pause starts over."""
        self._written_at = time.monotonic()

    def wanted(self) -> None:
        """There is work to do in the next pause."""
        with self._changing:
            if self._timer is None:
                self._wait(PAUSE_SECONDS)

    def forget(self) -> None:
        """There is nothing to do any more."""
        with self._changing:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self._changing:
            if self._timer is None:
                return
            left = self._written_at + PAUSE_SECONDS - time.monotonic()
            if left > 0:
                self._wait(left)
                return
            self._timer = None
        self._work()
