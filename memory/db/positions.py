"""Message positions: where messages stand in their session."""

from __future__ import annotations

from sqlalchemy import func, select

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import messages
from memory.types import MessageState, Owner

_STANDING = messages.c.state != MessageState.REPLACED.value


class Positions(Repository):
    """Numbers of messages; answers that were set aside don't count."""

    def last_number(self, owner: Owner, session_id: str) -> int:
        """The number of the last message of a session; 0 if it has none."""
        chosen = select(func.max(messages.c.number)).where(
            messages.c.session_id == session_id, owned(messages.c, owner), _STANDING
        )
        with self._read() as connection:
            return connection.execute(chosen).scalar_one() or 0

    def count_after(self, owner: Owner, session_id: str, number: int) -> int:
        """How many messages of a session come after the one with this number."""
        chosen = (
            select(func.count())
            .select_from(messages)
            .where(
                messages.c.session_id == session_id,
                messages.c.number > number,
                owned(messages.c, owner),
                _STANDING,
            )
        )
        with self._read() as connection:
            return connection.execute(chosen).scalar_one()
