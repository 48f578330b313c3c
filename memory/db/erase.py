"""Erasure: no row and no byte of an owner stays in the database's files."""

from __future__ import annotations

import json
import re
import uuid

from sqlalchemy import ColumnElement, Table, delete, select

from memory.db.engine import COMPACT_OWED, put_meta
from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import (
    care_states,
    complaints,
    extraction_settings,
    feedback,
    foreign_payloads,
    inbox_settled,
    journal,
    memory_exports,
    meta,
    relations,
    sessions,
    situations,
    tokens,
    trial_answers,
    users,
)
from memory.types import Owner

_ERASING = "erasing:"
_KEPT_FOR = re.compile(r"[^:]+:(?:[0-9a-f-]{36}:)?(?P<user>.+)", re.DOTALL)


_OF_OWNERS = (
    sessions,
    journal,
    inbox_settled,
    care_states,
    foreign_payloads,
    feedback,
    relations,
    situations,
    trial_answers,
)
_OF_USERS = (tokens, complaints, extraction_settings, memory_exports)


class Erase(Repository):
    """Deleting rows for good.

    The access log stays: it holds ids only, and says who erased. Batches go with their
    sessions, so an extraction that is still running can't finish its batch afterwards,
    and what it found is refused.
    """

    def erase_owner(self, owner: Owner, *, store_owed: bool = False) -> None:
        """Erase the sessions, messages, traces, batches and journal of one owner.

        Args:
            owner: Whose.
            store_owed: Note in the same transaction that the memory store has to
                follow (see :meth:`owed`); for the memory service.

        Raises:
            FolderUnusable: no space to rewrite the file; the rows are gone, and
                the rewriting is done at the next opening.
        """
        self._erase(
            {table: owned(table.c, owner) for table in _OF_OWNERS},
            [owner.user_id, owner.persona_id] if store_owed else None,
        )
        self._engine.rows_deleted(owner.user_id)

    def erase_user(self, user_id: str, *, store_owed: bool = False) -> None:
        """Erase a user's profile and everything with every persona; as above."""
        chosen: dict[Table, ColumnElement[bool]] = {
            table: table.c.user_id == user_id for table in (*_OF_OWNERS, *_OF_USERS)
        }
        chosen[users] = users.c.id == user_id
        chosen[meta] = meta.c.key.in_(self._values_of(user_id))
        self._erase(chosen, [user_id, None] if store_owed else None)
        self._engine.rows_deleted(user_id)

    def _values_of(self, user_id: str) -> list[str]:
        """Keys of small values kept for one user: ``name:user`` or ``name:group:user``."""
        ending = select(meta.c.key).where(meta.c.key.endswith(f":{user_id}", autoescape=True))
        with self._read() as connection:
            keys = list(connection.scalars(ending))
        # A user's id may hold colons itself: "b" is not erased with "a:b".
        return [key for key in keys if (m := _KEPT_FOR.fullmatch(key)) and m["user"] == user_id]

    def owed(self) -> list[tuple[str, str, str | None]]:
        """Erasures that the memory store may not have followed yet.

        Returns:
            Each as its key, the user's id, and the persona's (``None``: all).
        """
        chosen = select(meta.c.key, meta.c.value).where(meta.c.key.startswith(_ERASING))
        with self._read() as connection:
            found = [(key, json.loads(value)) for key, value in connection.execute(chosen)]
        return [(key, user_id, persona_id) for key, (user_id, persona_id) in found]

    def done(self, key: str) -> None:
        """The memory store has followed; now the files are rewritten.

        Raises:
            FolderUnusable: no space for it; it is done at the next opening.
        """
        self._engine.set_meta(key, None)
        self._engine.compact()

    def _erase(
        self, chosen: dict[Table, ColumnElement[bool]], owed: list[str | None] | None
    ) -> None:
        with self._write() as connection:
            for table, condition in chosen.items():
                connection.execute(delete(table).where(condition))
            if self._engine.is_sqlite:
                put_meta(connection, COMPACT_OWED, "1")
            if owed is not None:
                put_meta(connection, f"{_ERASING}{uuid.uuid4()}", json.dumps(owed))
        if owed is None:
            self._engine.compact()
