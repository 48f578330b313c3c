"""Few requests compute at once; those that would wait too long go on without a lane."""

from __future__ import annotations

import threading
import time

import anyio
import pytest

from memory.api import concurrency as lanes
from memory.api.concurrency import LANES, in_lane


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_no_more_than_the_lanes_compute_at_once() -> None:
    lock, inside, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.01)
        with lock:
            inside -= 1

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(in_lane, work)
    assert most == LANES


@pytest.mark.anyio
async def test_who_waited_long_enough_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_SECONDS", 0.05)
    stuck = threading.Event()
    done: list[int] = []

    async def quick(number: int) -> None:
        await in_lane(lambda: done.append(number))

    async with anyio.create_task_group() as group:
        for _ in range(LANES):
            group.start_soon(in_lane, lambda: stuck.wait(10))
        await anyio.sleep(0.02)
        async with anyio.create_task_group() as others:
            for number in range(4):
                others.start_soon(quick, number)
        assert sorted(done) == [0, 1, 2, 3]
        stuck.set()
    # The lanes are free again, and no ticket is left.
    assert await in_lane(lambda: "free") == "free"
    assert lanes.limiter(lanes.lanes_in_use, LANES).borrowed_tokens == 0


@pytest.mark.anyio
async def test_an_error_reaches_the_caller_and_frees_the_lane() -> None:
    def fail() -> None:
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        await in_lane(fail)
    assert lanes.limiter(lanes.lanes_in_use, LANES).borrowed_tokens == 0
