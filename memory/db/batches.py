"""Batches: the turns handed to one extraction, and who works on them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, exists, func, insert, select, update

from memory.db.batch_rows import load_turns, read_batches, unbatched_messages
from memory.db.repository import CHUNK, Repository
from memory.db.sessions import bound_to_owner, find_session, owned, owner_values
from memory.db.tables import batches, messages, sessions
from memory.types import Batch, BatchState, Owner

_asked = messages.alias("asked")
# A user's message, or a reply made again to one that is in a batch already.
_BEGINS_A_TURN = case(
    (messages.c.role == "user", 1),
    (messages.c.reply_to.is_(None), 0),
    (exists().where(_asked.c.id == messages.c.reply_to, _asked.c.batch_id.is_(None)), 0),
    else_=1,
)
_waiting = (
    unbatched_messages(messages.c.session_id, func.sum(_BEGINS_A_TURN).label("turns"))
    .group_by(messages.c.session_id)
    .subquery()
)
# Asked after every turn: composed once. Turns that aren't whole yet are counted too;
# whoever comes so far is looked at.
_MAY_BE_DUE = (
    select(sessions.c.id, sessions.c.user_id, sessions.c.persona_id, sessions.c.updated_at)
    .join(_waiting, _waiting.c.session_id == sessions.c.id)
    .where(
        (_waiting.c.turns >= bindparam("turns"))
        | (sessions.c.updated_at < bindparam("idle_before"))
    )
    .order_by(sessions.c.updated_at)
)
# And before every reply.
_LAST_DONE = (
    select(batches.c.created_at, batches.c.outcome)
    .where(bound_to_owner(batches.c), batches.c.state == BatchState.DONE.value)
    .order_by(batches.c.seq.desc())
    .limit(1)
)


class Batches(Repository):
    """Batches of turns: made, listed, counted."""

    def make(
        self,
        owner: Owner,
        session_id: str,
        *,
        min_turns: int = 1,
        max_turns: int | None = None,
        ended: bool = False,
    ) -> Batch | None:
        """Take the unbatched turns of a session, in order, into a new batch.

        Only whole turns that may be remembered (see ``turns.py``). Messages get
        their ``batch_id`` in the same transaction, so no message is in two.

        Args:
            owner: Whose session it is.
            session_id: The session.
            min_turns: With fewer turns no batch is made.
            max_turns: Later turns are left for the next batch.
            ended: Nobody answers any more what the user said last.

        Returns:
            The batch, or ``None`` if there is nothing to take.

        Raises:
            NotFound: no such session of this owner.
        """
        now = self._engine.clock()
        with self._write() as connection:
            find_session(connection, owner, session_id, lock=True)
            since = now + timedelta(seconds=1) if ended else self._engine.started
            turns = load_turns(connection, session_id, now, since)
            if len(turns) < max(1, min_turns):
                return None
            taken = [id for turn in turns[:max_turns] for id in turn]
            id = str(uuid.uuid4())
            connection.execute(
                insert(batches).values(
                    id=id,
                    user_id=owner.user_id,
                    persona_id=owner.persona_id,
                    session_id=session_id,
                    state=BatchState.PENDING.value,
                    created_at=now,
                    attempts=0,
                    outcome={},
                )
            )
            for start in range(0, len(taken), CHUNK):
                connection.execute(
                    update(messages)
                    .where(messages.c.id.in_(taken[start : start + CHUNK]))
                    .values(batch_id=id)
                )
            return read_batches(connection, select(batches).where(batches.c.id == id))[0]

    def due_sessions(self, *, turns: int, idle_before: datetime) -> list[tuple[Owner, str]]:
        """Sessions that owe a batch, the longest silent first.

        Args:
            turns: So many unbatched turns make a session due.
            idle_before: One unbatched turn does, when nothing was said since then.
        """
        now = self._engine.clock()
        due = []
        with self._read() as connection:
            limits = {"turns": turns, "idle_before": idle_before}
            for row in connection.execute(_MAY_BE_DUE, limits).mappings().all():
                found = len(load_turns(connection, row["id"], now, self._engine.started))
                if found >= (1 if row["updated_at"] < idle_before else turns):
                    due.append((Owner(row["user_id"], row["persona_id"]), row["id"]))
        return due

    def unbatched_turns(self, owner: Owner, session_id: str) -> int:
        """How many turns of a session "remember now" would take.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._read() as connection:
            find_session(connection, owner, session_id)
            return len(
                load_turns(connection, session_id, self._engine.clock(), self._engine.started)
            )

    def unfinished_turns(self, owner: Owner) -> int:
        """How many of a user's messages with a persona wait to be remembered and are in no
        batch yet: after "remember now" those whose reply hasn't ended."""
        waiting = unbatched_messages(func.count()).where(
            owned(messages.c, owner), messages.c.role == "user"
        )
        with self._read() as connection:
            return int(connection.execute(waiting).scalar_one())

    def of(
        self,
        owner: Owner,
        states: Sequence[BatchState] = (),
        limit: int | None = 50,
        *,
        session_id: str | None = None,
    ) -> list[Batch]:
        """An owner's batches, the newest first; all states if none is named."""
        chosen = select(batches).where(owned(batches.c, owner)).order_by(batches.c.seq.desc())
        if states:
            chosen = chosen.where(batches.c.state.in_([BatchState(s).value for s in states]))
        if session_id is not None:
            chosen = chosen.where(batches.c.session_id == session_id)
        with self._read() as connection:
            return read_batches(connection, chosen.limit(limit))

    def last_outcome(self, owner: Owner) -> tuple[datetime, dict[str, Any]] | None:
        """When an owner's newest batch that is done was made, and what came of it."""
        with self._read() as connection:
            found = connection.execute(_LAST_DONE, owner_values(owner)).first()
        return None if found is None else (found.created_at, found.outcome or {})

    def get(self, id: str) -> Batch | None:
        """One batch of anybody's (for workers), or ``None`` if it is gone."""
        with self._read() as connection:
            found = read_batches(connection, select(batches).where(batches.c.id == id))
        return found[0] if found else None

    def queue_state(self, owner: Owner | None = None) -> dict[BatchState, int]:
        """How many batches are in each state (every state is a key)."""
        chosen = select(batches.c.state, func.count()).group_by(batches.c.state)
        if owner is not None:
            chosen = chosen.where(owned(batches.c, owner))
        with self._read() as connection:
            counted: dict[str, int] = dict(connection.execute(chosen).all())
        return {state: counted.get(state.value, 0) for state in BatchState}
