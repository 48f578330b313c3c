"""Fixtures of a database whose clock moves only when told; for ``conftest.py`` to import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from tests.memory.db_fakes import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def db(tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), clock)
    yield opened
    opened.close()
