"""Turns become batches, and batches are worked on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from memory.errors import FolderUnusable, ModelBusy, ModelTimeout, NotFound, UnreadableReply
from memory.extraction.worker import ExtractionWorker, Phase
from memory.types import Batch, BatchState, Owner
from tests.memory.extraction.worker.fake_extraction import OWNER


def test_a_batch_is_made_after_enough_turns(worker, extraction, db, talk) -> None:
    session = talk(2)
    assert worker.run_once() == 0
    assert worker.state(OWNER).phase is Phase.IDLE
    talk(1, session)
    assert worker.run_once() == 1
    assert len(extraction.batches[0].message_ids) == 6
    state = worker.state(OWNER)
    assert (state.phase, state.queued) == (Phase.IDLE, 0)
    assert state.last is not None
    assert state.last.outcome == {"added": 1}
    assert worker.run_once() == 0


def test_a_batch_is_made_after_silence(worker, extraction, talk, clock) -> None:
    talk(1)
    assert worker.run_once() == 0
    clock.forward(seconds=301)
    assert worker.run_once() == 1
    assert len(extraction.batches[0].message_ids) == 2


def test_what_piled_up_is_handed_over_in_batches(worker, extraction, talk, clock) -> None:
    talk(8)
    assert worker.run_once() == 2
    clock.forward(seconds=301)
    assert worker.run_once() == 1
    assert [len(b.message_ids) for b in extraction.batches] == [6, 6, 4]


def test_remember_now_takes_what_is_there(worker, extraction, db, talk) -> None:
    session = talk(4)
    made = worker.run_now(OWNER, session)
    assert [len(b.message_ids) for b in made] == [6, 2]
    assert worker.state(OWNER).phase is Phase.WORKING
    assert worker.state(OWNER).queued == 2
    assert worker.run_now(OWNER, session) == []
    assert worker.run_once() == 2
    with pytest.raises(NotFound):
        worker.run_now(Owner("mei", "niannian"), session)


def test_no_batch_is_taken_while_it_rests(worker, extraction, talk) -> None:
    with worker.resting():
        talk(3)
        assert worker.run_once() == 0
        assert extraction.batches == []
    assert worker.run_once() == 1


def test_an_extraction_may_be_a_function_and_may_find_nothing(db, talk, clock) -> None:
    seen = []
    worker = ExtractionWorker(db, seen.append, turns=1, clock=clock)
    talk(1)
    assert worker.run_once() == 1
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
    worker, extraction, db, talk, clock, error, code, detail
) -> None:
    extraction.errors = [error]
    talk(3)
    worker.run_once()
    state = worker.state(OWNER)
    assert (state.phase, state.queued, state.error, state.error_detail, state.next_at) == (
        Phase.WAITING,
        1,
        code,
        detail,
        clock.now + timedelta(seconds=30),
    )
    assert worker.run_once() == 0
    clock.forward(seconds=31)
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE
    assert worker.state(OWNER).error is None


def test_a_batch_erased_while_it_was_worked_on_is_let_go(extraction, db, talk, clock) -> None:
    talk(3)

    def erased_meanwhile(batch: Batch) -> None:
        db.erasure.erase_owner(OWNER)
        extraction.run(batch)

    worker = ExtractionWorker(db, erased_meanwhile, turns=3, clock=clock)
    assert worker.run_once() == 1
    assert db.batches.of(OWNER) == []
    assert worker.state(OWNER).phase is Phase.IDLE


def test_owed_changes_are_settled_and_failing_to_is_no_reason_to_stop(
    db, extraction, talk, clock
) -> None:
    calls = []

    def settle() -> None:
        calls.append(1)
        raise FolderUnusable(folder="data", why="no space left")

    worker = ExtractionWorker(db, extraction, turns=3, clock=clock, settle=settle)
    talk(3)
    assert worker.run_once() == 1
    assert worker.run_once() == 0
    assert calls == [1]
