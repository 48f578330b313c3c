"""Feedback on memories: the latest word on each, by programs or people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import BindParameter, bindparam, delete, insert, select

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import feedback, messages, trace_memories
from memory.types import Judgement, Memory, Owner

MOST_REPLIES = 500
"""Judged replies of somebody that count: their latest ones."""

# Every search asks.
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_VALUES = select(feedback.c.memory_id, feedback.c.value).where(feedback.c.memory_id.in_(_IDS))
_RATED = (
    select(messages.c.id, messages.c.rating)
    .where(
        messages.c.user_id.in_(bindparam("users", expanding=True)), messages.c.rating.is_not(None)
    )
    .order_by(messages.c.created_at.desc())
    .limit(MOST_REPLIES)
)
_USED = select(trace_memories).where(
    trace_memories.c.message_id.in_(bindparam("replies", expanding=True)),
    trace_memories.c.memory_id.in_(_IDS),
)
_THUMBS = {"up": 1, "down": -1}


class Feedback(Repository):
    """Ratings of an owner's memories."""

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

    def judgements(self, memories: Sequence[Memory]) -> dict[str, Judgement]:
        """What is thought of these memories and of the replies that they were in, by id.

        Those that nobody judged either way are left out.
        """
        if not memories:
            return {}
        ids = [memory.id for memory in memories]
        users = list({memory.owner.user_id for memory in memories})
        thumbs: Counter[str] = Counter()
        with self._read() as connection:
            opinions = {
                row.memory_id: row.value for row in connection.execute(_VALUES, {"ids": ids})
            }
            rated = {row.id: row.rating for row in connection.execute(_RATED, {"users": users})}
            if rated:
                for row in connection.execute(_USED, {"replies": list(rated), "ids": ids}):
                    thumbs[row.memory_id] += _THUMBS[rated[row.message_id]]
        return {id: Judgement(opinions.get(id), thumbs[id]) for id in {*opinions, *thumbs} if id}

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
