"""A server for the adapters' tests, which may run where only a framework is installed.

    NIANNIAN_PYTHON=.venv/bin/python …/python -m pytest -c /dev/null --rootdir . \\
        --confcutdir tests/integrations tests/integrations
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator

import pytest

from niannian import Client
from scripts.fresh_server import fresh_server


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with fresh_server(os.environ.get("NIANNIAN_PYTHON", sys.executable)) as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[Client]:
    with Client(url) as client:
        yield client


@pytest.fixture
def user() -> str:
    """An id that nobody has yet."""
    return f"u{uuid.uuid4().hex[:12]}"
