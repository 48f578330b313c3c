"""Messages: what was said, in order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, update

from memory.db.attachments import attachment_rows, attachments_of
from memory.db.branch_rows import last_in_force, set_aside_from
from memory.db.extraction_settings import settings_from
from memory.db.repository import CHUNK, Repository
from memory.db.sessions import bound_to_owner, find_session, owned, owner_values
from memory.db.tables import messages, sessions
from memory.errors import NotFound
from memory.types import Attachment, ExtractionSettings, Message, MessageState, Owner, Role

EXTRACTION_SETTINGS = "extraction_settings"
"""Under this name messages carry what was asked of the extraction along with them."""

MOST_MESSAGES = 2**31 - 1
"""No message of a session has a higher number."""

# Each turn runs these several times: composed once, not each time.
_INSERT = insert(messages)
_HIGHEST_NUMBER = select(func.max(messages.c.number)).where(
    messages.c.session_id == bindparam("of")
)
_MINE = (messages.c.id == bindparam("of")) & bound_to_owner(messages.c)
_ONE = select(messages).where(_MINE)
_CHANGED = update(messages).where(_MINE)
_WITH_REPLACED = (
    select(messages)
    .where(messages.c.session_id == bindparam("of"), messages.c.number < bindparam("before"))
    .order_by(messages.c.number.desc())
)
_IN_FORCE = _WITH_REPLACED.where(messages.c.state != MessageState.REPLACED.value)
_TIMES = (
    select(messages.c.created_at)
    .where(
        messages.c.session_id.in_(
            select(sessions.c.id).where(
                sessions.c.user_id == bindparam("of"), sessions.c.updated_at >= bindparam("since")
            )
        ),
        messages.c.created_at >= bindparam("since"),
        messages.c.created_at <= bindparam("until"),
    )
    .order_by(messages.c.created_at)
)
_SIZE = select(func.count(), func.coalesce(func.sum(func.length(messages.c.text)), 0)).where(
    messages.c.session_id == bindparam("of"),
    messages.c.number > bindparam("after"),
    messages.c.state != MessageState.REPLACED.value,
)
_MOVED = update(sessions).where(sessions.c.id == bindparam("of")).values(updated_at=bindparam("at"))


class Messages(Repository):
    """The messages of sessions."""

    def add(
        self,
        owner: Owner,
        session_id: str,
        role: Role,
        text: str,
        *,
        state: MessageState = MessageState.DONE,
        remember: bool = True,
        care: str | None = None,
        reply_to: str | None = None,
        opening: bool = False,
        created_at: datetime | None = None,
        memory_fields: Mapping[str, Any] | None = None,
        instead_of: Message | None = None,
        attachments: Sequence[Attachment] = (),
    ) -> Message:
        """Append a message; one transaction, one fsync (it is on the reply's path).

        It follows the message that it answers, or the last one in force. As a version of
        another message (``instead_of``) it takes its place: that one is set aside with
        all that followed it.

        ``memory_fields`` are what memories learnt of it get (checked values of
        ``metadata``, ``app_id``, ``run_id``, ``expiration_date``, ``immutable``).

        Raises:
            NotFound: no such session of this owner.
        """
        at = created_at or self._engine.clock()
        with self._write() as connection:
            session = find_session(connection, owner, session_id, lock=True)
            last = connection.execute(_HIGHEST_NUMBER, {"of": session_id}).scalar_one()
            if instead_of is not None:
                set_aside_from(connection, session_id, instead_of.number)
            parent = reply_to or last_in_force(connection, session_id)
            message = Message(
                id=str(uuid.uuid4()),
                session_id=session_id,
                owner=owner,
                number=(last or 0) + 1,
                role=role,
                text=without_nul(text),
                created_at=at,
                state=MessageState(state),
                remember=remember,
                care=care,
                reply_to=reply_to,
                opening=opening,
                parent_id=parent,
                attachments=tuple(attachments),
            )
            row = {**message_row(message), "memory_fields": dict(memory_fields or {}) or None}
            connection.execute(_INSERT, row)
            connection.execute(_MOVED, {"of": session_id, "at": max(at, session.updated_at)})
        return message

    def update(
        self,
        owner: Owner,
        id: str,
        *,
        text: str | None = None,
        state: MessageState | None = None,
    ) -> Message:
        """Change the text or state of a message (a reply grows, ends, is replaced).

        Raises:
            NotFound: no such message of this owner.
        """
        values: dict[str, str] = {}
        if text is not None:
            values["text"] = without_nul(text)
        if state is not None:
            values["state"] = MessageState(state).value
        mine = {"of": id, **owner_values(owner)}
        with self._write() as connection:
            if values:
                connection.execute(_CHANGED, mine | values)
            row = connection.execute(_ONE, mine).mappings().first()
            if row is None:
                raise NotFound(code="message_not_found")
            connection.execute(_MOVED, {"of": row["session_id"], "at": self._engine.clock()})
        return to_message(row)

    def of(
        self,
        owner: Owner,
        session_id: str,
        *,
        limit: int | None = 50,
        before_number: int | None = None,
        include_replaced: bool = False,
    ) -> list[Message]:
        """The last ``limit`` messages (before ``before_number``), oldest first.

        Raises:
            NotFound: no such session of this owner.
        """
        chosen = (_WITH_REPLACED if include_replaced else _IN_FORCE).limit(limit)
        before = {"before": MOST_MESSAGES if before_number is None else before_number}
        with self._read() as connection:
            find_session(connection, owner, session_id)
            rows = connection.execute(chosen, {"of": session_id} | before).mappings()
            found = [to_message(row) for row in rows]
        return found[::-1]

    def get(self, owner: Owner, id: str) -> Message:
        """One message.

        Raises:
            NotFound: no such message of this owner.
        """
        found = self.by_ids(owner, [id])
        if not found:
            raise NotFound(code="message_not_found")
        return found[0]

    def by_ids(self, owner: Owner, ids: Sequence[str]) -> list[Message]:
        """Messages in the order of ``ids``; unknown ones and others' are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Message] = {}
        with self._read() as connection:
            for start in range(0, len(wanted), CHUNK):
                rows = connection.execute(
                    select(messages).where(
                        messages.c.id.in_(wanted[start : start + CHUNK]), owned(messages.c, owner)
                    )
                )
                found.update((row["id"], to_message(row)) for row in rows.mappings())
        return [found[id] for id in wanted if id in found]

    def given_in_batch(self, batch_id: str) -> dict[str, Any]:
        """What was given along with a batch's messages; of different ones the last."""
        chosen = (
            select(messages.c.memory_fields)
            .where(messages.c.batch_id == batch_id, messages.c.memory_fields.is_not(None))
            .order_by(messages.c.number)
        )
        with self._read() as connection:
            found = [value for value in connection.scalars(chosen) if isinstance(value, dict)]
        return {
            name: value
            for given in found
            for name, value in given.items()
            if name != EXTRACTION_SETTINGS
        }

    def settings_given(self, ids: Iterable[str]) -> ExtractionSettings | None:
        """What was asked of the extraction along with these messages; the last word counts."""
        chosen = (
            select(messages.c.memory_fields)
            .where(messages.c.id.in_(list(ids)), messages.c.memory_fields.is_not(None))
            .order_by(messages.c.number)
        )
        with self._read() as connection:
            found = [
                value[EXTRACTION_SETTINGS]
                for value in connection.scalars(chosen)
                if isinstance(value, dict) and EXTRACTION_SETTINGS in value
            ]
        return settings_from(found[-1]) if found else None

    def count(self, owner: Owner, session_id: str | None = None) -> int:
        """How many messages a session has, or all sessions of the owner; replaced
        ones don't count."""
        chosen = (
            select(func.count())
            .select_from(messages)
            .where(owned(messages.c, owner), messages.c.state != MessageState.REPLACED.value)
        )
        if session_id is not None:
            chosen = chosen.where(messages.c.session_id == session_id)
        else:
            mine = select(sessions.c.id).where(owned(sessions.c, owner))
            chosen = chosen.where(messages.c.session_id.in_(mine))
        with self._read() as connection:
            return connection.execute(chosen).scalar_one()

    def has_said(self, owner: Owner) -> bool:
        """Whether a user has ever said anything to a persona, in a session that is still there."""
        chosen = (
            select(messages.c.id)
            .join(sessions, sessions.c.id == messages.c.session_id)
            .where(owned(sessions.c, owner), messages.c.role == "user")
            .limit(1)
        )
        with self._read() as connection:
            return connection.execute(chosen).first() is not None

    def size(self, owner: Owner, session_id: str, *, after: int = 0) -> tuple[int, int]:
        """How many messages are in force behind number ``after``, and their characters.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._read() as connection:
            find_session(connection, owner, session_id)
            count, letters = connection.execute(_SIZE, {"of": session_id, "after": after}).one()
        return count, letters

    def times(
        self, user_id: str, *, since: datetime, until: datetime | None = None
    ) -> list[datetime]:
        """When a user's conversations moved (both sides, all personas), oldest first."""
        until = until or datetime.max.replace(tzinfo=UTC)
        with self._read() as connection:
            return list(connection.scalars(_TIMES, {"of": user_id, "since": since, "until": until}))

    def recover_streaming(self, before: datetime | None = None) -> int:
        """Replies cut off by a crash become ``interrupted`` and keep their text.

        Without ``before``, messages whose reply never began are owed from now on as well.

        Args:
            before: Only those of which nothing was heard since; needed where other
                processes may be streaming right now: what has been said is written
                down every second, and that moves its session.

        Returns:
            How many there were.
        """
        chosen = update(messages).where(messages.c.state == MessageState.STREAMING.value)
        if before is not None:
            quiet = select(sessions.c.id).where(sessions.c.updated_at < before)
            chosen = chosen.where(messages.c.created_at < before, messages.c.session_id.in_(quiet))
        else:
            self._engine.started = self._engine.clock()
        with self._write() as connection:
            done = connection.execute(chosen.values(state=MessageState.INTERRUPTED.value))
            return done.rowcount


def without_nul(text: str) -> str:
    """PostgreSQL can't hold the NUL character, and nobody can type it."""
    return text.replace("\x00", "")


def to_message(row: RowMapping) -> Message:
    """A message from its row."""
    return Message(
        id=row["id"],
        session_id=row["session_id"],
        owner=Owner(row["user_id"], row["persona_id"]),
        number=row["number"],
        role=row["role"],
        text=row["text"],
        created_at=row["created_at"],
        state=MessageState(row["state"]),
        remember=row["remember"],
        batch_id=row["batch_id"],
        care=row["care"],
        reply_to=row["reply_to"],
        opening=row["opening"],
        parent_id=row["parent_id"],
        aside=row["aside"],
        kept_state=MessageState(row["kept_state"]) if row["kept_state"] else None,
        original=row["original"],
        rating=row["rating"],
        attachments=attachments_of(row["attachments"]),
    )


def message_row(message: Message) -> dict[str, object]:
    """The row of a message."""
    return {
        "id": message.id,
        "session_id": message.session_id,
        "user_id": message.owner.user_id,
        "persona_id": message.owner.persona_id,
        "number": message.number,
        "role": message.role,
        "text": message.text,
        "created_at": message.created_at,
        "state": message.state.value,
        "remember": message.remember,
        "batch_id": message.batch_id,
        "care": message.care,
        "reply_to": message.reply_to,
        "opening": message.opening,
        "parent_id": message.parent_id,
        "aside": message.aside,
        "kept_state": message.kept_state.value if message.kept_state else None,
        "original": message.original,
        "rating": message.rating,
        "attachments": attachment_rows(message.attachments),
    }
