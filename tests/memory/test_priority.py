from __future__ import annotations

import threading
from time import perf_counter

import pytest

from memory.priority import AT_ONCE_SECONDS, Precedence


def test_nothing_waits_when_nobody_replies() -> None:
    started = perf_counter()
    Precedence().give_way(longest=5)
    assert perf_counter() - started < 1


def test_background_work_waits_for_the_reply() -> None:
    precedence = Precedence()
    passed = threading.Event()

    def work() -> None:
        precedence.give_way(longest=30)
        passed.set()

    with precedence.somebody_waits():
        worker = threading.Thread(target=work)
        worker.start()
        assert not passed.wait(0.2)
    assert passed.wait(5)
    worker.join()


def test_background_work_does_not_starve() -> None:
    precedence = Precedence()
    with precedence.somebody_waits():
        started = perf_counter()
        precedence.give_way(longest=0.1)
        assert 0.05 < perf_counter() - started < 5


def test_what_came_of_it_is_drawn_before_background_work_goes_on() -> None:
    precedence = Precedence()
    with precedence.somebody_waits(after=0.2):
        pass
    started = perf_counter()
    precedence.give_way(longest=5)
    assert 0.15 < perf_counter() - started < 3
    started = perf_counter()
    precedence.give_way(longest=5)
    assert perf_counter() - started < 0.1


def test_a_failed_reply_is_over() -> None:
    precedence = Precedence()
    try:
        with precedence.somebody_waits():
            raise ValueError
    except ValueError:
        precedence.give_way(longest=60)


def test_work_on_very_many_things_looks_who_waits_now_and_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr("memory.priority.monotonic", lambda: now)
    precedence = Precedence()
    looks: list[int] = []
    precedence.give_way = lambda longest=0.0: looks.append(thing)  # type: ignore[method-assign]
    done = []
    for thing in precedence.unhurried(range(20)):
        done.append(thing)
        now += AT_ONCE_SECONDS / 10
    assert done == list(range(20))
    first, *later = looks
    assert first in (9, 10), "what takes a moment is done at once"
    # Each thing takes half of the time between two looks.
    assert later == list(range(first + 2, 19, 2))


def test_a_few_are_done_without_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Precedence, "give_way", lambda *_: pytest.fail("looked"))
    monkeypatch.setattr("memory.priority.monotonic", lambda: 7.0)
    assert list(Precedence().unhurried(range(1000))) == list(range(1000))
