"""What takes long is computed once, however many ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from memory.system.once import computed_once


def test_threads_that_come_meanwhile_get_what_the_first_one_made() -> None:
    made: list[object] = []
    all_there = threading.Event()

    @computed_once
    def weights() -> object:
        all_there.wait(0.1)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(8) as pool:
        given = [pool.submit(weights) for _ in range(8)]
        all_there.set()
    assert {one.result() for one in given} == set(made)
    assert len(made) == 1


def test_a_failure_is_not_kept() -> None:
    tried: list[None] = []

    @computed_once
    def weights() -> int:
        tried.append(None)
        if len(tried) == 1:
            raise OSError("not yet")
        return 7

    with pytest.raises(OSError, match="not yet"):
        weights()
    assert weights() == weights() == 7
    assert len(tried) == 2
