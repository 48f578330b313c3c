"""Ownership look-up: whose a memory, a change, a session or a message is, by its id alone.

Everything else in here is read for a known owner. A program that says "delete this
memory" names no owner, so it is found first, and may then be seen or not.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, bindparam, select

from memory.db.repository import Repository
from memory.db.tables import journal, messages, sessions
from memory.types import Owner


def _last_line(which: ColumnElement[str]) -> Select[tuple[str, str]]:
    """Whose the newest line is that has the given id there."""
    return (
        select(journal.c.user_id, journal.c.persona_id)
        .where(which == bindparam("given"))
        .order_by(journal.c.seq.desc())
        .limit(1)
    )


# Made once: a program that deletes needs one each time.
_OF_MEMORY = _last_line(journal.c.memory_id)
_OF_CHANGE = _last_line(journal.c.id)
_OF_GROUP = _last_line(journal.c.group_id)
_OF_SESSION = select(sessions.c.user_id, sessions.c.persona_id).where(
    sessions.c.id == bindparam("given")
)


_OF_MESSAGE = select(messages.c.user_id, messages.c.persona_id).where(
    messages.c.id == bindparam("given")
)


class Owners(Repository):
    """Owners by id."""

    def of_memory(self, memory_id: str) -> Owner | None:
        """Whose memory this is or was, by the journal; ``None`` if it never changed."""
        return self._owner(_OF_MEMORY, memory_id)

    def of_change(self, id: str) -> Owner | None:
        """Whose change this is; ``id`` may be that of a group of changes."""
        return self._owner(_OF_CHANGE, id) or self._owner(_OF_GROUP, id)

    def of_session(self, id: str) -> Owner | None:
        """Whose session this is; ``None`` if there is none."""
        return self._owner(_OF_SESSION, id)

    def of_message(self, id: str) -> Owner | None:
        """Whose message this is; ``None`` if there is none."""
        return self._owner(_OF_MESSAGE, id)

    def _owner(self, chosen: Select[tuple[str, str]], given: str) -> Owner | None:
        with self._read() as connection:
            row = connection.execute(chosen, {"given": given}).first()
        return None if row is None else Owner(row.user_id, row.persona_id)
