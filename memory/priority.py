"""Foreground priority: background work gives way to what somebody waits for.

Python threads share one interpreter, so an extraction that computes in the
background would still slow down the reply that somebody waits for. It asks here
before each piece of its work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

LONGEST_WAIT_SECONDS = 2.0

DRAWING_SECONDS = 1.0
"""How long it takes to draw a page on which very many memories were changed."""

AT_ONCE_SECONDS = 0.1
"""How long work goes on before the first check for foreground work: looking at a few things
must not wait for somebody's reply."""

LOOK_SECONDS = 0.02
"""How long it goes on between two checks from then on."""

T = TypeVar("T")


class Priority:
    """Counts the foreground work under way. Shared by all threads."""

    def __init__(self) -> None:
        self._waited_for = 0
        self._calm_at = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def foreground(self, after: float = 0.0) -> Iterator[None]:
        """The block is foreground work: somebody waits for it, such as a reply or a bulk change.

        Args:
            after: Seconds for which it still counts afterwards, while the result is drawn.
        """
        with self._changed:
            self._waited_for += 1
        try:
            yield
        finally:
            with self._changed:
                self._waited_for -= 1
                self._calm_at = max(self._calm_at, monotonic() + after)
                self._changed.notify_all()

    def yield_to_foreground(self, longest: float = LONGEST_WAIT_SECONDS) -> None:
        """Wait until nobody waits for anything, at most ``longest`` seconds."""
        until = monotonic() + longest
        with self._changed:
            while (now := monotonic()) < until:
                if self._waited_for:
                    self._changed.wait(until - now)
                elif now < self._calm_at:
                    self._changed.wait(min(until, self._calm_at) - now)
                else:
                    return

    def throttled(self, things: Iterable[T]) -> Iterator[T]:
        """``things``, giving way to foreground work every few milliseconds."""
        look_at = monotonic() + AT_ONCE_SECONDS
        for thing in things:
            if monotonic() >= look_at:
                self.yield_to_foreground()
                look_at = monotonic() + LOOK_SECONDS
            yield thing
