"""Memory exports: which memories, and the schema that they are to fill."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from memory.db.repository import Repository
from memory.db.tables import memory_exports
from memory.errors import NotFound


class MemoryExports(Repository):
    """Exports that programs asked for; each is filled when it is fetched."""

    def add(self, user_id: str | None, body: Mapping[str, Any]) -> str:
        """Keep what an export is to be.

        Args:
            user_id: The one user whose memories it takes, if it names one.
            body: Schema and filters, as JSON values.

        Returns:
            Its id.
        """
        id = str(uuid.uuid4())
        with self._write() as connection:
            connection.execute(
                insert(memory_exports).values(
                    id=id, user_id=user_id or "", body=dict(body), created_at=self._engine.clock()
                )
            )
        return id

    def get(self, id: str) -> tuple[str | None, dict[str, Any]]:
        """The one user of an export, if it is of one, and its body.

        Raises:
            NotFound: ``export_not_found``.
        """
        return self._first(select(memory_exports).where(memory_exports.c.id == id))

    def last_of(self, user_id: str | None) -> tuple[str | None, dict[str, Any]]:
        """The newest export of a user, or (``None``) of no one user; as :meth:`get`."""
        chosen = select(memory_exports).where(memory_exports.c.user_id == (user_id or ""))
        return self._first(chosen.order_by(memory_exports.c.created_at.desc()))

    def _first(self, chosen: Any) -> tuple[str | None, dict[str, Any]]:
        with self._read() as connection:
            row = connection.execute(chosen.limit(1)).mappings().first()
        if row is None:
            raise NotFound(code="export_not_found")
        return row["user_id"] or None, row["body"]
