"""Server process that is started, killed and started again on one data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.kill_campaign.api import Api, Gone

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 180.0
# What a developer's shell may say about endpoints, servers and folders.
FOREIGN = ("NIANNIAN_", "OPENAI_", "QDRANT_", "DATABASE_URL", "MEM0_", "STREAMLIT_")


class FailedStart(Exception):
    """The server ended by itself, or answered that it can't start."""


class Server:
    """``server.py`` over ``folder`` at ``port``; its log is beside the folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.api = Api(port)
        self.log = folder.with_name(f"{folder.name}.log")
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)},
            "NIANNIAN_DATA_DIR": str(folder),
            "NIANNIAN_LANGUAGE": "zh",
            # Batches become due while the campaign lasts.
            "NIANNIAN_BATCH_TURNS": "3",
            "NIANNIAN_IDLE_SECONDS": "5",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    def spawn(self) -> None:
        """Start the process; it isn't healthy yet."""
        self._began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "server.py", "--port", str(self.api.port)],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> float:
        """Wait until it is healthy; returns the seconds since it was started.

        Raises:
            FailedStart: it ended, can't start, or took too long.
        """
        while time.monotonic() - self._began < LIMIT_SECONDS:
            if self._process is None or self._process.poll() is not None:
                raise FailedStart(self.log.read_text(errors="replace")[-2000:])
            try:
                status, answer = self.api.call("GET", "/health", timeout=60)
            except Gone:
                time.sleep(0.05)
                continue
            if status == 200 and answer["status"] == "healthy":
                return round(time.monotonic() - self._began, 2)
            raise FailedStart(f"{status} {answer}")
        raise FailedStart(f"not healthy after {LIMIT_SECONDS:.0f} s")

    def start(self) -> float:
        """Start it and wait; see :meth:`wait`."""
        self.spawn()
        return self.wait()

    def kill(self) -> None:
        """End it and all its children at once: no goodbye, no clean-up."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self, seconds: float = 60.0) -> bool:
        """Ask it to end; returns whether it did in time. It has ended in any case."""
        if self._process is None:
            return True
        self._process.terminate()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self._process = None
        return True
