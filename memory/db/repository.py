"""Repository: the tables of one noun, read and written through the engine all share."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy import Connection

from memory.db.engine import Engine

CHUNK = 500
"""Values in one statement: databases limit how many there may be."""


class Repository:
    """Base of the repositories: begins transactions on one noun's tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _read(self) -> AbstractContextManager[Connection]:
        return self._engine.read()

    def _write(self, *, synced: bool = True) -> AbstractContextManager[Connection]:
        return self._engine.write(synced=synced)
