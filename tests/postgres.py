"""A real PostgreSQL for tests: a throwaway cluster on a Unix socket, as nobody special.

Debian: ``apt-get install postgresql``. Without it these tests are skipped, but not
where ``CI`` is set.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

START_SECONDS = 60
INITDB = ["-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
# What a test writes needn't survive a power cut.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "max_wal_size": "256MB",
}


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of a fresh, empty schema on the running server."""
    with fresh_schema() as url:
        yield url


@contextmanager
def fresh_schema() -> Iterator[str]:
    """A schema of its own for as long as the block runs."""
    admin, socket = _server()
    schema = f"test_{uuid.uuid4().hex[:12]}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        yield f"postgresql://tests@/postgres?host={socket}&options=-csearch_path%3D{schema}"
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    initdb = found[-1] if found else Path(shutil.which("initdb") or "")
    return initdb.resolve().parent if initdb.name else None


@functools.cache
def _server() -> tuple[Engine, Path]:
    folder = programs()
    if folder is None:
        said = "PostgreSQL isn't installed (Debian: apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    # Short: the path of a Unix socket has at most 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="niannian-pg-", dir="/tmp"))
    user = {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(home, user["user"])
    started = subprocess.run(
        [folder / "initdb", "-D", home / "data", "-U", "tests", *INITDB],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        **user,
    )
    assert started.returncode == 0, started.stderr
    options = {**OPTIONS, "unix_socket_directories": str(home)}
    server = subprocess.Popen(
        [folder / "postgres", "-D", home / "data"]
        + [part for name, value in options.items() for part in ("-c", f"{name}={value}")],
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("w"),
        cwd=home,
        **user,
    )
    atexit.register(_stop, server, home)
    admin = create_engine(
        f"postgresql+psycopg://tests@/postgres?host={home}", isolation_level="AUTOCOMMIT"
    )
    _wait(admin, server, home)
    return admin, home


def _wait(admin: Engine, server: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            admin.connect().close()
        except OperationalError:
            alive = server.poll() is None and time.monotonic() < until
            assert alive, (home / "log").read_text(encoding="utf-8")
            time.sleep(0.1)
        else:
            return


def _stop(server: subprocess.Popen[bytes], home: Path) -> None:
    server.send_signal(signal.SIGQUIT)
    server.wait(timeout=30)
    shutil.rmtree(home, ignore_errors=True)
