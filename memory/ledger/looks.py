"""Looks of designers at the data of others: who, at whose, when. Only ever appended."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select

from memory.ledger.db import Database
from memory.ledger.tables import looks
from memory.types import Look


class Looks(Database):
    """The record of looks."""

    def add_look(self, look: Look) -> None:
        """Write a look down."""
        with self._write() as connection:
            connection.execute(
                insert(looks).values(
                    at=look.at,
                    by_user_id=look.by_user_id,
                    user_id=look.user_id,
                    persona_id=look.persona_id,
                    what=look.what,
                )
            )

    def list_looks(self, user_id: str, *, limit: int = 50) -> Sequence[Look]:
        """The last looks at this user's data, newest first."""
        chosen = (
            select(looks)
            .where(looks.c.user_id == user_id)
            .order_by(looks.c.seq.desc())
            .limit(limit)
        )
        with self._read() as connection:
            return [
                Look(row["at"], row["by_user_id"], row["user_id"], row["persona_id"], row["what"])
                for row in connection.execute(chosen).mappings()
            ]
