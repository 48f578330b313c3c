"""What may be loaded when the server answers for the first time, and what is afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.app_process import FOREIGN

ROOT = Path(__file__).parent.parent
LIMIT_SECONDS = 280
pytestmark = pytest.mark.timeout(300)  # four seconds on a machine that does nothing else

LATE = {
    "alembic",
    "authlib",
    "mcp",
    "mem0",
    "memory.builtin.extraction.batch",
    "openai",
    "pandas",
    "plotly.graph_objs._figure",
}
"""Each takes a tenth of a second to a whole one, and ``/health`` needs none of them."""

# Everything that server.py does but for the socket. The moment at which it answers for
# the first time is the one that counts.
SCRIPT = """
import sys, threading
from starlette.applications import Starlette
from starlette.testclient import TestClient
import server
from components import application

whole = Starlette(**application.parts())
late = set(sys.argv[1].split(","))
with TestClient(whole, base_url="http://localhost", client=("127.0.0.1", 50000)) as client:
    assert client.get("/health").json()["status"] == "healthy"
    print("at once", *sorted(late & set(sys.modules)))
    for thread in threading.enumerate():
        if thread.name == "niannian-warm-up":
            thread.join()
    print("later", *sorted(late & set(sys.modules)))
"""


def loaded(folder: Path, **given: str) -> dict[str, set[str]]:
    """Which of :data:`LATE` a new process has loaded, at both moments."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)},
        "NIANNIAN_DATA_DIR": str(folder),
        **given,
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, ",".join(LATE)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith(("at once", "later"))]
    first, second = (line.removeprefix("at once").removeprefix("later") for line in lines)
    return {"at once": set(first.split()), "later": set(second.split())}


def test_health_needs_no_library_that_takes_long(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert found["at once"] == set()
    # What the first message and the first write need waits for neither.
    assert found["later"] >= {"mcp", "mem0", "memory.builtin.extraction.batch"}


def test_with_an_endpoint_its_library_waits_as_well(tmp_path: Path) -> None:
    # Nothing listens there: nothing is asked either.
    found = loaded(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY="sk-none")
    assert found["at once"] == set()
    assert "openai" in found["later"]
