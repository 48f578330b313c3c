"""Who writes at the same time, and who waits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from memory.store.turns import Turns

PATIENCE = 5.0


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_different_memories_are_written_at_once() -> None:
    turns, together = Turns(), threading.Barrier(2, timeout=PATIENCE)

    def write(id: str) -> None:
        with turns.of([id]):
            together.wait()

    threads = [started(lambda id=id: write(id)) for id in ("a", "b")]
    for thread in threads:
        thread.join(PATIENCE)
    assert not together.broken


def test_the_same_memory_is_written_in_turn() -> None:
    turns, inside, order = Turns(), threading.Event(), []
    may_go = threading.Event()

    def first() -> None:
        with turns.of(["a", "b"]):
            inside.set()
            may_go.wait(PATIENCE)
            order.append("first")

    def second() -> None:
        with turns.of(["b", "c"]):
            order.append("second")

    one = started(first)
    assert inside.wait(PATIENCE)
    other = started(second)
    other.join(0.1)
    assert other.is_alive()
    may_go.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert order == ["first", "second"]


def test_alone_waits_for_all_and_keeps_all_out() -> None:
    turns, inside, order = Turns(), threading.Event(), []
    may_go = threading.Event()

    def write() -> None:
        with turns.of(["a"]):
            inside.set()
            may_go.wait(PATIENCE)
            order.append("write")

    def erase() -> None:
        with turns.alone():
            order.append("erase")

    one = started(write)
    assert inside.wait(PATIENCE)
    other = started(erase)
    other.join(0.1)
    assert other.is_alive()
    may_go.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    assert order == ["write", "erase"]


def test_an_error_inside_gives_the_memories_back() -> None:
    turns = Turns()
    try:
        with turns.of(["a"]):
            raise ValueError("x")
    except ValueError:
        pass
    with turns.of(["a"]), turns.of(["b"]):
        pass
