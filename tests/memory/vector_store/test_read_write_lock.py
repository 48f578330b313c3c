from __future__ import annotations

import threading
import time

from memory.vector_store.read_write_lock import ReadWriteLock


def test_many_may_share() -> None:
    gate = ReadWriteLock()
    together = threading.Barrier(3, timeout=5)

    def inside() -> None:
        with gate.shared():
            together.wait()

    threads = [threading.Thread(target=inside) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not together.broken


def test_alone_means_alone() -> None:
    gate = ReadWriteLock()
    inside = 0
    seen: list[int] = []

    def read() -> None:
        for _ in range(50):
            with gate.shared():
                seen.append(inside)

    def write() -> None:
        nonlocal inside
        for _ in range(10):
            with gate.alone():
                inside += 1
                time.sleep(0.001)
                inside -= 1

    threads = [threading.Thread(target=f) for f in (read, write, read, write, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen
    assert set(seen) == {0}


def test_a_waiting_writer_goes_before_new_readers() -> None:
    gate = ReadWriteLock()
    order: list[str] = []

    def write() -> None:
        with gate.alone():
            order.append("writer")

    def read() -> None:
        with gate.shared():
            order.append("reader")

    with gate.shared():
        writer = threading.Thread(target=write)
        writer.start()
        while not gate.waiting:
            time.sleep(0.001)
        reader = threading.Thread(target=read)
        reader.start()
        time.sleep(0.02)
        assert order == []
    writer.join(5)
    reader.join(5)
    assert order == ["writer", "reader"]
