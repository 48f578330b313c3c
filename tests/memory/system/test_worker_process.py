"""The real child: what gets stuck, eats memory or dies harms nobody else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memory.errors import BadInput, StoreError, WorkerDied, WorkTimeout, WorkTooLarge
from memory.system.worker_process import PATIENCE, InProcess, Limits, Worker, WorkerProcess

ROOT = Path(__file__).parents[3]
SHORT = Limits(seconds=0.5)
needs_proc = pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    made = WorkerProcess()
    yield made
    pids = made.pids
    made.close()
    assert not [pid for pid in pids if is_alive(pid)], "a child was left behind"


# What runs in the child: importable by name.


def doubled(number: int) -> int:
    return 2 * number


def whoami() -> int:
    return os.getpid()


def backtracks() -> bool:
    """A pattern of exponential time: stuck in C, where no thread and no handler runs."""
    return re.fullmatch(r"(?:a+)+b", "a" * 64) is not None


def sleeps() -> None:
    time.sleep(60)


def eats(megabytes: int) -> int:
    held = [bytearray(1024**2) for _ in range(megabytes)]
    return len(held)


def leaves(code: int) -> None:
    os._exit(code)


def refuses() -> None:
    raise BadInput("not that", code="message_long", limit=3)


def breaks() -> None:
    raise LookupError("the words of somebody")


def prints() -> str:
    sys.stdout.write("among the answers")
    sys.stdout.flush()
    return "quiet"


def asks(text: str, *, lookup: Callable[[str], int]) -> list[int]:
    return [lookup(text), lookup(text + text)]


def opaque() -> Callable[[], int]:
    return lambda: 1


def environment() -> dict[str, str]:
    return dict(os.environ)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.parametrize("make", [WorkerProcess, InProcess])
def test_a_function_runs_and_its_own_errors_pass_through(make: Callable[[], Worker]) -> None:
    worker = make()
    try:
        assert worker.run(doubled, 21) == 42
        with pytest.raises(BadInput) as caught:
            worker.run(refuses)
        assert (caught.value.code, caught.value.params) == ("message_long", {"limit": 3})
        with pytest.raises(LookupError):
            worker.run(breaks)
    finally:
        worker.close()


def test_it_is_another_process_and_the_same_one_again(worker: WorkerProcess) -> None:
    first = worker.run(whoami)
    assert first != os.getpid()
    assert worker.run(whoami) == first
    assert worker.pids == (first,)


@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_what_is_stuck_in_c_is_given_up_in_time(worker: WorkerProcess, seconds: float) -> None:
    stuck = worker.run(whoami)
    started = time.monotonic()
    with pytest.raises(WorkTimeout) as caught:
        worker.run(backtracks, limits=Limits(seconds=seconds))
    assert seconds <= time.monotonic() - started < PATIENCE * seconds + 5
    assert caught.value.params == {"seconds": seconds}
    assert not is_alive(stuck)
    assert worker.run(doubled, 4) == 8, "the next one gets a new child"
    assert worker.run(whoami) != stuck


def test_what_waits_for_ever_is_given_up_by_the_clock(worker: WorkerProcess) -> None:
    with pytest.raises(WorkTimeout):
        worker.run(sleeps, limits=Limits(seconds=0.3))
    assert worker.run(doubled, 4) == 8


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux")
def test_what_eats_memory_is_given_up(worker: WorkerProcess) -> None:
    assert worker.run(eats, 40, limits=Limits(megabytes=150)) == 40
    with pytest.raises(WorkTooLarge):
        worker.run(eats, 400, limits=Limits(megabytes=150))
    assert worker.run(eats, 400, limits=Limits(megabytes=600)) == 400


@pytest.mark.parametrize("code", [0, 3])
def test_a_child_that_dies_is_replaced(worker: WorkerProcess, code: int) -> None:
    with pytest.raises(WorkerDied) as caught:
        worker.run(leaves, code)
    assert caught.value.params == {"exit": code}
    assert worker.run(doubled, 2) == 4


def test_a_child_that_was_killed_between_two_pieces_of_work_is_no_error(
    worker: WorkerProcess,
) -> None:
    os.kill(worker.run(whoami), signal.SIGKILL)
    time.sleep(0.2)
    assert worker.run(doubled, 5) == 10


def test_a_child_without_work_ends_and_another_one_starts() -> None:
    worker = WorkerProcess(idle_seconds=0.2)
    try:
        first = worker.run(whoami)
        deadline = time.monotonic() + 10
        while is_alive(first) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_alive(first)
        assert worker.run(whoami) != first
    finally:
        worker.close()


def test_the_work_can_ask_back_and_that_time_is_not_counted(worker: WorkerProcess) -> None:
    worker.run(doubled, 1)

    def slowly(text: str) -> int:
        time.sleep(0.4)
        return len(text)

    assert worker.run(asks, "abc", callbacks={"lookup": slowly}, limits=SHORT) == [3, 6]

    def fails(_: str) -> int:
        raise StoreError(code="disk_full")

    with pytest.raises(StoreError) as caught:
        worker.run(asks, "abc", callbacks={"lookup": fails})
    assert caught.value.code == "disk_full"

    def mistaken(_: str) -> int:
        raise KeyError("here")

    with pytest.raises(KeyError):
        worker.run(asks, "abc", callbacks={"lookup": mistaken})
    assert worker.run(doubled, 3) == 6


def test_what_cannot_be_handed_over_is_said_and_harms_nothing(worker: WorkerProcess) -> None:
    with pytest.raises(TypeError):
        worker.run(opaque)
    with pytest.raises((TypeError, AttributeError, ValueError)):
        worker.run(doubled, lambda: 1)
    assert worker.run(prints) == "quiet"
    assert worker.run(doubled, 6) == 12


def test_no_key_goes_along(worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not for children")
    assert "OPENAI_API_KEY" not in worker.run(environment)


def test_one_that_is_stuck_does_not_keep_the_others_waiting(worker: WorkerProcess) -> None:
    worker.run(doubled, 1)
    errors: list[Exception] = []

    def stuck() -> None:
        try:
            worker.run(backtracks, limits=Limits(seconds=30))
        except WorkerDied as error:
            errors.append(error)

    thread = threading.Thread(target=stuck)
    thread.start()
    time.sleep(0.1)
    started = time.monotonic()
    assert worker.run(doubled, 8) == 16
    worker.close()
    thread.join(5)
    assert time.monotonic() - started < 10
    assert len(errors) == 1
    with pytest.raises(WorkerDied):
        worker.run(doubled, 1)


PARENT = """
import threading, time
from memory.system.worker_process import Limits, WorkerProcess
from tests.memory.system.test_worker_process import backtracks, whoami
worker = WorkerProcess()
def start():
    # By a thread that ends at once, as one that draws a page does.
    print(worker.run(whoami), flush=True)
thread = threading.Thread(target=start)
thread.start()
thread.join()
threading.Thread(target=worker.run, args=(backtracks,), daemon=True).start()
time.sleep(0.5)
print("stuck", flush=True)
time.sleep(60)
"""


@needs_proc
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere its limit ends it, later")
def test_a_stuck_child_ends_with_its_parent_that_was_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert parent.stdout.readline() == "stuck\n"
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def test_the_child_loads_only_what_its_work_needs(worker: WorkerProcess) -> None:
    assert worker.run(heavy_modules) == []


def heavy_modules() -> list[str]:

    heavy = {"streamlit", "mem0", "qdrant_client", "qdrant_edge", "openai", "pandas", "sqlalchemy"}
    return sorted(heavy & sys.modules.keys())
