"""Sessions: runs of turns between one user and one persona."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy import update as update_rows

from memory.db.repository import Repository
from memory.db.tables import messages, sessions
from memory.errors import NotFound
from memory.types import MessageState, Owner, Session, SessionSummary

TITLE_LENGTH = 120
FOLDER_LENGTH = 60


def bound_to_owner(columns: object) -> ColumnElement[bool]:
    """As :func:`owned`, for a statement that is composed once; see :func:`owner_values`."""
    user_id: ColumnElement[str] = columns.user_id  # type: ignore[attr-defined]
    persona_id: ColumnElement[str] = columns.persona_id  # type: ignore[attr-defined]
    return and_(user_id == bindparam("of_user"), persona_id == bindparam("of_persona"))


def owner_values(owner: Owner) -> dict[str, str]:
    """What such a statement is run with."""
    return {"of_user": owner.user_id, "of_persona": owner.persona_id}


# Every turn looks for its session several times: composed once, not each time.
_ONE = select(sessions).where(sessions.c.id == bindparam("of"), bound_to_owner(sessions.c))
_ONE_LOCKED = _ONE.with_for_update()


class Sessions(Repository):
    """The conversations of an owner. What belongs to others isn't found."""

    def create(
        self,
        owner: Owner,
        title: str = "",
        *,
        created_at: datetime | None = None,
        id: str | None = None,
    ) -> Session:
        """Begin a session.

        Args:
            owner: Whose.
            title: Cut at 120 characters.
            created_at: For stories of the past; now by default.
            id: One that isn't used yet; a new one by default.
        """
        now = created_at or self._engine.clock()
        session = Session(id or str(uuid.uuid4()), owner, _title(title), now, now)
        with self._write() as connection:
            connection.execute(
                insert(sessions).values(
                    id=session.id,
                    user_id=owner.user_id,
                    persona_id=owner.persona_id,
                    title=session.title,
                    created_at=now,
                    updated_at=now,
                )
            )
        return session

    def of(
        self,
        owner: Owner,
        query: str = "",
        limit: int | None = 50,
        offset: int = 0,
        *,
        pinned_first: bool = False,
        folder: str | None = None,
    ) -> list[Session]:
        """Sessions, the most recently used first; ``query`` is part of a title.

        ``pinned_first`` puts those at the head that somebody pinned. ``folder``: only those
        in it; empty: only those in none.
        """
        chosen = select(sessions).where(owned(sessions.c, owner))
        if query.strip():
            chosen = chosen.where(
                func.lower(sessions.c.title).contains(query.strip().lower(), autoescape=True)
            )
        if folder is not None:
            chosen = chosen.where(sessions.c.folder == folder)
        if pinned_first:
            chosen = chosen.order_by(sessions.c.pinned.desc())
        chosen = chosen.order_by(sessions.c.updated_at.desc(), sessions.c.id)
        with self._read() as connection:
            rows = connection.execute(chosen.limit(limit).offset(offset))
            return [_session(row) for row in rows.mappings()]

    def get(self, owner: Owner, id: str) -> Session:
        """One session.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._read() as connection:
            return find_session(connection, owner, id)

    def rename(self, owner: Owner, id: str, title: str) -> Session:
        """Give a session a title (cut at 120 characters); its place in the list stays.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._write() as connection:
            find_session(connection, owner, id)
            connection.execute(
                update_rows(sessions).where(sessions.c.id == id).values(title=_title(title))
            )
            return find_session(connection, owner, id)

    def pin(self, owner: Owner, id: str, *, pinned: bool) -> None:
        """Keep a session at the head of the list, or let it go back to its place.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._write() as connection:
            find_session(connection, owner, id)
            connection.execute(
                update_rows(sessions).where(sessions.c.id == id).values(pinned=pinned)
            )

    def file(self, owner: Owner, id: str, folder: str) -> None:
        """Put a session into a folder (a name cut at 60 characters); empty takes it out.

        Raises:
            NotFound: no such session of this owner.
        """
        name = " ".join(folder.split())[:FOLDER_LENGTH]
        with self._write() as connection:
            find_session(connection, owner, id)
            connection.execute(update_rows(sessions).where(sessions.c.id == id).values(folder=name))

    def folders(self, owner: Owner) -> list[str]:
        """The folders that have a session in them, by name."""
        chosen = select(sessions.c.folder).where(owned(sessions.c, owner), sessions.c.folder != "")
        with self._read() as connection:
            return sorted(connection.scalars(chosen.distinct()))

    def summarise(
        self,
        owner: Owner,
        id: str,
        summary: SessionSummary | None,
        *,
        instead_of: SessionSummary | None = None,
        made_of: Sequence[str] | None = None,
    ) -> bool:
        """Keep what older turns were about, or forget it.

        Args:
            owner: Whose session it is.
            id: Which.
            summary: The new one; none forgets it.
            instead_of: With ``made_of``: nothing is kept if there is another by now.
            made_of: Ids of messages; nothing is kept if one of them was deleted or set
                aside meanwhile.

        Returns:
            Whether it was kept.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._write() as connection:
            session = find_session(connection, owner, id, lock=True)
            if made_of is not None:
                there = select(func.count()).where(
                    messages.c.id.in_(made_of), messages.c.state != MessageState.REPLACED.value
                )
                all_there = connection.execute(there).scalar_one() == len(made_of)
                if session.summary != instead_of or not all_there:
                    return False
            values = {"summary": summary_json(summary)}
            connection.execute(update_rows(sessions).where(sessions.c.id == id).values(**values))
        return True

    def delete(self, owner: Owner, id: str) -> None:
        """Delete a session with its messages, traces and batches. Memories stay.

        Raises:
            NotFound: no such session of this owner.
        """
        with self._write() as connection:
            find_session(connection, owner, id)
            connection.execute(delete(sessions).where(sessions.c.id == id))
        self._engine.rows_deleted(owner.user_id)


