"""Steps in the background after the start."""

from __future__ import annotations

import logging
import threading
from time import monotonic

import pytest

from memory.priority import Priority
from memory.system import warm_up as warm_up_module
from memory.system.warm_up import WarmUp

SOON = 10.0


@pytest.fixture
def priority() -> Priority:
    return Priority()


def test_steps_run_in_order_in_one_thread(priority: Priority) -> None:
    warm_up, seen, done = WarmUp(priority, after=0.01), [], threading.Event()
    for name in ("one", "two"):
        warm_up.add(name, lambda name=name: seen.append((name, threading.get_ident())))
    warm_up.add("last", done.set)
    assert done.wait(SOON)
    assert [name for name, _ in seen] == ["one", "two"]
    assert len({thread for _, thread in seen} | {threading.get_ident()}) == 2


def test_one_that_fails_is_logged_and_the_next_runs(
    priority: Priority, caplog: pytest.LogCaptureFixture
) -> None:
    warm_up, done = WarmUp(priority, after=0), threading.Event()

    def broken() -> None:
        raise ImportError("no such library")

    with caplog.at_level(logging.ERROR):
        warm_up.add("broken", broken)
        warm_up.add("next", done.set)
        assert done.wait(SOON)
    assert [record.getMessage() for record in caplog.records] == ["warming up broken failed"]


def test_what_is_added_after_all_is_done_runs_too(priority: Priority) -> None:
    warm_up = WarmUp(priority, after=0)
    for _ in range(3):
        done = threading.Event()
        warm_up.add("step", done.set)
        assert done.wait(SOON)


def test_stopped_before_its_time_nothing_runs(priority: Priority) -> None:
    warm_up, seen = WarmUp(priority, after=SOON), []
    warm_up.add("step", lambda: seen.append("ran"))
    warm_up.stop()
    warm_up.add("another", lambda: seen.append("ran"))
    warm_up.stop()
    assert seen == []
    assert not [t for t in threading.enumerate() if t.name == "niannian-warm-up"]


def test_somebody_who_waits_goes_first(priority: Priority) -> None:
    warm_up, done = WarmUp(priority, after=0), threading.Event()
    with priority.foreground():
        warm_up.add("step", done.set)
        assert not done.wait(0.2)
    assert done.wait(SOON)
    warm_up.stop()


def test_somebody_who_opens_a_page_goes_first(
    priority: Priority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm_up_module, "HOLD_SECONDS", 0.3)
    warm_up, at = WarmUp(priority, after=0), []
    warm_up.hold_off()
    begun, done = monotonic(), threading.Event()
    warm_up.add("step", lambda: (at.append(monotonic()), done.set()))
    assert done.wait(SOON)
    assert at[0] - begun > 0.2
