"""Background warm-up: what the first requests need is loaded after the start, not during it.

Libraries such as openai, mcp and mem0 take half a second each to import. Loaded at the
start they would hold up everybody; loaded at first use, the first message.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from memory.priority import Priority

log = logging.getLogger(__name__)

AFTER_SECONDS = 2.0
"""From the start of the parts until the first step: by then the process has answered
``/health``, or drawn its first page."""


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
            self._priority.yield_to_foreground()
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
