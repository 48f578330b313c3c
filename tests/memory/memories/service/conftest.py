"""A memory service over a fake store, with a clock that moves only when told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.memories import MemoryService
from memory.types import Owner
from tests.memory.db_fakes import FakeStore, StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def db(tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), clock)
    yield opened
    opened.close()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def memory_service(store: FakeStore, db: Database, clock: StandingClock) -> MemoryService:
    return MemoryService(store, db, clock=clock)


@pytest.fixture
def owner() -> Owner:
    return Owner("lin", "niannian")


@pytest.fixture
def other() -> Owner:
    return Owner("mei", "niannian")
