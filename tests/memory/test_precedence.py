from __future__ import annotations

import threading
from time import perf_counter

from memory.precedence import Precedence


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

    with precedence.reply():
        worker = threading.Thread(target=work)
        worker.start()
        assert not passed.wait(0.2)
    assert passed.wait(5)
    worker.join()


def test_background_work_does_not_starve() -> None:
    precedence = Precedence()
    with precedence.reply():
        started = perf_counter()
        precedence.give_way(longest=0.1)
        assert 0.05 < perf_counter() - started < 5


def test_a_failed_reply_is_over() -> None:
    precedence = Precedence()
    try:
        with precedence.reply():
            raise ValueError
    except ValueError:
        precedence.give_way(longest=60)
