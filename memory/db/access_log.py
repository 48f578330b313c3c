"""Append-only access log: who viewed, changed, talked as or erased whom, and when.

It holds ids only, never a word that was said. It stays when somebody is erased, so
that erasing covers no track.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select

from memory.db.repository import Repository
from memory.db.tables import looks, users
from memory.types import AccessEntry


class AccessLog(Repository):
    """Entries of the access log, append-only."""

    def add(self, look: AccessEntry) -> None:
        """Write an access down, before it happens."""
        login = select(users.c.login).where(users.c.id == look.user_id)
        with self._write() as connection:
            connection.execute(
                insert(looks).values(
                    at=look.at,
                    by_user_id=look.by_user_id,
                    user_id=look.user_id,
                    persona_id=look.persona_id,
                    what=look.what,
                    action=look.action,
                    token_id=look.token_id,
                    login_digest=_digest(connection.scalar(login)),
                )
            )

    def entries(
        self, user_id: str, *, limit: int = 50, before: int | None = None
    ) -> Sequence[AccessEntry]:
        """The last accesses to this user's data, newest first.

        Whoever was erased and signs in again with the same login sees those from before.

        Args:
            user_id: Whose data; there needn't be such a user any more.
            limit: At most this many.
            before: Only those before this one's ``seq``.
        """
        login = select(users.c.login).where(users.c.id == user_id)
        with self._read() as connection:
            digest = _digest(connection.scalar(login))
            mine = looks.c.user_id == user_id
            whose = mine if digest is None else or_(mine, looks.c.login_digest == digest)
            chosen = select(looks).where(whose).order_by(looks.c.seq.desc()).limit(limit)
            if before is not None:
                chosen = chosen.where(looks.c.seq < before)
            return [
                AccessEntry(
                    at=row["at"],
                    by_user_id=row["by_user_id"],
                    user_id=row["user_id"],
                    persona_id=row["persona_id"],
                    what=row["what"],
                    action=row["action"],
                    token_id=row["token_id"],
                    seq=row["seq"],
                )
                for row in connection.execute(chosen).mappings()
            ]

    def forget(self, before: datetime) -> int:
        """Remove accesses from before a time; returns how many."""
        with self._write() as connection:
            return connection.execute(delete(looks).where(looks.c.at < before)).rowcount


def _digest(login: str | None) -> str | None:
    """A login as a digest: enough to recognise it, too little to read it."""
    return hashlib.sha256(login.encode()).hexdigest() if login else None
