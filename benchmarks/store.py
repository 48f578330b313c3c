"""The store beside stock mem0 2.2.1 on its default embedded Qdrant, same embedder, same run.

    python -m benchmarks.store --sizes 1000,10000 --json store.json

20 users; figures in milliseconds unless they say otherwise. "x" is how many
times better. Stock mem0 gets ``--stock-seconds`` (five minutes) to fill its store; if
it didn't get as far, its figures are of what it reached, which is in its favour, and
how far it got is printed below the table:

    python -m benchmarks.store --sizes 100000

A virtual disk may say "synced" at once. ``--sync-ms`` makes every sync of both take that
much longer, as on a disk that really writes (through strace, Linux only):

    python -m benchmarks.store --sizes 10000 --sync-ms 5
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Figures: TypeAlias = dict[str, float]

ROOT = Path(__file__).resolve().parents[1]

ROWS = {
    "reached": "memories reached",
    "import_per_second": "bulk import, memories a second",
    "add_ten_ms": "add a batch of ten",
    "search_p50_ms": "search one owner, p50",
    "search_p95_ms": "search one owner, p95",
    "list_user_ms": "list all of a user",
    "count_and_facets_ms": "count and facets of a user",
    "delete_user_ms": "delete all of a user",
    "erase_user_ms": "erase a user from the disk",
    "close_ms": "close",
    "reopen_ms": "reopen",
    "resident_mb": "resident after reopening, MB",
    "disk_mb": "on disk, MB",
}
MORE_IS_BETTER = frozenset({"reached", "import_per_second"})
NAMES = ("niannian", "mem0")


SYNCS = "fsync,fdatasync,msync,sync_file_range"
"""The system calls that wait for a disk."""


def run(name: str, size: int, seconds: float, sync_ms: float = 0) -> Figures:
    """All figures of one contestant at one size, each sync slowed by so many milliseconds."""
    with tempfile.TemporaryDirectory(prefix="store-benchmark-") as folder:
        options = ["--size", str(size), "--seconds", str(seconds)]
        filled = _child(["measure", name, folder, *options], sync_ms)
        return {**filled, **_child(["reopen", name, folder], sync_ms)}


def slowly(command: list[str], sync_ms: float) -> list[str]:
    """The command with slower syncs; other system calls pass at full speed.

    Raises:
        SystemExit: strace isn't there.
    """
    if not sync_ms:
        return command
    if shutil.which("strace") is None:
        raise SystemExit("--sync-ms needs strace (apt install strace)")
    delay = f"inject={SYNCS}:delay_exit={round(sync_ms * 1000)}"
    trace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull]
    return [*trace, "-e", f"trace={SYNCS}", "-e", delay, *command]


def table(results: dict[int, dict[str, Figures]]) -> str:
    """The results as Markdown."""
    head = [""]
    for size in results:
        head += [*(f"{name} {size:,}" for name in NAMES), "x"]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for key, label in ROWS.items():
        cells = [label]
        for both in results.values():
            ours, stock = (both.get(name, {}).get(key) for name in NAMES)
            cells += [_number(ours), _number(stock), _times(key, ours, stock)]
        rows.append(cells)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def shortfalls(results: dict[int, dict[str, Figures]], seconds: float) -> list[str]:
    """A sentence for each size that stock mem0 didn't reach in its time."""
    found = []
    for size, both in results.items():
        figures = both.get("mem0", {})
        reached, added = figures.get("reached", size), figures.get("added_by_one", 0)
        if reached < size:
            found.append(
                f"mem0 reached {reached:,.0f} of {size:,} in {seconds:,.0f} s: {added:,.0f} by its "
                "own add, the rest by bulk inserts that its API doesn't offer."
            )
    return found


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=_sizes, default=[1000, 10_000])
    parser.add_argument("--stock-seconds", type=float, default=300.0)
    parser.add_argument("--sync-ms", type=float, default=0.0, help="slow every sync by so much")
    parser.add_argument("--only", choices=NAMES, help="measure one of the two")
    parser.add_argument("--json", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    results: dict[int, dict[str, Figures]] = {}
    for size in given.sizes:
        for name in NAMES if given.only is None else [given.only]:
            print(f"measuring {name} at {size:,} …", file=sys.stderr, flush=True)
            results.setdefault(size, {})[name] = run(name, size, given.stock_seconds, given.sync_ms)
            if given.json:
                given.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
    print("\n".join([table(results), *shortfalls(results, given.stock_seconds)]))


def _child(arguments: Iterable[str], sync_ms: float) -> Figures:
    command = slowly([sys.executable, "-m", "benchmarks.store_engines", *arguments], sync_ms)
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.replace("_", "").split(",")]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


def _times(key: str, ours: float | None, stock: float | None) -> str:
    if not ours or not stock or key == "reached":
        return ""
    factor = ours / stock if key in MORE_IS_BETTER else stock / ours
    return f"{factor:,.1f}"


if __name__ == "__main__":
    main()