def owned(columns: object, owner: Owner) -> ColumnElement[bool]:
    """The condition that a row of a table (its ``.c``) belongs to ``owner``."""
    user_id: ColumnElement[str] = columns.user_id  # type: ignore[attr-defined]
    persona_id: ColumnElement[str] = columns.persona_id  # type: ignore[attr-defined]
    return and_(user_id == owner.user_id, persona_id == owner.persona_id)


def find_session(connection: Connection, owner: Owner, id: str, *, lock: bool = False) -> Session:
    """A session inside a running transaction; ``lock`` holds its row on a server.

    Raises:
        NotFound: no such session of this owner.
    """
    asked = {"of": id, **owner_values(owner)}
    row = connection.execute(_ONE_LOCKED if lock else _ONE, asked).mappings().first()
    if row is None:
        raise NotFound(code="session_not_found")
    return _session(row)


def _title(title: str) -> str:
    return " ".join(title.split())[:TITLE_LENGTH]


def summary_json(summary: SessionSummary | None) -> dict[str, Any] | None:
    """A summary as it is kept in its column."""
    if summary is None:
        return None
    return {
        "text": summary.text,
        "upto": summary.upto,
        "updated_at": summary.updated_at.isoformat(),
        "edited": summary.edited,
        "prompt_tokens": summary.prompt_tokens,
        "reply_tokens": summary.reply_tokens,
    }


def drop_summary(connection: Connection, session_id: str, number: int) -> None:
    """Forget a summary that tells of the message with this number, or of a later one."""
    mine = sessions.c.id == session_id
    kept = connection.scalar(select(sessions.c.summary).where(mine))
    if kept and number <= kept["upto"]:
        connection.execute(update_rows(sessions).where(mine).values(summary=None))


def _summary(kept: dict[str, Any] | None) -> SessionSummary | None:
    if kept is None:
        return None
    return SessionSummary(**{**kept, "updated_at": datetime.fromisoformat(kept["updated_at"])})


def _session(row: RowMapping) -> Session:
    return Session(
        id=row["id"],
        owner=Owner(row["user_id"], row["persona_id"]),
        title=row["title"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        pinned=row["pinned"],
        folder=row["folder"],
        summary=_summary(row["summary"]),
    )
