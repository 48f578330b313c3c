"""Read-write lock: many may share it, or one may have it alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    """Many readers or one writer; a waiting writer goes before new readers.

    Not reentrant: a thread must not enter it again while it is inside.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._writer = False
        self.waiting = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Be inside together with others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writer and not self.waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be inside alone; waits until everybody has left."""
        with self._changed:
            self.waiting += 1
            try:
                self._changed.wait_for(lambda: not self._writer and not self._readers)
                self._writer = True
            finally:
                self.waiting -= 1
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._writer = False
                self._changed.notify_all()
