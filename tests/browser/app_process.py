"""The real app as a process of its own: started, killed and started again by tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60
# What a developer's shell may say about endpoints, servers and folders.
FOREIGN = ("NIANNIAN_", "OPENAI_", "QDRANT_", "DATABASE_URL", "MEM0_", "STREAMLIT_")


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class AppProcess:
    """``streamlit run app.py`` on a free port with a data folder of its own."""

    def __init__(self, data_dir: Path, **env: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data_dir.parent / f"app-{self.port}.log"
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)},
            "NIANNIAN_DATA_DIR": str(data_dir),
            "NIANNIAN_TIMEZONE": "Asia/Shanghai",
            **env,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until the server answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command()],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the app did not start:\n{self.log.read_text()[-3000:]}")

    def command(self) -> list[str]:
        """What Python is asked to run."""
        return [
            *("-m", "streamlit", "run", "app.py"),
            *("--server.port", str(self.port)),
            *("--server.headless", "true"),
            *("--server.fileWatcherType", "none"),
        ]

    def kill(self) -> None:
        """``kill -9``: no goodbye, no clean-up."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def restart(self) -> None:
        """Stop, then start on the same folder and port."""
        self.stop()
        self.start()
