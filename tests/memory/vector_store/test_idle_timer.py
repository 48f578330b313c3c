"""Work that waits until nothing is written any more."""

from __future__ import annotations

import threading
import time

import pytest

from memory.vector_store import idle_timer as pause
from memory.vector_store.idle_timer import IdleTimer


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause, "PAUSE_SECONDS", 0.2)


def test_work_waits_until_writing_stops_and_is_done_once() -> None:
    done: list[float] = []
    worked = threading.Event()

    def work() -> None:
        done.append(time.monotonic())
        worked.set()

    waiting = IdleTimer(work)
    for _ in range(5):
        waiting.written()
        waiting.wanted()
        last = time.monotonic()
        time.sleep(0.1)
    assert worked.wait(10)
    assert done[0] - last >= 0.19
    time.sleep(0.5)
    assert len(done) == 1
    waiting.wanted()
    time.sleep(0.5)
    assert len(done) == 2, "work that comes later is done in the next pause"


def test_forgotten_work_is_not_done() -> None:
    done: list[int] = []
    waiting = IdleTimer(lambda: done.append(1))
    waiting.wanted()
    waiting.forget()
    time.sleep(0.5)
    assert done == []
