"""An extraction worker over an extraction that fails when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memory.db import Database, resolve_database_url
from memory.extraction.worker import ExtractionWorker
from memory.types import Owner
from tests.memory.db_fakes import StandingClock
from tests.memory.extraction.worker.fake_extraction import OWNER, FakeExtraction


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def db(tmp_path: Path, clock: StandingClock) -> Iterator[Database]:
    opened = Database(resolve_database_url(tmp_path), clock)
    yield opened
    opened.close()


@pytest.fixture
def extraction(db: Database) -> FakeExtraction:
    return FakeExtraction(db)


@pytest.fixture
def worker(db, extraction, clock) -> Iterator[ExtractionWorker]:
    made = ExtractionWorker(db, extraction, turns=3, idle_seconds=300, clock=clock)
    yield made
    made.stop()


@pytest.fixture
def talk(db: Database) -> Callable[..., str]:
    def say(turns: int, session_id: str | None = None, owner: Owner = OWNER) -> str:
        session_id = session_id or db.sessions.create(owner).id
        for n in range(turns):
            asked = db.messages.add(owner, session_id, "user", f"secret words {n}")
            db.messages.add(owner, session_id, "assistant", "好", reply_to=asked.id)
        return session_id

    return say
