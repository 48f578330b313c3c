"""Feedback on memories: the latest word on each, by programs or people."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import feedback
from memory.types import Owner


class Feedback(Repository):
    """What was thought of an owner's memories."""

    def set(self, owner: Owner, memory_id: str, value: str | None, reason: str | None) -> None:
        """Write down what somebody thinks of a memory.

        Args:
            owner: Whose memory it is.
            memory_id: Which.
            value: ``positive``, ``negative`` or ``very_negative``; ``None`` takes it back.
            reason: In words, if any were given.
        """
        with self._write() as connection:
            connection.execute(
                delete(feedback).where(feedback.c.memory_id == memory_id, owned(feedback.c, owner))
            )
            if value is not None:
                connection.execute(
                    insert(feedback).values(
                        memory_id=memory_id,
                        user_id=owner.user_id,
                        persona_id=owner.persona_id,
                        value=value,
                        reason=reason,
                        at=self._engine.clock(),
                    )
                )

    def of(self, owner: Owner, memory_id: str) -> tuple[str, str | None] | None:
        """Value and reason; ``None`` where nobody said anything."""
        chosen = select(feedback.c.value, feedback.c.reason).where(
            feedback.c.memory_id == memory_id, owned(feedback.c, owner)
        )
        with self._read() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else (row.value, row.reason)
