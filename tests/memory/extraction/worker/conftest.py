"""An extraction worker over an extraction that fails when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from memory.db import Database
from memory.extraction.worker import ExtractionWorker
from memory.types import Owner
from tests.memory.extraction.worker.fake_extraction import OWNER, FakeExtraction
from tests.memory.standing_db import clock, db

__all__ = ["clock", "db"]


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
