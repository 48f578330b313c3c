"""A fresh server for trying clients out: no memories, and gone afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 180


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def fresh_server(python: str = sys.executable) -> Iterator[str]:
    """The API over an empty folder, in a process of its own; gives its address.

    Args:
        python: The interpreter of an environment in which the app is set up.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="niannian-fresh-") as folder:
        process = subprocess.Popen(
            [python, "-m", "scripts.mem0_server", "--port", str(port)],
            env={**os.environ, "NIANNIAN_DATA_DIR": folder, "NIANNIAN_ACCOUNTS": "local"},
            cwd=Path(__file__).parent.parent,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(process, f"{url}/health")
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server didn't start")
