"""What every test shares: no settings from the machine it runs on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_url

__all__ = ["postgres_url"]

# Hundreds of data folders are made, each with a store of 180 files that are synced: a
# test of pages waits four times as long for a disk as for everything else. Read by
# pytest when the first temporary folder is asked for.
IN_MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive", action="store_true", help="every case of the tests that take minutes"
    )


SLOWEST = ("tests/test_patterns.py", "tests/test_long_texts.py", "tests/test_startup.py")
"""Files of tests that take longest: begun first, they don't end alone on one of the cores."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOWEST))


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether a test that takes minutes goes through all of its cases, or a part of them."""
    return bool(request.config.getoption("--exhaustive"))


SETTING_PREFIXES = (
    *("NIANNIAN_", "OPENAI_", "QDRANT_", "DATABASE_URL", "MEM0_", "FORWARDED_"),
    *("AZURE_", "MEMORY_SERVICE_", "LOG_LEVEL", "NEO4J_", "REDIS_URL"),
)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The environment and the working directory of a developer don't leak in."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES):
            monkeypatch.delenv(name)
    data = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(data))
    monkeypatch.setenv("NIANNIAN_TIMEZONE", "Asia/Shanghai")
    # A key of a test must not end up in the keyring of whoever runs it.
    monkeypatch.setenv("NIANNIAN_KEYRING", "off")
    # Two seconds of loading in each worker, and answers that depend on when it is done.
    monkeypatch.setenv("NIANNIAN_SENTENCE_ENCODER", "false")
    yield
    shutil.rmtree(data, ignore_errors=True)
