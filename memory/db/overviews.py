"""Overviews over several users: what was extracted and what changed, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from memory.db.batch_rows import read_batches
from memory.db.history import read_change
from memory.db.repository import Repository
from memory.db.tables import batches, journal, users
from memory.types import Batch, Change


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose rows are read: one user's, a tenant's users', both, or everybody's."""

    user_id: str | None = None
    tenant_id: str | None = None

    def limits(self, user_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """Conditions on the column that says whose a row is."""
        found = [] if self.user_id is None else [user_id == self.user_id]
        if self.tenant_id is not None:
            theirs = select(users.c.id).where(users.c.tenant_id == self.tenant_id)
            found.append(user_id.in_(theirs))
        return found


class Overviews(Repository):
    """Pages of what happened; the second value is how many rows there are in all."""

    def batches(self, reach: Reach, limit: int, offset: int) -> tuple[list[Batch], int]:
        """Batches of turns that were, or are to be, extracted."""
        limits = reach.limits(batches.c.user_id)
        chosen = select(batches).where(*limits).order_by(batches.c.seq.desc())
        counted = select(func.count()).select_from(batches).where(*limits)
        with self._read() as connection:
            found = read_batches(connection, chosen.limit(limit).offset(offset))
            return found, connection.execute(counted).scalar_one()

    def changes(self, reach: Reach, limit: int, offset: int) -> tuple[list[Change], int]:
        """Lines of the journal."""
        limits = reach.limits(journal.c.user_id)
        chosen = select(journal).where(*limits).order_by(journal.c.seq.desc())
        counted = select(func.count()).select_from(journal).where(*limits)
        with self._read() as connection:
            rows = connection.execute(chosen.limit(limit).offset(offset))
            found = [read_change(row) for row in rows.mappings()]
            return found, connection.execute(counted).scalar_one()
