"""Branches: other versions of a message, and what followed each of them.

A session's messages form a tree (``parent_id``); one path through it is in force. What
isn't has the state ``replaced``. All that is set aside in one step has the step's id
(``aside``), so that bringing back one of its messages brings back what went with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, false, func, or_, select, update

from memory.db.branch_rows import STANDING, BranchChange, set_aside_from
from memory.db.messages import to_message
from memory.db.repository import Repository
from memory.db.sessions import drop_summary, find_session, owned
from memory.db.tables import messages, sessions
from memory.errors import NotFound
from memory.types import Message, MessageState, Owner, Rating


class Branches(Repository):
    """Stepping from one version of a message to another."""

    def versions(self, owner: Owner, shown: Sequence[Message]) -> Mapping[str, tuple[str, ...]]:
        """The ids of all versions of each message in force, in the order they were made.

        Messages with only one version are left out.
        """
        parents = {message.parent_id for message in shown if message.parent_id}
        first = messages.c.parent_id.is_(None)
        chosen = (
            select(messages.c.id, messages.c.parent_id, messages.c.role)
            .where(
                messages.c.session_id.in_({message.session_id for message in shown}),
                or_(
                    messages.c.parent_id.in_(parents),
                    first if any(m.parent_id is None for m in shown) else false(),
                ),
                owned(messages.c, owner),
            )
            .order_by(messages.c.number)
        )
        same: dict[tuple[str | None, str], list[str]] = defaultdict(list)
        with self._read() as connection:
            for id, parent, role in connection.execute(chosen):
                same[parent, role].append(id)
        found = {m.id: tuple(same[m.parent_id, m.role]) for m in shown}
        return {id: ids for id, ids in found.items() if len(ids) > 1}

    def set_aside(self, owner: Owner, message_id: str) -> BranchChange:
        """Set a message aside with all that follows it.

        Raises:
            NotFound: this owner has no such message.
        """
        with self._write() as connection:
            message = _message(connection, owner, message_id)
            return set_aside_from(connection, message.session_id, message.number)

    def gone_with(self, owner: Owner, message_id: str) -> BranchChange:
        """The step in which a message was set aside."""
        with self._read() as connection:
            step = connection.scalar(
                select(messages.c.aside).where(
                    messages.c.id == message_id, owned(messages.c, owner)
                )
            )
            mine = (messages.c.aside == step) & owned(messages.c, owner)
            return BranchChange(
                tuple(connection.scalars(select(messages.c.id).where(mine))), step or ""
            )

    def answers(self, owner: Owner, asked: Message) -> tuple[str, ...]:
        """What was answered to a message so far, oldest first."""
        chosen = (
            select(messages.c.text)
            .where(
                messages.c.session_id == asked.session_id,
                messages.c.reply_to == asked.id,
                messages.c.text != "",
                owned(messages.c, owner),
            )
            .order_by(messages.c.number)
        )
        with self._read() as connection:
            return tuple(connection.scalars(chosen))

    def choose(self, owner: Owner, message_id: str) -> BranchChange:
        """Bring a message that was set aside back, with what went with it.

        What is in force in its place is set aside, and what follows that.

        Raises:
            NotFound: this owner has no such message, it is in force already, or what it
                follows isn't.
        """
        with self._write() as connection:
            message = _message(connection, owner, message_id)
            if message.state is not MessageState.REPLACED:
                raise NotFound(code="message_not_found")
            went = set_aside_from(connection, message.session_id, _place(connection, message))
            back: ColumnElement[bool] = messages.c.id == message.id
            if message.aside is not None:
                back = messages.c.aside == message.aside
            came = list(connection.scalars(select(messages.c.id).where(back)))
            connection.execute(
                update(messages)
                .where(messages.c.id.in_(came))
                .values(
                    state=func.coalesce(messages.c.kept_state, MessageState.DONE.value),
                    aside=None,
                    kept_state=None,
                )
            )
            return BranchChange(went.gone, went.aside, tuple(came), message.aside)

    def correct(self, owner: Owner, message_id: str, text: str) -> Message:
        """Write a reply differently; the first wording is kept, and it is extracted again.

        Raises:
            NotFound: this owner has no such message.
        """
        with self._write() as connection:
            message = _message(connection, owner, message_id)
            first = message.original or message.text
            drop_summary(connection, message.session_id, message.number)
            connection.execute(
                update(messages)
                .where(messages.c.id == message_id)
                .values(text=text, original=None if first == text else first, batch_id=None)
            )
            connection.execute(
                update(sessions)
                .where(sessions.c.id == message.session_id)
                .values(updated_at=self._engine.clock())
            )
            return _message(connection, owner, message_id)

    def rate(self, owner: Owner, message_id: str, rating: str | None) -> None:
        """Keep what somebody thinks of a reply: ``up``, ``down``, or nothing any more.

        Raises:
            NotFound: this owner has no such message.
        """
        with self._write() as connection:
            _message(connection, owner, message_id)
            connection.execute(
                update(messages).where(messages.c.id == message_id).values(rating=rating)
            )

    def rated(
        self,
        user_ids: Sequence[str],
        rating: Rating | None,
        limit: int,
        offset: int = 0,
        *,
        personas: Collection[str] = (),
    ) -> list[Message]:
        """Replies that somebody rated (this way, or either), the latest first.

        Args:
            user_ids: Whose.
            rating: ``None``: either.
            limit: How many at most.
            offset: How many of the latest are left out.
            personas: Whose words; without any everybody's.
        """
        chosen = select(messages).where(
            messages.c.user_id.in_(user_ids), messages.c.rating.is_not(None)
        )
        if rating is not None:
            chosen = chosen.where(messages.c.rating == rating)
        if personas:
            chosen = chosen.where(messages.c.persona_id.in_(personas))
        chosen = chosen.order_by(messages.c.created_at.desc(), messages.c.id)
        with self._read() as connection:
            rows = connection.execute(chosen.limit(limit).offset(offset))
            return [to_message(row) for row in rows.mappings()]


def _place(connection: Connection, message: Message) -> int:
    """The number from which on messages give way to a version of one of them."""
    same = messages.c.session_id == message.session_id
    parent = messages.c.parent_id.is_not_distinct_from(message.parent_id)
    versions = same & parent & (messages.c.role == message.role) & STANDING
    standing = connection.scalar(select(func.min(messages.c.number)).where(versions))
    if standing is not None:
        return int(standing)
    before = same & (messages.c.id == message.parent_id) & STANDING
    followed = connection.scalar(select(messages.c.number).where(before))
    if followed is None:
        raise NotFound(code="message_not_found")
    return int(followed) + 1


def _message(connection: Connection, owner: Owner, id: str) -> Message:
    row = (
        connection.execute(select(messages).where(messages.c.id == id, owned(messages.c, owner)))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(code="message_not_found")
    find_session(connection, owner, row["session_id"], lock=True)
    return to_message(row)
