"""The worker's thread: woken, stopped, outliving errors, sharing the work."""

from __future__ import annotations

import threading

from memory.errors import FolderUnusable
from memory.extraction.worker import ExtractionWorker, Phase
from memory.types import Batch, BatchState, Owner
from tests.memory.extraction.worker.fake_extraction import OWNER


def test_the_thread_works_when_woken_and_stops_quickly(worker, extraction, db, talk) -> None:
    worker.start()
    worker.start()
    assert worker.wait_idle()
    session = talk(3)
    worker.wake(OWNER, session)
    assert extraction.begun.wait(1)
    assert worker.wait_idle()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1
    assert worker.stop(timeout=2)
    assert not worker.wait_idle(0.1)


def test_waking_never_waits_for_an_extraction(worker, extraction, talk) -> None:
    extraction.hold = threading.Event()
    worker.start()
    session = talk(3)
    worker.wake(OWNER, session)
    assert extraction.begun.wait(2)
    assert worker.state(OWNER).phase is Phase.WORKING
    worker.wake(OWNER, session)
    assert not worker.wait_idle(0.2)
    extraction.hold.set()
    assert worker.wait_idle()


def test_an_extraction_cut_short_by_stopping_is_taken_up_again(
    worker, extraction, db, talk, clock
) -> None:
    extraction.hold = threading.Event()
    extraction.errors = [RuntimeError("the folder was closed")]
    worker.start()
    talk(3)
    worker.wake()
    assert extraction.begun.wait(2)
    assert not worker.stop(timeout=0.05)
    extraction.hold.set()
    assert worker.stop()
    assert db.batches.queue_state(OWNER)[BatchState.WORKING] == 1
    next_one = ExtractionWorker(db, extraction, turns=3, clock=clock)
    next_one.start()
    assert next_one.wait_idle()
    next_one.stop()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


def test_the_thread_outlives_a_database_that_fails(worker, extraction, db, talk, monkeypatch):
    worker.start()
    talk(3)
    claim = db.leases.claim
    failures = [FolderUnusable(folder="data", why="no space left")]

    def failing(*args, **more):
        if failures:
            raise failures.pop()
        return claim(*args, **more)

    monkeypatch.setattr(db.leases, "claim", failing)
    assert worker.wait_idle()
    assert worker.wait_idle()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


def test_two_workers_share_the_work(db, talk, clock) -> None:
    for n in range(12):
        talk(3, owner=Owner(f"user{n}", "niannian"))
    seen: list[str] = []

    def extract(batch: Batch) -> None:
        seen.append(batch.id)

    workers = [
        ExtractionWorker(db, extract, turns=3, clock=clock, exclusive=False) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        assert worker.wait_idle()
    for worker in workers:
        worker.stop()
    assert len(seen) == len(set(seen)) == 12
    assert db.batches.queue_state()[BatchState.DONE] == 12
