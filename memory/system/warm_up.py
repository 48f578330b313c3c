"""Background warm-up: what the first requests need is loaded after the start, not during it.

Libraries such as openai, mcp and mem0 take half a second each to import. Loaded at the
start they would hold up everybody; loaded at first use, the first message.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from memory.priority import Priority

log = logging.getLogger(__name__)

AFTER_SECONDS = 2.0
"""From the start of the parts until the first step: by then the process has answered
``/health``, or drawn its first page."""

HOLD_SECONDS = 2.0
"""How long a browser takes to fetch the page's scripts and begin to draw it."""

LONGEST_HOLD_SECONDS = 30.0
"""From the start: where page after page is opened, warming up goes on all the same."""


class WarmUp:
    """Runs steps one after another in one background thread.

    Replies and other work that somebody waits for go first, between two steps. A step
    that fails is logged: whoever needs what it loads will try again and see the error.

    Args:
        priority: Knows whether somebody waits.
        after: Seconds to wait before the first step.
    """

    def __init__(self, priority: Priority, after: float = AFTER_SECONDS) -> None:
        self._priority = priority
        self._after = after
        self._made_at = monotonic()
        self._held_until = 0.0
        self._steps: deque[tuple[str, Callable[[], object]]] = deque()
        self._changing = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, name: str, step: Callable[[], object]) -> None:
        """Let ``step`` run after those that were added before; ``name`` is for the log."""
        with self._changing:
            self._steps.append((name, step))
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(
                    target=self._run, name="niannian-warm-up", daemon=True
                )
                self._thread.start()

    def hold_off(self) -> None:
        """Begin nothing more for a moment: somebody opens a page."""
        now = monotonic()
        if now < self._made_at + LONGEST_HOLD_SECONDS:
            self._held_until = now + HOLD_SECONDS

    def give_way(self) -> None:
        """Wait until nobody waits for anything; also for a long step, between its pieces."""
        while (left := self._held_until - monotonic()) > 0:
            if self._stopped.wait(left):
                return
        self._priority.yield_to_foreground()

    def stop(self) -> None:
        """Leave out the steps that haven't begun; one that has is waited for."""
        self._stopped.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        self._stopped.wait(self._after)
        while (due := self._next()) is not None:
            name, step = due
            self.give_way()
            try:
                step()
            except Exception:
                log.exception("warming up %s failed", name)

    def _next(self) -> tuple[str, Callable[[], object]] | None:
        with self._changing:
            if self._stopped.is_set() or not self._steps:
                self._thread = None
                return None
            return self._steps.popleft()
