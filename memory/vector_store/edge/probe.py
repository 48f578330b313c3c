"""Trial load of an Edge shard, in a process of its own.

Damaged files make the engine abort or hang, and nothing can catch that: so it is a
child that reads everything first. This file is run as a script and imports nothing
of this project, because every import is time that a start waits for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

PAGE = 1000
LOAD_SECONDS = 30.0
"""A load of 100,000 memories takes two. So long may also one page of points take."""

_OK, _FAILED = 0, 3


@dataclass(frozen=True, slots=True)
class ProbeVerdict:
    """How a trial load ended. ``why`` is empty if everything could be read."""

    why: str = ""
    points: int = 0


def probe(shard: Path, seconds: float | None = None) -> ProbeVerdict:
    """Load a shard and read every point of it, in a child process.

    Nobody else may have it open. The engine replays its log meanwhile, as it would in
    this process.

    Args:
        shard: The shard's folder.
        seconds: How long the load, or one page of points, may take.

    Returns:
        What came of it: an error of the engine, the signal that ended it, or that it hung.
    """
    # Here, because the child runs this file and imports nothing of the project.
    from memory.system.worker_process import bare_environment

    limit = LOAD_SECONDS if seconds is None else seconds
    child = subprocess.Popen(
        [sys.executable, "-I", __file__, str(shard)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert child.stdout is not None
    hung = threading.Event()

    def stop() -> None:
        hung.set()
        child.kill()

    said = ""
    try:
        while True:
            timer = threading.Timer(limit, stop)
            timer.daemon = True
            timer.start()
            line = child.stdout.readline()
            timer.cancel()
            if not line:
                break
            said = line
        code = child.wait()
    finally:
        child.kill()
        child.stdout.close()
        child.wait()
    if hung.is_set():
        return ProbeVerdict("the engine hangs")
    if code == _FAILED:
        return ProbeVerdict(said.strip() or "the engine can't read it")
    if code != _OK:
        return ProbeVerdict(f"the engine aborts ({code})")
    return ProbeVerdict(points=int(json.loads(said)["points"]))


def main(folder: str) -> int:
    """What the child does: a line for each step, the last one is the result."""
    import qdrant_edge as edge

    try:
        shard = edge.EdgeShard.load(folder)
        _say({"loaded": True})
        points, offset = 0, None
        while True:
            page, offset = shard.scroll(
                edge.ScrollRequest(offset=offset, limit=PAGE, with_payload=True, with_vector=True)
            )
            points += len(page)
            _say({"points": points})
            if offset is None:
                break
        shard.close()
        _say({"points": points})
    except BaseException as error:  # noqa: BLE001 (a panic of the engine is no Exception)
        _write(f"{type(error).__name__}: {str(error)[:300]!r}")
        return _FAILED
    return _OK


def _say(step: dict[str, object]) -> None:
    _write(json.dumps(step))


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    code = main(sys.argv[1])
    # Without the interpreter's own end: threads of the engine may be stuck.
    sys.stdout.flush()
    os._exit(code)
