"""A memory service over a fake store, with a clock that moves only when told."""

from __future__ import annotations

import pytest

from memory.db import Database
from memory.memories import MemoryService
from memory.types import Owner
from tests.memory.db_fakes import FakeStore, StandingClock
from tests.memory.standing_db import clock, db

__all__ = ["clock", "db"]


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
