"""Worker status, read from the database for the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memory.db import SET_ASIDE, Database
from memory.types import Batch, BatchState, Owner


class Phase(StrEnum):
    """What the extraction worker is doing for an owner."""

    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class WorkerState:
    """The extraction worker as an owner sees it.

    ``queued`` counts batches that are not done and not failed. ``error`` is a
    code of :mod:`memory.errors` with ``error_detail`` (an HTTP status, the name of
    an exception), of the batch that waits or failed last. ``set_aside`` are those of
    ``failed`` that stopped their worker again and again: only somebody who asks for
    them by name runs them again. ``last`` is the batch that was finished last; its
    ``outcome`` says what came out of it.
    """

    phase: Phase
    queued: int = 0
    next_at: datetime | None = None
    error: str | None = None
    error_detail: str | None = None
    waiting: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    last: Batch | None = None


def read_state(db: Database, owner: Owner) -> WorkerState:
    """The state as the database has it; nothing of it is kept anywhere else."""
    unfinished = [state for state in BatchState if state is not BatchState.DONE]
    found = db.batches.of(owner, unfinished, None)
    done = db.batches.of(owner, [BatchState.DONE], 1)
    busy = [b for b in found if b.state in (BatchState.WORKING, BatchState.PENDING)]
    waiting = [b for b in found if b.state is BatchState.RETRY]
    waiting.sort(key=lambda batch: batch.next_at or batch.created_at)
    failed = [b for b in found if b.state is BatchState.FAILED]
    # What may still be helped is more of a help to know than what was set aside.
    failed.sort(key=is_set_aside)
    troubled = waiting[0] if waiting else failed[0] if failed else None
    # A batch is done with its history; the store has its memories a moment later.
    storing = not (busy or waiting or failed) and db.history.is_owing([owner.user_id])
    code, _, detail = ((troubled.error if troubled else None) or "").partition(":")
    return WorkerState(
        phase=Phase.WORKING if storing else _phase(busy, waiting, failed),
        queued=len(busy) + len(waiting),
        next_at=waiting[0].next_at if waiting else None,
        error=code or None,
        error_detail=detail or None,
        waiting=tuple(b.id for b in waiting),
        failed=tuple(b.id for b in failed),
        set_aside=tuple(b.id for b in failed if is_set_aside(b)),
        last=done[0] if done else None,
    )


def is_set_aside(batch: Batch) -> bool:
    """Whether a batch stopped its worker so often that nobody takes it up by itself."""
    return batch.state is BatchState.FAILED and (batch.error or "").split(":")[0] == SET_ASIDE


def _phase(busy: list[Batch], waiting: list[Batch], failed: list[Batch]) -> Phase:
    if busy:
        return Phase.WORKING
    if waiting:
        return Phase.WAITING
    return Phase.FAILED if failed else Phase.IDLE
