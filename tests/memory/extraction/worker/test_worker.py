from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.errors import (
    FolderUnusable,
    ModelAuth,
    ModelBalance,
    ModelBusy,
    ModelError,
    ModelFiltered,
    ModelTimeout,
    ModelTooLong,
    ModelUnknown,
    NotFound,
    UnreadableReply,
    WorkerDied,
    WorkTimeout,
    WorkTooLarge,
)
from memory.extraction.worker import PAUSES, ExtractionWorker, Phase
from memory.extraction.worker.worker import MENDABLE
from memory.types import Batch, BatchState, Owner
from tests.memory.db_fakes import StandingClock

REPOSITORY = Path(__file__).parents[4]
OWNER = Owner("lin", "niannian")


class FakeExtraction:
    """Finishes batches in the database; raises queued errors first; records calls."""

    def __init__(self, db: Database) -> None:
        self.errors: list[Exception] = []
        self.batches: list[Batch] = []
        self.hold: threading.Event | None = None
        self.begun = threading.Event()
        self._db = db

    def run(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.begun.set()
        if self.hold is not None:
            self.hold.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        self._db.history.record([], finish_batch=batch.id, outcome={"added": 1})


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def db(tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), clock)
    yield opened
    opened.close()


@pytest.fixture
def extraction(db: Database) -> FakeExtraction:
    return FakeExtraction(db)


@pytest.fixture
def writer(db, extraction, clock) -> Iterator[ExtractionWorker]:
    made = ExtractionWorker(db, extraction, turns=3, idle_seconds=300, clock=clock)
    yield made
    made.stop()


@pytest.fixture
def talk(db: Database) -> Callable[..., str]:
    def say(turns: int, session_id: str | None = None, owner: Owner = OWNER) -> str:
        session_id = session_id or db.sessions.create(owner).id
        for n in range(turns):
            asked = db.messages.add(owner, session_id, "user", f"secret words {n}")
            db.messages.add(owner, session_id, "assistant", "好", reply_to=asked.id)
        return session_id

    return say


def test_a_batch_is_made_after_enough_turns(writer, extraction, db, talk) -> None:
    session = talk(2)
    assert writer.run_once() == 0
    assert writer.state(OWNER).phase is Phase.IDLE
    talk(1, session)
    assert writer.run_once() == 1
    assert len(extraction.batches[0].message_ids) == 6
    state = writer.state(OWNER)
    assert (state.phase, state.queued) == (Phase.IDLE, 0)
    assert state.last is not None
    assert state.last.outcome == {"added": 1}
    assert writer.run_once() == 0


def test_a_batch_is_made_after_silence(writer, extraction, talk, clock) -> None:
    talk(1)
    assert writer.run_once() == 0
    clock.forward(seconds=301)
    assert writer.run_once() == 1
    assert len(extraction.batches[0].message_ids) == 2


def test_what_piled_up_is_handed_over_in_batches(writer, extraction, talk, clock) -> None:
    talk(8)
    assert writer.run_once() == 2
    clock.forward(seconds=301)
    assert writer.run_once() == 1
    assert [len(b.message_ids) for b in extraction.batches] == [6, 6, 4]


def test_remember_now_takes_what_is_there(writer, extraction, db, talk) -> None:
    session = talk(4)
    made = writer.run_now(OWNER, session)
    assert [len(b.message_ids) for b in made] == [6, 2]
    assert writer.state(OWNER).phase is Phase.WORKING
    assert writer.state(OWNER).queued == 2
    assert writer.run_now(OWNER, session) == []
    assert writer.run_once() == 2
    with pytest.raises(NotFound):
        writer.run_now(Owner("mei", "niannian"), session)


def test_no_batch_is_taken_while_it_rests(writer, extraction, talk) -> None:
    with writer.resting():
        talk(3)
        assert writer.run_once() == 0
        assert extraction.batches == []
    assert writer.run_once() == 1


