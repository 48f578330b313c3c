"""What is loaded at the start isn't walked by the cycle collector again."""

from __future__ import annotations

import gc
import threading

import pytest

from components import collector, long_lived


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    started: list[float] = []

    class Noted:
        daemon = False

        def __init__(self, seconds: float, work: object) -> None:
            self.seconds = seconds

        def start(self) -> None:
            started.append(self.seconds)

    monkeypatch.setattr(long_lived.threading, "Timer", Noted)
    monkeypatch.setattr(long_lived, "once", threading.Lock())
    return started


def test_once_in_a_process(timers: list[float]) -> None:
    long_lived.set_aside_soon()
    long_lived.set_aside_soon()
    assert tuple(timers) == long_lived.AFTER


def test_what_is_set_aside_is_not_walked_again() -> None:
    kept = [[n] for n in range(1000)]
    try:
        long_lived.set_aside()
        assert gc.get_freeze_count() > len(kept)
        assert not any(thing is kept for thing in gc.get_objects())
    finally:
        gc.unfreeze()


def test_the_collector_looks_seldom_while_starting_and_more_often_afterwards() -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(*collector.STARTING)
        long_lived.set_aside()
        assert gc.get_threshold() == collector.RUNNING
        # A cycle of that many objects is found without anybody asking.
        found: list[int] = []

        class Cycle:
            def __init__(self) -> None:
                self.me = self

            def __del__(self) -> None:
                found.append(1)

        made = 2 * collector.RUNNING[0]
        for _ in range(made):
            Cycle()
        assert len(found) > made // 4
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
