"""An extraction that finishes batches without a model."""

from __future__ import annotations

import threading

from memory.db import Database
from memory.types import Batch, Owner

OWNER = Owner("lin", "niannian")


class FakeExtraction:
    """Finishes batches in the database; raises queued errors first; records calls."""

    def __init__(self, db: Database) -> None:
        self.errors: list[Exception] = []
        self.batches: list[Batch] = []
        self.hold: threading.Event | None = None
        self.begun = threading.Event()
        self._db = db

    def run(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.begun.set()
        if self.hold is not None:
            self.hold.wait(10)
        if self.errors:
            raise self.errors.pop(0)
        self._db.history.record([], finish_batch=batch.id, outcome={"added": 1})
