"""Branch rows: reads and writes inside a running transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, select, update

from memory.db.sessions import drop_summary
from memory.db.tables import messages
from memory.types import Message, MessageState

STANDING = messages.c.state != MessageState.REPLACED.value
_LAST = (
    select(messages.c.id)
    .where(messages.c.session_id == bindparam("session_id"), STANDING)
    .order_by(messages.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class BranchChange:
    """A step between branches: messages that went, under which id, and those that came back.

    ``restored`` is the id under which they had been set aside; ``None`` for answers from
    before there were branches, and where nothing came back.
    """

    gone: tuple[str, ...]
    aside: str
    back: tuple[str, ...] = ()
    restored: str | None = None


def set_aside_from(connection: Connection, session_id: str, number: int) -> BranchChange:
    """Set aside what is in force from this number on: a message and all that follows it.

    A summary that told of them goes.
    """
    step = str(uuid.uuid4())
    here = (messages.c.session_id == session_id) & (messages.c.number >= number) & STANDING
    gone = list(connection.scalars(select(messages.c.id).where(here)))
    connection.execute(
        update(messages)
        .where(messages.c.session_id == session_id, messages.c.id.in_(gone))
        .values(kept_state=messages.c.state, state=MessageState.REPLACED.value, aside=step)
    )
    drop_summary(connection, session_id, number)
    return BranchChange(tuple(gone), step)


def last_in_force(connection: Connection, session_id: str) -> str | None:
    """The id of the message that the next one follows."""
    return connection.scalars(_LAST, {"session_id": session_id}).first()


def with_parents(said: Iterable[Message]) -> Iterator[Message]:
    """Messages of files that don't know what each follows: its question, or the one before."""
    before: dict[str, str] = {}
    for message in sorted(said, key=lambda one: (one.session_id, one.number)):
        parent = message.parent_id or message.reply_to or before.get(message.session_id)
        yield replace(message, parent_id=parent)
        if message.state is not MessageState.REPLACED:
            before[message.session_id] = message.id
