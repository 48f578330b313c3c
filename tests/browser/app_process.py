"""The real app as a process of its own: started, killed and started again by tests."""

from __future__ import annotations

import base64
import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from scripts.fresh_server import free_port

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 60
# What a developer's shell may say about endpoints, servers and folders.
FOREIGN = ("NIANNIAN_", "OPENAI_", "QDRANT_", "DATABASE_URL", "MEM0_", "STREAMLIT_")


WITHOUT_ENCODER = {"NIANNIAN_SENTENCE_ENCODER": "false"}
"""For tests of something else: it takes two seconds of each start, and of its workers'."""


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
            "NIANNIAN_KEYRING": "off",
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

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send one request as it stands, hosts and origins included; status and answer.

        In the names of ``headers``, ``_`` stands for ``-``.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True)
            given = {"Host": f"localhost:{self.port}", **headers}
            if body is not None:
                given["Content-Length"] = str(len(body))
            for name, value in given.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, b"" if answer.status == 101 else answer.read()
        finally:
            connection.close()

    def headers(self, path: str) -> dict[str, str]:
        """The headers of an answer, in lower case."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=20) as answer:
            return {name.lower(): value for name, value in answer.headers.items()}

    def shake_hands(self, path: str = "/_stcore/stream", **headers: str) -> int:
        """Ask for a WebSocket as a browser does; 101 if it is granted."""
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Protocol": "streamlit",
        }
        return self.ask("GET", path, None, **asked, **headers)[0]

    def restart(self) -> None:
        """Stop, then start on the same folder and port."""
        self.stop()
        self.start()
