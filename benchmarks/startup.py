"""Start to healthy in CPU seconds, and the first reply afterwards.

    python -m benchmarks.startup [--rounds 3] [--memories 0 1000] [--root DIR] [--json FILE]

Starts ``server.py`` (healthy: ``/health``) and the page alone (``/_stcore/health``) on an
empty folder and on a filled one, and adds up the CPU of the process tree until the first
answer of 200. Then the first reply of the built-in companion: sent at once, and sent
``--pause`` seconds later, when somebody would have typed it. Wall-clock times depend on
what else the machine does; compare them within one run. ``--root`` measures another
checkout.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Also as a script: python benchmarks/startup.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.fresh_server import free_port
from tests.browser.app_process import FOREIGN

ROOT = Path(__file__).resolve().parents[1]
MARK_SECONDS = 3.5
LIMIT_SECONDS = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is started, and where it says that it is well."""

    name: str
    path: str

    def command(self, port: int) -> list[str]:
        """What Python is asked to run."""
        if self.name == "server":
            return ["server.py", "--port", str(port)]
        return [
            *("-m", "streamlit", "run", "app.py", "--server.port", str(port)),
            *("--server.headless", "true", "--server.fileWatcherType", "none"),
        ]


KINDS = (Kind("server", "/health"), Kind("page", "/_stcore/health"))


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memories", type=int, nargs="*", default=[0, 1000])
    parser.add_argument("--pause", type=float, default=8.0)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, Any] = {"starts": [], "first_reply": []}
    print(f"{'':<8} {'memories':>9} {'CPU s':>7} {'of':>14} {'wall s':>7}")
    with tempfile.TemporaryDirectory() as scratch:
        filled = {size: fill(Path(scratch) / str(size), size) for size in options.memories}
        for kind in KINDS:
            for size, full in filled.items():
                rounds = []
                for number in range(options.rounds):
                    folder = copy(full, Path(scratch) / f"{kind.name}-{size}-{number}")
                    with started(options.root, kind, folder) as (_, _, cpu, wall):
                        rounds.append((cpu, wall))
                cpus = sorted(cpu for cpu, _ in rounds)
                wall = statistics.median(wall for _, wall in rounds)
                print(
                    f"{kind.name:<8} {size:>9,} {statistics.median(cpus):>7.2f} "
                    f"{f'{cpus[0]:.2f}-{cpus[-1]:.2f}':>14} {wall:>7.2f}"
                )
                figures["starts"].append(
                    {"kind": kind.name, "memories": size, "cpu_s": cpus, "wall_s": wall}
                )
        print(f"mark: server at most {MARK_SECONDS} s of CPU\n")
        print(f"{'first reply':<16} {'CPU s':>7} {'first character ms':>19}")
        for when, pause in (("at once", 0.0), (f"after {options.pause:g} s", options.pause)):
            folder = copy(filled[options.memories[0]], Path(scratch) / f"reply-{pause}")
            with started(options.root, KINDS[0], folder) as (port, pid, _, _):
                time.sleep(pause)
                before = cpu_seconds(pid)
                milliseconds = first_character(port)
                spent = cpu_seconds(pid) - before
            print(f"{when:<16} {spent:>7.2f} {milliseconds:>19.0f}")
            figures["first_reply"].append({"pause_s": pause, "cpu_s": spent, "ms": milliseconds})
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def fill(folder: Path, size: int) -> Path:
    """A data folder with so many memories; made in a process of its own, then closed."""
    folder.mkdir(parents=True)
    if size:
        script = (
            "import sys; from benchmarks.page_data import fill\n"
            "from memory.config import load_settings; from memory.container import build\n"
            "running = build(load_settings()); fill(running, int(sys.argv[1])); running.close()"
        )
        subprocess.run(
            [sys.executable, "-c", script, str(size)], cwd=ROOT, env=environment(folder), check=True
        )
    return folder


def copy(full: Path, to: Path) -> Path:
    """The same folder again, for one start."""
    shutil.copytree(full, to)
    return to


def environment(folder: Path) -> dict[str, str]:
    """Nothing configured but the folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**clean, "NIANNIAN_DATA_DIR": str(folder), "OPENBLAS_NUM_THREADS": "1"}


@contextmanager
def started(root: Path, kind: Kind, folder: Path) -> Iterator[tuple[int, int, float, float]]:
    """A running process: its port and id, CPU and wall seconds until it was healthy."""
    port, log = free_port(), folder.with_name(folder.name + ".log")
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *kind.command(port)],
            cwd=root,
            env=environment(folder),
            stdout=output,
            stderr=output,
        )
    try:
        while not healthy(port, kind.path):
            if process.poll() is not None or time.monotonic() - began > LIMIT_SECONDS:
                raise RuntimeError(f"it did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        yield port, process.pid, cpu_seconds(process.pid), time.monotonic() - began
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def healthy(port: int, path: str) -> bool:
    """Whether it answers, with 200."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of all that it started, the ended ones too."""
    total, pids = 0, [pid]
    while pids:
        proc = Path(f"/proc/{pids.pop()}")
        try:
            fields = (proc / "stat").read_text().rpartition(")")[2].split()
            children = [(task / "children").read_text() for task in (proc / "task").iterdir()]
        except OSError:  # it ended just now
            continue
        total += sum(map(int, fields[11:15]))
        pids += [int(child) for line in children for child in line.split()]
    return total / TICKS


def first_character(port: int) -> float:
    """Milliseconds from sending a message to the first words of the streamed reply."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    message = {"user_id": "first", "message": "你还记得我喜欢什么吗", "stream": True}
    began = time.perf_counter()
    connection.request(
        "POST", "/api/chat/message", json.dumps(message), {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}: {answer.read()[:300]!r}")
    while not (line := answer.readline()).startswith(b"event: token"):
        if not line:
            raise RuntimeError("the stream ended before it said anything")
    milliseconds = (time.perf_counter() - began) * 1000
    answer.read()
    connection.close()
    return milliseconds


if __name__ == "__main__":
    main()
