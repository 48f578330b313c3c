"""Whose a memory or a change is, for callers that only have its id.

Everything else in here is read for a known owner. A program that says "delete this
memory" names no owner, so it is found first, and may then be seen or not.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from memory.ledger.db import Database
from memory.ledger.tables import journal
from memory.types import Owner


class Lookup(Database):
    """Owners by id."""

    def owner_of_memory(self, memory_id: str) -> Owner | None:
        """Whose memory this is or was, by the journal; ``None`` if it never changed."""
        return self._owner(journal.c.memory_id == memory_id)

    def owner_of_change(self, id: str) -> Owner | None:
        """Whose change this is; ``id`` may be that of a group of changes."""
        return self._owner(journal.c.id == id) or self._owner(journal.c.group_id == id)

    def _owner(self, which: ColumnElement[bool]) -> Owner | None:
        chosen = (
            select(journal.c.user_id, journal.c.persona_id)
            .where(which)
            .order_by(journal.c.seq.desc())
            .limit(1)
        )
        with self._read() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else Owner(row.user_id, row.persona_id)
