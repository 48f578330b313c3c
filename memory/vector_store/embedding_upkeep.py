"""Background worker that brings the vectors in line with the configured embedder.

It loads and calibrates the embedder after the start, so that no message waits for it; then
it replaces hashed vectors by those of the sentence encoder, goes on with a replacement that
was begun before the start, and makes up for vectors that are missing. Searches go on
meanwhile, by words where the vectors can't be compared.
"""

from __future__ import annotations

import logging
import threading

from memory.errors import ModelError, StoreError
from memory.llm.sentence_encoder import EncoderUnavailableError
from memory.priority import Priority
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

RETRY_SECONDS = 30.0
"""Pause before an embedding endpoint that failed is asked again."""


class _StoppedError(Exception):
    """The process ends; what is left is taken up at the next start."""


class EmbeddingUpkeep:
    """One thread, which ends when everything is done.

    Args:
        store: Opened with ``background=True``.
        priority: Replies and whatever else somebody waits for go first.
    """

    def __init__(self, store: MemoryStore, priority: Priority) -> None:
        self._store = store
        self._priority = priority
        self._stop = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, once; returns at once."""
        with self._starting:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(
                    target=self._run, name="niannian-embedding", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """End it; the few memories that are being embedded are waited for."""
        with self._starting:
            self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._once()
                return
            except _StoppedError:
                return
            except EncoderUnavailableError as error:
                log.info("searches go by words alone: %s", error)
                return
            except ModelError as error:
                log.warning("the embedder can't be calibrated yet: %s", error.code)
                self._stop.wait(RETRY_SECONDS)
            except StoreError as error:
                log.warning("the vectors stay as they are until the next start: %s", error)
                return

    def _once(self) -> None:
        self._store.embedding.calibrate()
        if self._store.embedding.reembeds_itself():
            log.info("all memories get vectors of the configured embedder")
            self._store.embedding.reembed(pause=self._pause)
        self._store.embedding.fill_vectors(self._pause)

    def _pause(self) -> None:
        self._priority.yield_to_foreground()
        if self._stop.is_set():
            raise _StoppedError
