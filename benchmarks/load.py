"""Many people at once through the API, and the same calls against stock mem0.

    python -m benchmarks.load [--users 50] [--seconds 60] [--json FILE]

First ``--users`` people chat for ``--seconds`` against a local endpoint that answers at
once: every reply takes what Niannian itself takes, on the cores that the endpoint and
the clients share with it. Each has a code word; nobody may ever see another's. Between a
reply and the next message somebody needs two to four seconds to type.

Then add, search, list and delete in turn, as fast as they go, on ours and on a minimal
FastAPI service over stock mem0, both filled with the same memories of 20 users. All of
it is bounded and on the loopback only.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

# Also as a script: python benchmarks/load.py
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.load_client import Chatters, Seen, ours, stock, throughput
from benchmarks.store_engines import USERS, Ours
from scripts.fresh_server import free_port
from tests.browser.app_process import FOREIGN
from tests.fakes.openai_server import FakeOpenAI

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 8
WARM_SECONDS = 10.0
"""Memory is compared from here on: the first replies load what stays."""

WARM_UP_SECONDS = 5.0
"""Calls before those that count, on both: what loads at first use is loaded then."""

MARKS = {"p95_ms": 150.0, "ratio": 10.0}


def main() -> None:
    """Run both phases and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, nargs=2, default=(2.0, 4.0))
    parser.add_argument("--memories", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--calls-seconds", type=float, default=15.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    if options.seconds > 0:
        figures["chat"] = chat(options.users, options.seconds, tuple(options.pause))
    for size in options.memories:
        figures[f"calls_{size}"] = compare(size, options.calls_seconds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def chat(users: int, seconds: float, pause: tuple[float, float]) -> dict[str, Any]:
    """People chatting at once; prints what they saw."""
    with (
        tempfile.TemporaryDirectory() as folder,
        endpoint() as url,
        niannian(Path(folder), OPENAI_BASE_URL=url, OPENAI_API_KEY="sk-load") as (port, pid),
    ):
        sizes: list[tuple[float, float]] = []
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(pid, sizes, done), daemon=True)
        watcher.start()
        seen = Chatters(port, users, seconds, pause).run()
        done.set()
        watcher.join()
    warm = [size for at, size in sizes if at >= min(WARM_SECONDS, seconds / 2)]
    found = {
        "users": users,
        "messages": len(seen.times),
        "per_second": len(seen.times) / seconds,
        **_quantiles(seen),
        "errors": len(seen.errors),
        "cross_talk": len(seen.leaks),
        "resident_mb": warm[0],
        "resident_mb_end": warm[-1],
    }
    print(f"{users} people chatting for {seconds:.0f} s, {pause[0]:g} to {pause[1]:g} s to type")
    print(
        f"{'messages':>10} {'a second':>9} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8} "
        f"{'errors':>7} {'cross-talk':>11} {'MB':>6} {'MB at the end':>14}"
    )
    print(
        f"{found['messages']:>10} {found['per_second']:>9.1f} {found['p50_ms']:>8.1f} "
        f"{found['p95_ms']:>8.1f} {found['max_ms']:>8.1f} {found['errors']:>7} "
        f"{found['cross_talk']:>11} {found['resident_mb']:>6.0f} {found['resident_mb_end']:>14.0f}"
    )
    _complain(seen)
    print(f"mark: p95 under {MARKS['p95_ms']:.0f} ms, no error, no cross-talk, memory flat\n")
    return found


def compare(size: int, seconds: float) -> dict[str, Any]:
    """The same four calls on both; prints calls a second and their ratio."""
    found: dict[str, Any] = {}
    print(f"add, search, list, delete in turn, {WORKERS} connections, {size:,} memories")
    print(f"{'':<10} {'calls a second':>15} {'p50 ms':>8} {'p95 ms':>8} {'errors':>7}")
    for name, service, calls in (
        ("niannian", niannian_filled, ours()),
        ("mem0", stock_mem0, stock()),
    ):
        with tempfile.TemporaryDirectory() as folder, service(Path(folder), size) as port:
            throughput(port, calls, USERS, WORKERS, WARM_UP_SECONDS)
            seen = throughput(port, calls, USERS, WORKERS, seconds)
        found[name] = {
            "per_second": len(seen.times) / seconds,
            **_quantiles(seen),
            "errors": len(seen.errors),
        }
        row = found[name]
        print(
            f"{name:<10} {row['per_second']:>15.1f} {row['p50_ms']:>8.1f} {row['p95_ms']:>8.1f} "
            f"{row['errors']:>7}"
        )
        _complain(seen)
    found["ratio"] = found["niannian"]["per_second"] / max(found["mem0"]["per_second"], 1e-9)
    print(f"ratio {found['ratio']:.1f} (mark: {MARKS['ratio']:.0f})\n")
    return found


@contextmanager
def endpoint() -> Iterator[str]:
    """A local endpoint that answers at once, in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_answer, args=(there,))
    process.start()
    try:
        yield str(here.recv())
    finally:
        here.send("stop")
        process.join(10)


def _answer(pipe: Connection) -> None:
    with FakeOpenAI() as server:
        pipe.send(server.url)
        while not pipe.poll(1):
            # Recorded for tests; here it would only grow.
            server.requests.clear()


@contextmanager
def niannian(folder: Path, **env: str) -> Iterator[tuple[int, int]]:
    """``server.py`` over ``folder``; its port and process id."""
    port = free_port()
    command = [sys.executable, "server.py", "--port", str(port)]
    with _process(command, port, folder, NIANNIAN_RATE_LIMIT="0", **env) as process:
        yield port, process.pid


@contextmanager
def niannian_filled(folder: Path, size: int) -> Iterator[int]:
    """Ours over ``size`` memories."""
    from memory.config import Settings
    from memory.db import Database, resolve_database_url

    full = Ours(folder)
    full.fill(size, 0.0)
    full.close()
    db = Database(resolve_database_url(folder, Settings(database_url=None).database_url))
    for number in range(USERS):
        db.users.create(f"user{number}", id=f"user{number}")
    db.close()
    with niannian(folder) as (port, _):
        yield port


@contextmanager
def stock_mem0(folder: Path, size: int) -> Iterator[int]:
    """The service on stock mem0 over as many."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "benchmarks.load_stock"),
        *("--port", str(port), "--folder", str(folder), "--memories", str(size)),
    ]
    with _process(command, port, folder):
        yield port


@contextmanager
def _process(
    command: list[str], port: int, folder: Path, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    given = {**clean, "NIANNIAN_DATA_DIR": str(folder), "OPENBLAS_NUM_THREADS": "1", **env}
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=output)
        try:
            _wait_for(port, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the service did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _watch(pid: int, sizes: list[tuple[float, float]], done: threading.Event) -> None:
    """Resident memory in MB, every second, with the seconds since the start."""
    began, status = time.monotonic(), Path(f"/proc/{pid}/status")
    while not done.wait(1) and status.exists():
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
        sizes.append((time.monotonic() - began, int(line.split()[1]) / 1024))


def _quantiles(seen: Seen) -> dict[str, float]:
    times = [seconds * 1000 for seconds in seen.times] or [float("nan")]
    return {
        name: float(np.percentile(times, share))
        for name, share in (("p50_ms", 50), ("p95_ms", 95), ("max_ms", 100))
    }


def _complain(seen: Seen) -> None:
    for problem in [*seen.errors[:3], *seen.leaks[:3]]:
        print(f"  {problem}")


if __name__ == "__main__":
    main()
