"""Keyed lock: different memories are written at once, the same one in turn, or one writer alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from memory.vector_store.read_write_lock import ReadWriteLock


class KeyedLock(ReadWriteLock):
    """Lock by memory ids: those inside at the same time hold different ids.

    An embedding endpoint that takes a second, or a sync, holds up nobody but those
    who want to write the same memories. Not reentrant.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken: set[str] = set()

    @contextmanager
    def of(self, ids: Collection[str]) -> Iterator[None]:
        """Be inside together with others who write other memories than ``ids``."""
        mine = set(ids)
        with self.shared():
            with self._changed:
                self._changed.wait_for(lambda: self._taken.isdisjoint(mine))
                self._taken |= mine
            try:
                yield
            finally:
                with self._changed:
                    self._taken -= mine
                    self._changed.notify_all()
