"""What is loaded at the start isn't walked by the cycle collector again."""

from __future__ import annotations

import gc
import threading

import pytest

from components import long_lived


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
    monkeypatch.setattr(long_lived, "_once", threading.Lock())
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
