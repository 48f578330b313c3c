"""Replies go first: background work lets them pass.

Python threads share one interpreter, so an extraction that computes in the
background would still slow down the reply that somebody waits for. It asks here
before each piece of its work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT_SECONDS = 2.0


class Precedence:
    """Counts the replies being prepared. Shared by all threads."""

    def __init__(self) -> None:
        self._replies = 0
        self._changed = threading.Condition()

    @contextmanager
    def reply(self) -> Iterator[None]:
        """A reply is being prepared inside the block."""
        with self._changed:
            self._replies += 1
        try:
            yield
        finally:
            with self._changed:
                self._replies -= 1
                self._changed.notify_all()

    def give_way(self, longest: float = LONGEST_WAIT_SECONDS) -> None:
        """Wait until no reply is being prepared, at most ``longest`` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._replies, timeout=longest)
