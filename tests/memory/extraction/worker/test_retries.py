"""Errors that pass by themselves are tried again, others wait for somebody."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from memory.errors import (
    ModelAuth,
    ModelBalance,
    ModelBusy,
    ModelError,
    ModelFiltered,
    ModelTimeout,
    ModelTooLong,
    ModelUnknown,
    WorkerDied,
)
from memory.extraction.worker import PAUSES, Phase
from memory.extraction.worker.worker import MENDABLE
from memory.types import Owner
from tests.memory.extraction.worker.fake_extraction import OWNER


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
    error: ModelError, worker, extraction, db, talk
) -> None:
    talk(3)
    extraction.errors = [error]
    worker.run_once()
    assert worker.state(OWNER).phase is Phase.FAILED
    assert len(extraction.batches) == 1


def test_what_new_settings_may_have_mended_is_tried_at_the_next_start(
    worker, extraction, db, talk
) -> None:
    talk(3)
    extraction.errors = [ModelAuth("no", status=401)]
    worker.run_once()
    assert db.leases.revive(MENDABLE) == 1
    worker.run_once()
    assert worker.state(OWNER).phase is Phase.IDLE
    assert db.leases.revive(MENDABLE) == 0


def test_pauses_grow_and_then_the_batch_has_failed(worker, extraction, db, talk, clock) -> None:
    extraction.errors = [ModelBusy() for _ in range(6)]
    talk(3)
    for pause in PAUSES:
        assert worker.run_once() == 1
        [batch] = db.batches.of(OWNER)
        assert batch.next_at == clock.now + timedelta(seconds=pause)
        clock.forward(seconds=pause)
    assert worker.run_once() == 1
    state = worker.state(OWNER)
    assert (state.phase, state.queued, state.error) == (Phase.FAILED, 0, "model_busy")
    clock.forward(days=30)
    assert worker.run_once() == 0
    worker.rerun(OWNER, state.failed[0])
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE
    assert len(extraction.batches) == 7


def test_remember_now_does_not_wait_for_the_next_try(worker, extraction, talk) -> None:
    extraction.errors = [ModelBusy()]
    session = talk(3)
    worker.run_once()
    assert worker.run_now(OWNER, session) == []
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE


def test_an_unexpected_error_fails_the_batch_and_no_other(
    worker, extraction, talk, caplog, clock
) -> None:
    extraction.errors = [ValueError("secret words 0")]
    talk(3)
    clock.forward(seconds=1)
    talk(3, owner=Owner("mei", "niannian"))
    with caplog.at_level(logging.DEBUG):
        assert worker.run_once() == 2
    state = worker.state(OWNER)
    assert (state.phase, state.error, state.error_detail) == (
        Phase.FAILED,
        "unexpected",
        "ValueError",
    )
    assert worker.state(Owner("mei", "niannian")).phase is Phase.IDLE
    assert "ValueError" in caplog.text
    assert "secret words" not in caplog.text


def test_passing_errors_of_an_endpoint_are_no_crashes(worker, extraction, talk, clock) -> None:
    extraction.errors = [WorkerDied(), ModelBusy(), ModelTimeout(), WorkerDied(), ModelBusy()]
    talk(3)
    for _ in range(5):
        assert worker.run_once() == 1
        assert worker.state(OWNER).phase is Phase.WAITING
        clock.forward(days=1)
    assert worker.run_once() == 1
    assert worker.state(OWNER).phase is Phase.IDLE
