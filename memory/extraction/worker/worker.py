"""Queue worker: the thread that hands due batches to the extraction."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from memory import metrics
from memory.db import SET_ASIDE, Database
from memory.errors import (
    ModelAccount,
    ModelAddress,
    ModelAuth,
    ModelBalance,
    ModelError,
    ModelFiltered,
    ModelTls,
    ModelTooLong,
    ModelUnknown,
    NiannianError,
    NotFound,
    StoreError,
    WorkError,
)
from memory.extraction.worker.state import WorkerState, read_state
from memory.system.clock import utc_now
from memory.types import Batch, BatchState, Owner

log = logging.getLogger(__name__)

# Seconds until the next try; after the last one the batch has failed.
PAUSES = (30, 120, 600, 3600, 21600)
POLL_SECONDS = 2.0
PERMANENT = (
    *(ModelAuth, ModelBalance, ModelUnknown, ModelAddress, ModelTls),
    *(ModelTooLong, ModelFiltered),
)
"""Errors that stay until somebody changes a setting, an account or the text."""
MENDABLE = tuple(error.code for error in (ModelAuth, ModelAccount, ModelBalance, ModelUnknown))
MENDABLE += (ModelAddress.code, ModelTls.code)
"""Codes of what new settings or a paid bill mend: tried again at each start."""
SETTLE_PAUSE_SECONDS = 30.0
NIGHTLY_PAUSE_SECONDS = 60.0


class Extraction(Protocol):
    """What works on a batch and finishes it in the database."""

    def run(self, batch: Batch) -> Any:
        """Extract the memories of ``batch``."""


@dataclass(slots=True)
class _Passes:
    """Counts passes over the queue, so that a test can wait for a whole one."""

    begun: int = 0
    ended: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)


class ExtractionWorker:
    """Makes due batches, claims them one by one, and runs the extraction.

    Args:
        db: Where the queue is.
        extraction: Called with a claimed batch, or an object with ``run``. It
            finishes the batch together with its changes; if it returns without
            having done so, the batch is finished without changes.
        turns: So many turns make a batch.
        idle_seconds: Fewer do after this much silence.
        clock: Aware UTC.
        exclusive: No other process works on this database: claims found at the
            start are those of a dead worker and are taken up at once. Otherwise
            only after their lease.
        settle: Called now and then to apply what the store refused before.
        nightly: Called now and then; does once a night what is due then.
        pauses: Seconds until each further try of a batch that failed.
    """

    def __init__(
        self,
        db: Database,
        extraction: Callable[[Batch], Any] | Extraction,
        *,
        turns: int = 10,
        idle_seconds: float = 300,
        clock: Callable[[], datetime] = utc_now,
        exclusive: bool = True,
        settle: Callable[[], Any] | None = None,
        nightly: Callable[[], Any] | None = None,
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        self._db = db
        self._extract = extraction if callable(extraction) else extraction.run
        self._turns = turns
        self._silence = timedelta(seconds=idle_seconds)
        self._clock = clock
        self._exclusive = exclusive
        self._settle = settle
        self._nightly = nightly
        self._nightly_at = 0.0
        self._pauses = pauses
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._passes = _Passes()
        self._clean_up = False
        self._settle_at = 0.0
        # Held while batches are made and claimed, never while one is worked on.
        self._taking = threading.Lock()
        self._resting = 0
        self._excusing = threading.Lock()
        self._excused = False

    # --- running -------------------------------------------------------------------

    def start(self) -> None:
        """Take up what a dead worker left and start the thread (once)."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._exclusive:
            self._db.leases.release()
            self._db.leases.revive(MENDABLE)
        self._stopping.clear()
        self._excused = False
        self._thread = threading.Thread(target=self._loop, name="niannian-writer", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let the thread take nothing more; :meth:`stop` waits for its end."""
        self._stopping.set()
        self._woken.set()

    def stop(self, timeout: float = 5.0) -> bool:
        """Stop soon; an extraction that still runs is taken up at the next start.

        What was asked to stop hasn't crashed: that isn't counted against its batch.

        Args:
            timeout: Seconds to wait for it.

        Returns:
            Whether the thread has ended.
        """
        self.ask_to_stop()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        was_alive = self._thread.is_alive()
        self._thread.join(timeout)
        if was_alive:
            self._excuse()
        return not self._thread.is_alive()

    def _excuse(self) -> None:
        with self._excusing:
            if self._excused:
                return
            self._excused = True
            try:
                self._db.leases.excuse(self._name)
            except StoreError as error:
                log.warning("a batch that is cut short counts as crashed: %s", error.code)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def wake(self, owner: Owner | None = None, session_id: str | None = None) -> None:
        """Look at the queue now (a turn ended); returns at once."""
        self._woken.set()

    def run_now(self, owner: Owner, session_id: str, *, ended: bool = False) -> list[Batch]:
        """Hand over every turn of a session that isn't yet ("remember now").

        A batch of the session that waits for its next try is tried now, too.
        Returns at once; the thread does the work. With ``ended`` nobody answers any more
        what the user said last: it is a turn by itself.

        Returns:
            The new batches, none if there was nothing to hand over.

        Raises:
            NotFound: no such session of this owner.
        """
        made = []
        while batch := self._db.batches.make(owner, session_id, max_turns=self._turns, ended=ended):
            made.append(batch)
        self._db.leases.hasten_retries(owner, session_id)
        self.wake(owner, session_id)
        return made

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Take no further batches inside the block; one that runs already goes on.

        For whoever writes sessions together with their memories (the demo story).
        """
        with self._taking:
            self._resting += 1
        try:
            yield
        finally:
            with self._taking:
                self._resting -= 1
            self._woken.set()

    def rerun(self, owner: Owner, batch_id: str) -> Batch:
        """Run a failed or waiting batch again, with all its tries.

        Raises:
            NotFound: no such batch of this owner, or it is done or being worked on.
        """
        batch = self._db.leases.rerun(owner, batch_id)
        self.wake()
        return batch

    def wait_idle(self, timeout: float = 10.0) -> bool:
        """Wait until everything that can be done now is done.

        Returns:
            False if it took longer than ``timeout`` seconds, or the worker isn't running.
        """
        until = time.monotonic() + timeout
        with self._passes.changed:
            wanted = self._passes.begun + 1
            self._woken.set()
            while self._passes.ended < wanted:
                left = until - time.monotonic()
                if left <= 0 or self._thread is None or not self._thread.is_alive():
                    return False
                self._passes.changed.wait(min(left, 0.5))
        return True

    def state(self, owner: Owner) -> WorkerState:
        """What the extraction worker is doing for ``owner``, for the screen."""
        return read_state(self._db, owner)

    # --- the work --------------------------------------------------------------------

    def run_once(self) -> int:
        """Make and work off everything that is due, in the calling thread.

        Returns:
            How many batches were worked on.
        """
        if self._clean_up:
            self._db.leases.release(self._name)
            self._clean_up = False
        try:
            self._catch_up()
            worked = 0
            while batch := self._take():
                self._work(batch)
                worked += 1
            self._look_at_the_night()
        except Exception:
            self._clean_up = True
            raise
        return worked

    def _take(self) -> Batch | None:
        with self._taking:
            if self._resting or self._stopping.is_set():
                return None
            self._make_due_batches()
            return self._db.leases.claim(self._name, self._clock())

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            with self._passes.changed:
                self._passes.begun += 1
                this = self._passes.begun
            try:
                self.run_once()
            except Exception as error:  # noqa: BLE001 (the thread outlives a full disk)
                log.error("the extraction worker pauses: %s", _where(error))
            with self._passes.changed:
                self._passes.ended = this
                self._passes.changed.notify_all()
            self._woken.wait(POLL_SECONDS)

    def _catch_up(self) -> None:
        if self._settle is None or time.monotonic() < self._settle_at:
            return
        try:
            self._settle()
        except (ModelError, StoreError) as error:
            self._settle_at = time.monotonic() + SETTLE_PAUSE_SECONDS
            log.warning("changes of memories stay owed: %s", error.code)

    def _look_at_the_night(self) -> None:
        """After the batches: nobody waits for what is archived."""
        if self._nightly is None or time.monotonic() < self._nightly_at:
            return
        self._nightly_at = time.monotonic() + NIGHTLY_PAUSE_SECONDS
        if self._resting or self._stopping.is_set():
            return
        try:
            self._nightly()
        except (ModelError, StoreError) as error:
            log.warning("the nightly run waits: %s", error.code)

    def _make_due_batches(self) -> None:
        while not self._stopping.is_set():
            due = self._db.batches.due_sessions(
                turns=self._turns, idle_before=self._clock() - self._silence
            )
            made = 0
            for owner, session_id in due:
                try:
                    batch = self._db.batches.make(owner, session_id, max_turns=self._turns)
                except NotFound:
                    continue  # the session was deleted since
                made += batch is not None
            if not made:
                return

    def _work(self, batch: Batch) -> None:
        started = time.perf_counter()
        try:
            self._extract(batch)
            now = self._db.batches.get(batch.id)
            if now is not None and now.state is BatchState.WORKING:
                self._db.history.record([], finish_batch=batch.id)
        except Exception as error:  # noqa: BLE001 (one batch must not stop the others)
            self._trouble(batch, error)
        else:
            log.info("batch %s done in %.1f s", batch.id, time.perf_counter() - started)

    def _trouble(self, batch: Batch, error: Exception) -> None:
        if self._stopping.is_set():
            # The folder may be closed already; the next start takes it up.
            log.info("batch %s was cut short", batch.id)
        elif isinstance(error, NotFound) and error.code == "batch_gone":
            log.info("batch %s was erased or done meanwhile", batch.id)
        elif isinstance(error, WorkError):
            next_at = self._next_try(batch)
            if self._db.leases.crash(batch.id, _code(error), next_at):
                metrics.extraction_failed(SET_ASIDE, final=True)
                log.error("batch %s is set aside: %s", batch.id, _code(error))
            else:
                metrics.extraction_failed(_code(error), final=False)
                log.warning("batch %s waits until %s: %s", batch.id, next_at, _code(error))
        elif isinstance(error, PERMANENT):
            # Each further try would be refused too, and paid for perhaps.
            self._db.leases.fail(batch.id, _code(error))
            metrics.extraction_failed(_code(error), final=True)
            log.warning("batch %s failed until something is changed: %s", batch.id, _code(error))
        elif isinstance(error, ModelError | StoreError):
            if batch.attempts > len(self._pauses):
                self._db.leases.fail(batch.id, _code(error))
                metrics.extraction_failed(_code(error), final=True)
                log.warning("batch %s failed: %s", batch.id, _code(error))
            else:
                next_at = self._next_try(batch, error.params.get("retry_after"))
                self._db.leases.retry(batch.id, _code(error), next_at)
                metrics.extraction_failed(_code(error), final=False)
                log.warning("batch %s waits until %s: %s", batch.id, next_at, _code(error))
        else:
            self._db.leases.fail(batch.id, _code(error))
            metrics.extraction_failed(_code(error), final=True)
            log.error("batch %s failed: %s", batch.id, _where(error))

    def _next_try(self, batch: Batch, asked: float | None = None) -> datetime:
        """When to try again; not before an endpoint asked to be left alone until."""
        number = min(batch.attempts, len(self._pauses)) - 1
        return self._clock() + timedelta(seconds=max(self._pauses[number], asked or 0.0))


def _code(error: Exception) -> str:
    if not isinstance(error, NiannianError):
        return f"unexpected:{type(error).__name__}"
    status = error.params.get("status")
    return f"{error.code}:{status}" if status else error.code


def _where(error: Exception) -> str:
    """An exception's type and place, without its words: they may quote a message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    # What was raised in the worker process brings its place as a note.
    place = next(iter(getattr(error, "__notes__", ())), place)
    return f"{_code(error)} ({place})"
