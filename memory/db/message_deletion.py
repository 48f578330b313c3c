"""Message deletion: rows, traces, and the extraction that was still owed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from memory.db.branch_rows import STANDING
from memory.db.messages import to_message
from memory.db.repository import CHUNK, Repository
from memory.db.sessions import drop_summary, owned
from memory.db.tables import batches, messages, sessions
from memory.nlp.quotes import split_quote
from memory.types import BatchState, Message, MessageState, Owner

SESSION_TITLE = 24
"""Characters of a title that is taken from the first message."""

_CLAIM = ("seq", "id", "state", "claimed_by", "claimed_at", "next_at", "attempts", "error")


class MessageDeletion(Repository):
    """Messages that go for good, and batches that go on without them."""

    def turn_of(self, owner: Owner, message_id: str) -> list[Message]:
        """What goes when this message does, in order.

        With a user message its answers go, set aside ones too; with an answer the
        earlier answers to the same message. What the user said stays in that case.
        Other versions go with everything that followed them: nobody could reach them.
        Empty if this owner has no such message.
        """
        with self._read() as connection:
            row = (
                connection.execute(
                    select(messages).where(messages.c.id == message_id, owned(messages.c, owner))
                )
                .mappings()
                .first()
            )
            if row is None:
                return []
            same = messages.c.id == message_id
            asked = message_id if row["role"] == "user" else row["reply_to"]
            if asked:
                same = or_(same, messages.c.reply_to == asked)
            versions = messages.c.parent_id.is_not_distinct_from(row["parent_id"])
            same = or_(same, versions & (messages.c.role == row["role"]) & ~STANDING)
            here = messages.c.session_id == row["session_id"]
            found = connection.execute(select(messages).where(here, same, owned(messages.c, owner)))
            going = {each["id"]: to_message(each) for each in found.mappings()}
            rows = connection.execute(select(messages).where(here, ~STANDING))
            for aside in sorted(map(to_message, rows.mappings()), key=lambda one: one.number):
                above = going.get(aside.parent_id or "")
                if above is not None and above.state is MessageState.REPLACED:
                    going[aside.id] = aside
            return sorted(going.values(), key=lambda one: one.number)

    def delete_messages(self, owner: Owner, ids: Sequence[str]) -> list[Message]:
        """Delete messages with their traces; one transaction.

        Those not yet extracted never will be: a waiting batch goes on without them,
        one that is being worked on is handed out again (what the worker found can't
        be stored any more), and a batch in which nobody says anything is dropped.
        A session called after a deleted message is called after the next one; a summary
        that told of one goes, and is rebuilt from what is left.

        Returns:
            What was deleted; ids that aren't this owner's are left out.
        """
        with self._write() as connection:
            gone = _owned_messages(connection, owner, ids)
            for some in _chunks([message.id for message in gone]):
                connection.execute(delete(messages).where(messages.c.id.in_(some)))
            _without_them(connection, {m.batch_id for m in gone if m.batch_id})
            for session_id in {message.session_id for message in gone}:
                _retitle(connection, session_id, gone)
                first = min(m.number for m in gone if m.session_id == session_id)
                drop_summary(connection, session_id, first)
        self._engine.rows_deleted(owner.user_id)
        return gone

    def take_out(self, owner: Owner, ids: Sequence[str]) -> None:
        """Take messages out of batches that aren't done, as above; they stay in the chat.

        For answers that were set aside before anything was learnt from them.
        """
        unfinished = select(batches.c.id).where(batches.c.state != BatchState.DONE.value)
        with self._write() as connection:
            found = [m for m in _owned_messages(connection, owner, ids) if m.batch_id]
            mine = [m.id for m in found]
            connection.execute(
                update(messages)
                .where(messages.c.id.in_(mine), messages.c.batch_id.in_(unfinished))
                .values(batch_id=None)
            )
            _without_them(connection, {str(m.batch_id) for m in found})


def title_of(text: str) -> str:
    """What a session is called after its first message: its first line of its own, cut."""
    quote, own = split_quote(text)
    text = own or quote
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= SESSION_TITLE else line[: SESSION_TITLE - 1] + "…"


def _owned_messages(connection: Connection, owner: Owner, ids: Sequence[str]) -> list[Message]:
    found: list[Message] = []
    for some in _chunks(list(dict.fromkeys(ids))):
        rows = connection.execute(
            select(messages).where(messages.c.id.in_(some), owned(messages.c, owner))
        )
        found += [to_message(row) for row in rows.mappings()]
    return sorted(found, key=lambda message: (message.session_id, message.number))


def _without_them(connection: Connection, ids: set[str]) -> None:
    """Put right the batches that lost messages."""
    unfinished = batches.c.state != BatchState.DONE.value
    rows = connection.execute(select(batches).where(batches.c.id.in_(ids), unfinished)).mappings()
    for row in rows.all():
        mine = messages.c.batch_id == row["id"]
        asked = connection.execute(
            select(func.count()).select_from(messages).where(mine, messages.c.role == "user")
        ).scalar_one()
        replies = connection.execute(
            select(func.count())
            .select_from(messages)
            .where(mine, messages.c.role != "user", messages.c.opening.is_(False))
        ).scalar_one()
        if not asked and not replies:
            connection.execute(update(messages).where(mine).values(batch_id=None))
            connection.execute(delete(batches).where(batches.c.id == row["id"]))
        elif row["state"] == BatchState.WORKING.value:
            # Under its old id the worker could still store what it found.
            again = str(uuid.uuid4())
            kept = {name: value for name, value in row.items() if name not in _CLAIM}
            connection.execute(
                insert(batches).values(id=again, state=BatchState.PENDING.value, attempts=0, **kept)
            )
            connection.execute(update(messages).where(mine).values(batch_id=again))
            connection.execute(delete(batches).where(batches.c.id == row["id"]))


def _retitle(connection: Connection, session_id: str, gone: Sequence[Message]) -> None:
    title = connection.execute(
        select(sessions.c.title).where(sessions.c.id == session_id)
    ).scalar_one_or_none()
    if not title or title not in {
        title_of(m.typed or m.text) for m in gone if m.session_id == session_id
    }:
        return
    following = connection.execute(
        select(messages.c.text)
        .where(messages.c.session_id == session_id, messages.c.role == "user")
        .order_by(messages.c.number)
        .limit(1)
    ).scalar_one_or_none()
    connection.execute(
        update(sessions)
        .where(sessions.c.id == session_id)
        .values(title=title_of(following) if following else "")
    )


def _chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
