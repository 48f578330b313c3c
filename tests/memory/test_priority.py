from __future__ import annotations

import threading
from time import perf_counter

import pytest

from memory.priority import AT_ONCE_SECONDS, Priority


def test_nothing_waits_when_nobody_replies() -> None:
    started = perf_counter()
    Priority().yield_to_foreground(longest=5)
    assert perf_counter() - started < 1


def test_background_work_waits_for_the_reply() -> None:
    priority = Priority()
    passed = threading.Event()

    def work() -> None:
        priority.yield_to_foreground(longest=30)
        passed.set()

    with priority.foreground():
        worker = threading.Thread(target=work)
        worker.start()
        assert not passed.wait(0.2)
    assert passed.wait(5)
    worker.join()


def test_background_work_does_not_starve() -> None:
    priority = Priority()
    with priority.foreground():
        started = perf_counter()
        priority.yield_to_foreground(longest=0.1)
        assert 0.05 < perf_counter() - started < 5


def test_what_came_of_it_is_drawn_before_background_work_goes_on() -> None:
    priority = Priority()
    with priority.foreground(after=0.2):
        pass
    started = perf_counter()
    priority.yield_to_foreground(longest=5)
    assert 0.15 < perf_counter() - started < 3
    started = perf_counter()
    priority.yield_to_foreground(longest=5)
    assert perf_counter() - started < 0.1


def test_a_failed_reply_is_over() -> None:
    priority = Priority()
    try:
        with priority.foreground():
            raise ValueError
    except ValueError:
        priority.yield_to_foreground(longest=60)


def test_work_on_very_many_things_looks_who_waits_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("memory.priority.monotonic", lambda: now)
    priority = Priority()
    looks: list[int] = []
    priority.yield_to_foreground = lambda longest=0.0: looks.append(thing)  # type: ignore[method-assign]
    done = []
    for thing in priority.throttled(range(20)):
        done.append(thing)
        now += AT_ONCE_SECONDS / 10
    assert done == list(range(20))
    first, *later = looks
    assert first in (9, 10), "what takes a moment is done at once"
    # Each thing takes half of the time between two looks.
    assert later == list(range(first + 2, 19, 2))


def test_a_few_are_done_without_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Priority, "yield_to_foreground", lambda *_: pytest.fail("looked"))
    monkeypatch.setattr("memory.priority.monotonic", lambda: 7.0)
    assert list(Priority().throttled(range(1000))) == list(range(1000))
