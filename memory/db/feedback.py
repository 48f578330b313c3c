"""Feedback on memories: the latest word on each, by programs or people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, insert, select

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import feedback
from memory.types import Owner

# Every search asks.
_VALUES = select(feedback.c.memory_id, feedback.c.value).where(
    feedback.c.memory_id.in_(bindparam("ids", expanding=True))
)


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

    def values(self, memory_ids: Sequence[str]) -> dict[str, str]:
        """What is thought of those of these memories that anybody judged, by id."""
        if not memory_ids:
            return {}
        with self._read() as connection:
            rows = connection.execute(_VALUES, {"ids": list(memory_ids)})
            return {row.memory_id: row.value for row in rows}

    def ids(self, owner: Owner, values: Collection[str]) -> frozenset[str]:
        """The memories of an owner of which one of these is thought."""
        chosen = select(feedback.c.memory_id).where(
            owned(feedback.c, owner), feedback.c.value.in_(values)
        )
        with self._read() as connection:
            return frozenset(connection.scalars(chosen))

    def of(self, owner: Owner, memory_id: str) -> tuple[str, str | None] | None:
        """Value and reason; ``None`` where nobody said anything."""
        chosen = select(feedback.c.value, feedback.c.reason).where(
            feedback.c.memory_id == memory_id, owned(feedback.c, owner)
        )
        with self._read() as connection:
            row = connection.execute(chosen).first()
        return None if row is None else (row.value, row.reason)
