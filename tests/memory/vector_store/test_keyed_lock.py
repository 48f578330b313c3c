"""Who writes at the same time, and who waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from memory.vector_store.keyed_lock import KeyedLock

PATIENCE = 5.0


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_different_memories_are_written_at_once() -> None:
    turns, together = KeyedLock(), threading.Barrier(2, timeout=PATIENCE)

    def write(id: str) -> None:
        with turns.of([id]):
            together.wait()

    threads = [started(lambda id=id: write(id)) for id in ("a", "b")]
    for thread in threads:
        thread.join(PATIENCE)
    assert not together.broken


def order_of(
    first: AbstractContextManager[None], second: AbstractContextManager[None]
) -> list[str]:
    """Who was inside when; the first stays until the second has tried to get in."""
    inside, may_go, order = threading.Event(), threading.Event(), []

    def stay() -> None:
        with first:
            inside.set()
            may_go.wait(PATIENCE)
            order.append("first")

    def follow() -> None:
        with second:
            order.append("second")

    one = started(stay)
    assert inside.wait(PATIENCE)
    other = started(follow)
    other.join(0.1)
    assert other.is_alive()
    may_go.set()
    one.join(PATIENCE)
    other.join(PATIENCE)
    return order


def test_the_same_memory_is_written_in_turn() -> None:
    turns = KeyedLock()
    assert order_of(turns.of(["a", "b"]), turns.of(["b", "c"])) == ["first", "second"]


def test_alone_waits_for_all() -> None:
    turns = KeyedLock()
    assert order_of(turns.of(["a"]), turns.alone()) == ["first", "second"]


def test_alone_keeps_all_out() -> None:
    turns = KeyedLock()
    assert order_of(turns.alone(), turns.of(["a"])) == ["first", "second"]


def test_an_error_inside_gives_the_memories_back() -> None:
    turns = KeyedLock()
    try:
        with turns.of(["a"]):
            raise ValueError("x")
    except ValueError:
        pass
    with turns.of(["a"]), turns.of(["b"]):
        pass