def test_an_extraction_may_be_a_function_and_may_find_nothing(db, talk, clock) -> None:
    seen = []
    writer = ExtractionWorker(db, seen.append, turns=1, clock=clock)
    talk(1)
    assert writer.run_once() == 1
    assert db.batches.get(seen[0].id).state is BatchState.DONE


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (ModelBusy(status=429), "model_busy", "429"),
        (ModelTimeout(seconds=60), "model_timeout", None),
        (UnreadableReply(), "unreadable_reply", None),
        (FolderUnusable(folder="data", why="no space left"), "folder_unusable", None),
    ],
)
def test_what_may_pass_is_tried_again_later(
    writer, extraction, db, talk, clock, error, code, detail
) -> None:
    extraction.errors = [error]
    talk(3)
    writer.run_once()
    state = writer.state(OWNER)
    assert (state.phase, state.queued, state.error, state.error_detail, state.next_at) == (
        Phase.WAITING,
        1,
        code,
        detail,
        clock.now + timedelta(seconds=30),
    )
    assert writer.run_once() == 0
    clock.forward(seconds=31)
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE
    assert writer.state(OWNER).error is None


@pytest.mark.parametrize(
    "error",
    [
        ModelAuth("no", status=401),
        ModelBalance("empty", status=402),
        ModelUnknown("gone", status=404),
        ModelTooLong("too much"),
        ModelFiltered("no"),
    ],
)
def test_what_does_not_pass_by_itself_is_not_paid_for_again(
    error: ModelError, writer, extraction, db, talk
) -> None:
    talk(3)
    extraction.errors = [error]
    writer.run_once()
    assert writer.state(OWNER).phase is Phase.FAILED
    assert len(extraction.batches) == 1


def test_what_new_settings_may_have_mended_is_tried_at_the_next_start(
    writer, extraction, db, talk
) -> None:
    talk(3)
    extraction.errors = [ModelAuth("no", status=401)]
    writer.run_once()
    assert db.leases.revive(MENDABLE) == 1
    writer.run_once()
    assert writer.state(OWNER).phase is Phase.IDLE
    assert db.leases.revive(MENDABLE) == 0


def test_pauses_grow_and_then_the_batch_has_failed(writer, extraction, db, talk, clock) -> None:
    extraction.errors = [ModelBusy() for _ in range(6)]
    talk(3)
    for pause in PAUSES:
        assert writer.run_once() == 1
        [batch] = db.batches.of(OWNER)
        assert batch.next_at == clock.now + timedelta(seconds=pause)
        clock.forward(seconds=pause)
    assert writer.run_once() == 1
    state = writer.state(OWNER)
    assert (state.phase, state.queued, state.error) == (Phase.FAILED, 0, "model_busy")
    clock.forward(days=30)
    assert writer.run_once() == 0
    writer.rerun(OWNER, state.failed[0])
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE
    assert len(extraction.batches) == 7


def test_remember_now_does_not_wait_for_the_next_try(writer, extraction, talk) -> None:
    extraction.errors = [ModelBusy()]
    session = talk(3)
    writer.run_once()
    assert writer.run_now(OWNER, session) == []
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


def test_an_unexpected_error_fails_the_batch_and_no_other(
    writer, extraction, talk, caplog, clock
) -> None:
    extraction.errors = [ValueError("secret words 0")]
    talk(3)
    clock.forward(seconds=1)
    talk(3, owner=Owner("mei", "niannian"))
    with caplog.at_level(logging.DEBUG):
        assert writer.run_once() == 2
    state = writer.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (
        Phase.FAILED,
        "unexpected",
        "ValueError",
    )
    assert writer.state(Owner("mei", "niannian")).phase is Phase.IDLE
    assert "ValueError" in caplog.text
    assert "secret words" not in caplog.text


def test_a_batch_erased_while_it_was_worked_on_is_let_go(extraction, db, talk, clock) -> None:
    talk(3)

    def erased_meanwhile(batch: Batch) -> None:
        db.erasure.erase_owner(OWNER)
        extraction.run(batch)

    writer = ExtractionWorker(db, erased_meanwhile, turns=3, clock=clock)
    assert writer.run_once() == 1
    assert db.batches.of(OWNER) == []
    assert writer.state(OWNER).phase is Phase.IDLE


