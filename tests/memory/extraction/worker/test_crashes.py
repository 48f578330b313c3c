"""A batch that crashes its worker is set aside in the end, and only then."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import FolderUnusable, WorkerDied, WorkTimeout, WorkTooLarge
from memory.extraction.worker import PAUSES, ExtractionWorker, Phase
from memory.types import BatchState
from tests.memory.extraction.worker.fake_extraction import OWNER, FakeExtraction

REPOSITORY = Path(__file__).parents[4]


def test_power_cuts_in_a_row_are_not_held_against_a_batch(db, extraction, talk, clock) -> None:
    session_id = talk(3)
    db.batches.make(OWNER, session_id, max_turns=3)
    for _ in range(5):
        assert db.leases.claim("dying", clock.now)
        db.leases.release()  # as the next start does
    worker = ExtractionWorker(db, extraction, turns=3, clock=clock)
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE


@pytest.mark.parametrize("killed", [8, 9])
def test_a_batch_with_which_the_program_always_dies_is_set_aside(
    db, extraction, talk, clock, killed
) -> None:
    session_id = talk(3)
    db.batches.make(OWNER, session_id, max_turns=3)
    for number in range(killed):
        taken = db.leases.claim("dying", clock.now)
        assert (taken is not None) == (number < 8)
        db.leases.release()  # as the next start does
    worker = ExtractionWorker(db, extraction, turns=3, clock=clock)
    assert worker.run_once() == 0
    assert extraction.batches == []
    state = worker.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (Phase.FAILED, "set_aside", "died")
    assert state.set_aside == state.failed != ()


@pytest.mark.parametrize("error", [WorkTimeout(seconds=60), WorkTooLarge(), WorkerDied(exit=-9)])
def test_a_batch_that_stops_its_worker_three_times_is_set_aside_until_somebody_asks(
    worker, extraction, db, talk, clock, error
) -> None:
    extraction.errors = [error] * 3
    session = talk(3)
    for pause in PAUSES[:2]:
        assert worker.run_once() == 1
        state = worker.state(OWNER)
        assert (state.phase, state.error, state.set_aside) == (Phase.WAITING, error.code, ())
        clock.forward(seconds=pause)
    assert worker.run_once() == 1
    state = worker.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (
        Phase.FAILED,
        "set_aside",
        error.code,
    )
    # Not by itself, not after a restart, not because the session is remembered now.
    clock.forward(days=30)
    worker.run_now(OWNER, session)
    db.leases.hasten_retries()
    again = ExtractionWorker(db, extraction, turns=3, clock=clock)
    again.start()
    assert again.wait_idle()
    again.stop()
    assert len(extraction.batches) == 3
    (batch_id,) = state.set_aside
    worker.rerun(OWNER, batch_id)
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE


def test_after_trying_again_by_hand_it_has_three_tries_more(
    worker, extraction, talk, clock
) -> None:
    extraction.errors = [WorkerDied(exit=1)] * 6
    talk(3)
    for round in (1, 2):
        for _ in range(3):
            worker.run_once()
            clock.forward(days=1)
        assert len(extraction.batches) == 3 * round
        (batch_id,) = worker.state(OWNER).set_aside
        worker.rerun(OWNER, batch_id)
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE


def test_a_database_that_fails_is_no_crash_of_the_batch(
    worker, extraction, db, talk, clock, monkeypatch
) -> None:
    """A full disk, say: the worker lives, and takes up the batch again."""
    extraction.errors = [WorkerDied()] * 2 + [FolderUnusable(why="disk full")] * 2
    monkeypatch.setattr(db.leases, "retry", lambda *_: (_ for _ in ()).throw(OSError("full")))
    talk(3)
    for _ in range(2):
        worker.run_once()
        clock.forward(days=1)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            worker.run_once()
    monkeypatch.undo()
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE


def test_being_asked_to_stop_is_no_crash(db, extraction, talk, clock) -> None:
    talk(3)
    for _ in range(5):
        extraction.hold, extraction.errors = threading.Event(), [RuntimeError("closed")]
        extraction.begun.clear()
        worker = ExtractionWorker(db, extraction, turns=3, clock=clock)
        worker.start()
        assert extraction.begun.wait(2)
        assert not worker.stop(timeout=0.05)
        worker.stop(timeout=0.05)  # said twice, excused once
        extraction.hold.set()
        assert worker.stop()
    extraction.hold = None
    last = ExtractionWorker(db, extraction, turns=3, clock=clock)
    last.start()
    assert last.wait_idle()
    last.stop()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


DYING = """
import os, signal, sys
from pathlib import Path
from memory.db import Database, resolve_database_url
from memory.extraction.worker import ExtractionWorker
db = Database(resolve_database_url(Path(sys.argv[1])))
ExtractionWorker(db, lambda batch: os.kill(os.getpid(), signal.SIGKILL), turns=3).run_once()
"""


def test_kill_during_an_extraction_leaves_the_batch_for_the_next_start(tmp_path: Path) -> None:
    db = Database(resolve_database_url(tmp_path))
    session = db.sessions.create(OWNER)
    for _ in range(3):
        asked = db.messages.add(OWNER, session.id, "user", "我有猫")
        db.messages.add(OWNER, session.id, "assistant", "好", reply_to=asked.id)
    db.close()
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path)], cwd=REPOSITORY, timeout=60, check=False
    )
    assert died.returncode == -9
    db = Database(resolve_database_url(tmp_path))
    extraction = FakeExtraction(db)
    worker = ExtractionWorker(db, extraction, turns=3)
    assert db.batches.queue_state(OWNER)[BatchState.WORKING] == 1
    worker.start()
    assert worker.wait_idle()
    worker.stop()
    assert [len(b.message_ids) for b in extraction.batches] == [6]
    assert db.batches.queue_state(OWNER) == {
        **dict.fromkeys(BatchState, 0),
        BatchState.DONE: 1,
    }
    db.close()
