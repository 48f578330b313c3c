"""Retry of vectors that the embedder refused, now and then in the background."""

from __future__ import annotations

import logging
import time

from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

PAUSE_SECONDS = 3600.0


class OwedVectors:
    """Asks the embedder again for what it refused, once an hour at most.

    A text that a model can't take is refused every time, but models get updated.
    """

    def __init__(self, store: MemoryStore, pause: float = PAUSE_SECONDS) -> None:
        """``pause`` is in seconds."""
        self._store = store
        self._pause = pause
        self._next = 0.0

    def run(self) -> int:
        """Do it if it is time.

        Returns:
            How many vectors were made.

        Raises:
            ModelError: the endpoint failed.
        """
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + self._pause
        made = self._store.embedding.make_owed_vectors()
        if made:
            log.info("%d vectors that were owed have been made", made)
        return made