def test_power_cuts_in_a_row_are_not_held_against_a_batch(db, extraction, talk, clock) -> None:
    session_id = talk(3)
    db.batches.make(OWNER, session_id, max_turns=3)
    for _ in range(5):
        assert db.leases.claim("dying", clock.now)
        db.leases.release()  # as the next start does
    writer = ExtractionWorker(db, extraction, turns=3, clock=clock)
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


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
    writer = ExtractionWorker(db, extraction, turns=3, clock=clock)
    assert writer.run_once() == 0
    assert extraction.batches == []
    state = writer.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (Phase.FAILED, "set_aside", "died")
    assert state.set_aside == state.failed != ()


@pytest.mark.parametrize("error", [WorkTimeout(seconds=60), WorkTooLarge(), WorkerDied(exit=-9)])
def test_a_batch_that_stops_its_worker_three_times_is_set_aside_until_somebody_asks(
    writer, extraction, db, talk, clock, error
) -> None:
    extraction.errors = [error] * 3
    session = talk(3)
    for pause in PAUSES[:2]:
        assert writer.run_once() == 1
        state = writer.state(OWNER)
        assert (state.phase, state.error, state.set_aside) == (Phase.WAITING, error.code, ())
        clock.forward(seconds=pause)
    assert writer.run_once() == 1
    state = writer.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (
        Phase.FAILED,
        "set_aside",
        error.code,
    )
    # Not by itself, not after a restart, not because the session is remembered now.
    clock.forward(days=30)
    writer.run_now(OWNER, session)
    db.leases.hasten_retries()
    again = ExtractionWorker(db, extraction, turns=3, clock=clock)
    again.start()
    assert again.wait_idle()
    again.stop()
    assert len(extraction.batches) == 3
    (batch_id,) = state.set_aside
    writer.rerun(OWNER, batch_id)
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


def test_after_trying_again_by_hand_it_has_three_tries_more(
    writer, extraction, talk, clock
) -> None:
    extraction.errors = [WorkerDied(exit=1)] * 6
    talk(3)
    for round in (1, 2):
        for _ in range(3):
            writer.run_once()
            clock.forward(days=1)
        assert len(extraction.batches) == 3 * round
        (batch_id,) = writer.state(OWNER).set_aside
        writer.rerun(OWNER, batch_id)
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


def test_passing_errors_of_an_endpoint_are_no_crashes(writer, extraction, talk, clock) -> None:
    extraction.errors = [WorkerDied(), ModelBusy(), ModelTimeout(), WorkerDied(), ModelBusy()]
    talk(3)
    for _ in range(5):
        assert writer.run_once() == 1
        assert writer.state(OWNER).phase is Phase.WAITING
        clock.forward(days=1)
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


def test_a_ledger_that_fails_is_no_crash_of_the_batch(
    writer, extraction, db, talk, clock, monkeypatch
) -> None:
    """A full disk, say: the worker lives, and takes up the batch again."""
    extraction.errors = [WorkerDied()] * 2 + [FolderUnusable(why="disk full")] * 2
    monkeypatch.setattr(db.leases, "retry", lambda *_: (_ for _ in ()).throw(OSError("full")))
    talk(3)
    for _ in range(2):
        writer.run_once()
        clock.forward(days=1)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            writer.run_once()
    monkeypatch.undo()
    assert writer.run_once() == 1
    assert writer.state(OWNER).phase is Phase.IDLE


