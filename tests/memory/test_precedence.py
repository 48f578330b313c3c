from __future__ import annotations

import threading
from time import perf_counter

from memory.precedence import FEW, PORTION, Precedence


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


def test_a_failed_reply_is_over() -> None:
    precedence = Precedence()
    try:
        with precedence.somebody_waits():
            raise ValueError
    except ValueError:
        precedence.give_way(longest=60)


def test_work_on_very_many_things_looks_who_waits_now_and_then() -> None:
    precedence = Precedence()
    looks: list[int] = []
    done: list[int] = []
    precedence.give_way = lambda longest=0.0: looks.append(len(done))  # type: ignore[method-assign]
    for thing in precedence.unhurried(range(FEW + 2 * PORTION)):
        done.append(thing)
    assert done == list(range(FEW + 2 * PORTION))
    assert looks == [FEW, FEW + PORTION]
    looks.clear()
    list(precedence.unhurried(range(FEW)))
    assert looks == [], "a few are done at once"
