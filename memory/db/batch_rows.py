"""Row mapping of batches and of messages that are in none yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from memory.db.repository import CHUNK
from memory.db.tables import messages
from memory.db.unbatched import ENDED, UnbatchedMessage, owed_turns
from memory.types import Batch, BatchState, MessageState, Owner

Turns: TypeAlias = list[tuple[str, ...]]


def unbatched_messages(*columns: ColumnElement[Any]) -> Select[Any]:
    """Messages that wait to be extracted (whether or not their turn is whole)."""
    return select(*columns).where(
        messages.c.batch_id.is_(None),
        messages.c.remember.is_(True),
        messages.c.opening.is_(False),
        (messages.c.role == "user") | messages.c.state.in_(sorted(s.value for s in ENDED)),
        messages.c.state != MessageState.REPLACED.value,
    )


def load_turns(
    connection: Connection, session_id: str, now: datetime, started: datetime | None
) -> Turns:
    """The unbatched turns of a session; see :func:`memory.db.unbatched.owed_turns`."""
    last = connection.execute(
        select(func.max(messages.c.number)).where(messages.c.session_id == session_id)
    ).scalar_one()
    rows = connection.execute(
        select(
            messages.c.id,
            messages.c.number,
            messages.c.role,
            messages.c.state,
            messages.c.remember,
            messages.c.reply_to,
            messages.c.opening,
            messages.c.created_at,
        )
        .where(
            messages.c.session_id == session_id,
            messages.c.batch_id.is_(None),
            messages.c.state != MessageState.REPLACED.value,
        )
        .order_by(messages.c.number)
    )
    lines = [
        UnbatchedMessage(**{**row, "state": MessageState(row["state"])}) for row in rows.mappings()
    ]
    return owed_turns(lines, last or 0, now, started)


def read_batches(connection: Connection, chosen: Select[Any]) -> list[Batch]:
    """The chosen batches with the ids of their messages in order."""
    rows = connection.execute(chosen).mappings().all()
    taken: dict[str, list[str]] = defaultdict(list)
    ids = [row["id"] for row in rows]
    for start in range(0, len(ids), CHUNK):
        found = connection.execute(
            select(messages.c.batch_id, messages.c.id)
            .where(messages.c.batch_id.in_(ids[start : start + CHUNK]))
            .order_by(messages.c.batch_id, messages.c.number)
        )
        for batch_id, message_id in found:
            taken[str(batch_id)].append(message_id)
    return [_batch(row, taken[row["id"]]) for row in rows]


def _batch(row: RowMapping, message_ids: Sequence[str]) -> Batch:
    return Batch(
        id=row["id"],
        owner=Owner(row["user_id"], row["persona_id"]),
        session_id=row["session_id"],
        state=BatchState(row["state"]),
        created_at=row["created_at"],
        message_ids=tuple(message_ids),
        attempts=row["attempts"],
        next_at=row["next_at"],
        error=row["error"],
        finished_at=row["finished_at"],
        outcome=row["outcome"],
    )