def test_being_asked_to_stop_is_no_crash(db, extraction, talk, clock) -> None:
    talk(3)
    for _ in range(5):
        extraction.hold, extraction.errors = threading.Event(), [RuntimeError("closed")]
        extraction.begun.clear()
        writer = ExtractionWorker(db, extraction, turns=3, clock=clock)
        writer.start()
        assert extraction.begun.wait(2)
        assert not writer.stop(timeout=0.05)
        writer.stop(timeout=0.05)  # said twice, excused once
        extraction.hold.set()
        assert writer.stop()
    extraction.hold = None
    last = ExtractionWorker(db, extraction, turns=3, clock=clock)
    last.start()
    assert last.wait_idle()
    last.stop()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


def test_owed_changes_are_settled_and_failing_to_is_no_reason_to_stop(
    db, extraction, talk, clock
) -> None:
    calls = []

    def settle() -> None:
        calls.append(1)
        raise FolderUnusable(folder="data", why="no space left")

    writer = ExtractionWorker(db, extraction, turns=3, clock=clock, settle=settle)
    talk(3)
    assert writer.run_once() == 1
    assert writer.run_once() == 0
    assert calls == [1]


# --- the thread ---------------------------------------------------------------------


def test_the_thread_works_when_woken_and_stops_quickly(writer, extraction, db, talk) -> None:
    writer.start()
    writer.start()
    assert writer.wait_idle()
    session = talk(3)
    writer.wake(OWNER, session)
    assert extraction.begun.wait(1)
    assert writer.wait_idle()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1
    assert writer.stop(timeout=2)
    assert not writer.wait_idle(0.1)


def test_waking_never_waits_for_an_extraction(writer, extraction, talk) -> None:
    extraction.hold = threading.Event()
    writer.start()
    session = talk(3)
    writer.wake(OWNER, session)
    assert extraction.begun.wait(2)
    assert writer.state(OWNER).phase is Phase.WORKING
    writer.wake(OWNER, session)
    assert not writer.wait_idle(0.2)
    extraction.hold.set()
    assert writer.wait_idle()


def test_an_extraction_cut_short_by_stopping_is_taken_up_again(
    writer, extraction, db, talk, clock
) -> None:
    extraction.hold = threading.Event()
    extraction.errors = [RuntimeError("the folder was closed")]
    writer.start()
    talk(3)
    writer.wake()
    assert extraction.begun.wait(2)
    assert not writer.stop(timeout=0.05)
    extraction.hold.set()
    assert writer.stop()
    assert db.batches.queue_state(OWNER)[BatchState.WORKING] == 1
    next_one = ExtractionWorker(db, extraction, turns=3, clock=clock)
    next_one.start()
    assert next_one.wait_idle()
    next_one.stop()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


def test_the_thread_outlives_a_ledger_that_fails(writer, extraction, db, talk, monkeypatch):
    writer.start()
    talk(3)
    claim = db.leases.claim
    failures = [FolderUnusable(folder="data", why="no space left")]

    def failing(*args, **more):
        if failures:
            raise failures.pop()
        return claim(*args, **more)

    monkeypatch.setattr(db.leases, "claim", failing)
    assert writer.wait_idle()
    assert writer.wait_idle()
    assert db.batches.queue_state(OWNER)[BatchState.DONE] == 1


def test_two_writers_share_the_work(db, talk, clock) -> None:
    for n in range(12):
        talk(3, owner=Owner(f"user{n}", "niannian"))
    seen: list[str] = []

    def extract(batch: Batch) -> None:
        seen.append(batch.id)

    writers = [
        ExtractionWorker(db, extract, turns=3, clock=clock, exclusive=False) for _ in range(2)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        assert writer.wait_idle()
    for writer in writers:
        writer.stop()
    assert len(seen) == len(set(seen)) == 12
    assert db.batches.queue_state()[BatchState.DONE] == 12


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
    writer = ExtractionWorker(db, extraction, turns=3)
    assert db.batches.queue_state(OWNER)[BatchState.WORKING] == 1
    writer.start()
    assert writer.wait_idle()
    writer.stop()
    assert [len(b.message_ids) for b in extraction.batches] == [6]
    assert db.batches.queue_state(OWNER) == {
        **dict.fromkeys(BatchState, 0),
        BatchState.DONE: 1,
    }
    db.close()
