"""Import of sessions, messages and history from outside, as they were.

One transaction: either everything of an import is in the database or nothing. The
memories themselves follow through the journal, as with every other change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, delete, insert, select

from memory.db.branch_rows import with_parents
from memory.db.engine import put_meta
from memory.db.history import change_row
from memory.db.messages import message_row
from memory.db.repository import CHUNK, Repository
from memory.db.sessions import owned, summary_json
from memory.db.tables import (
    batches,
    inbox_settled,
    journal,
    messages,
    meta,
    sessions,
    trace_memories,
    traces,
    users,
)
from memory.db.traces import read_trace, trace_row, used_rows
from memory.types import Batch, Change, Message, Owner, Session, SettledFinding, Trace, User

_NOTE = "import:"


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an import adds to the database; ids are free, owners are settled.

    Of ``changes`` those that aren't applied are owed to the store. ``user`` is a
    profile to be made with it. ``note`` is kept for taking the import back.
    """

    user_id: str
    group_id: str
    user: User | None = None
    sessions: tuple[Session, ...] = ()
    messages: tuple[Message, ...] = ()
    batches: tuple[Batch, ...] = ()
    traces: tuple[tuple[Owner, Trace], ...] = ()
    changes: tuple[Change, ...] = ()
    settled: tuple[SettledFinding, ...] = ()
    note: Mapping[str, Any] | None = None


class Imports(Repository):
    """Rows from outside, all or none."""

    def owners_of_ids(self, kind: str, ids: Iterable[str]) -> dict[str, Owner]:
        """Whose these ids are, of those that exist.

        Args:
            kind: ``session``, ``message``, ``batch``, ``change`` or ``memory`` (one
                that the journal knows).
            ids: Of anybody.
        """
        column, table = _ID_COLUMNS[kind]
        found: dict[str, Owner] = {}
        wanted = list(dict.fromkeys(ids))
        with self._read() as connection:
            for start in range(0, len(wanted), CHUNK):
                rows = connection.execute(
                    select(column, table.c.user_id, table.c.persona_id).where(
                        column.in_(wanted[start : start + CHUNK])
                    )
                )
                found.update((id, Owner(user, persona)) for id, user, persona in rows)
        return found

    def bring_in(self, incoming: Incoming) -> None:
        """Write all of it in one transaction.

        Raises:
            sqlalchemy.exc.IntegrityError: an id was taken meanwhile; nothing is written.
        """
        known = {batch.id for batch in incoming.batches}
        with self._write() as connection:
            if incoming.user is not None:
                _insert(connection, users, [_user_row(incoming.user)])
            _insert(connection, sessions, [_session_row(one) for one in incoming.sessions])
            _insert(
                connection, messages, [message_row(one) for one in with_parents(incoming.messages)]
            )
            _insert(connection, batches, [_batch_row(one) for one in incoming.batches])
            _insert(connection, traces, [trace_row(owner, one) for owner, one in incoming.traces])
            used = [row for _, trace in incoming.traces for row in used_rows(trace)]
            _insert(connection, trace_memories, used)
            _insert(
                connection,
                journal,
                [
                    # What a batch changed is one group under the batch's own id.
                    change_row(one, one.group_id if one.group_id in known else None)
                    for one in incoming.changes
                ],
            )
            for one in incoming.settled:
                # Somebody may have settled the same in the inbox just now.
                connection.execute(delete(inbox_settled).where(_is(one)))
            _insert(connection, inbox_settled, [_settled_row(one) for one in incoming.settled])
            if incoming.note is not None:
                key = _note_key(incoming.user_id, incoming.group_id)
                put_meta(connection, key, json.dumps(incoming.note))

    def withdraw(self, incoming: Incoming) -> None:
        """Take out again what :meth:`bring_in` wrote; one transaction."""
        with self._write() as connection:
            for table, ids in (
                (journal, [change.id for change in incoming.changes]),
                (sessions, [session.id for session in incoming.sessions]),
                (users, [incoming.user.id] if incoming.user else []),
            ):
                for start in range(0, len(ids), CHUNK):
                    connection.execute(
                        delete(table).where(table.c.id.in_(ids[start : start + CHUNK]))
                    )
            for one in incoming.settled:
                connection.execute(delete(inbox_settled).where(_is(one)))
            key = _note_key(incoming.user_id, incoming.group_id)
            connection.execute(delete(meta).where(meta.c.key == key))
        self._engine.rows_deleted(incoming.user_id)

    def note(self, user_id: str, group_id: str) -> dict[str, Any] | None:
        """What was noted about an import, or ``None`` if there was none."""
        note = self._engine.get_meta(_note_key(user_id, group_id))
        return None if note is None else dict(json.loads(note))

    def forget(self, user_id: str, group_id: str) -> None:
        """Drop the note: the import was taken back."""
        self._engine.set_meta(_note_key(user_id, group_id), None)

    def all_traces(self, owner: Owner) -> list[Trace]:
        """Every trace of an owner, oldest first."""
        chosen = (
            select(traces)
            .where(owned(traces.c, owner))
            .order_by(traces.c.created_at, traces.c.message_id)
        )
        with self._read() as connection:
            return [read_trace(row) for row in connection.execute(chosen).mappings()]


_ID_COLUMNS: Mapping[str, tuple[Column[str], Table]] = {
    "session": (sessions.c.id, sessions),
    "message": (messages.c.id, messages),
    "batch": (batches.c.id, batches),
    "change": (journal.c.id, journal),
    "memory": (journal.c.memory_id, journal),
}


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), list(rows))


def _note_key(user_id: str, group_id: str) -> str:
    # Ends in the user's id: erasing the user takes it along.
    return f"{_NOTE}{group_id}:{user_id}"


def _user_row(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "created_at": user.created_at,
        "language": user.language,
        "timezone": user.timezone,
        "region": user.region,
        "demo": user.demo,
        "role": "person",
        "login": None,
        "minor": user.minor,
        "age_at": user.age_at,
        "age_source": user.age_source,
        "emergency_contact": user.emergency_contact,
        "tenant_id": user.tenant_id,
    }


def _session_row(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "user_id": session.owner.user_id,
        "persona_id": session.owner.persona_id,
        "title": session.title,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
        "pinned": session.pinned,
        "folder": session.folder,
        "summary": summary_json(session.summary),
    }


def _batch_row(batch: Batch) -> dict[str, Any]:
    times: dict[str, datetime | None] = {
        "created_at": batch.created_at,
        "next_at": batch.next_at,
        "finished_at": batch.finished_at,
    }
    return {
        "id": batch.id,
        "user_id": batch.owner.user_id,
        "persona_id": batch.owner.persona_id,
        "session_id": batch.session_id,
        "state": batch.state.value,
        "attempts": batch.attempts,
        "error": batch.error,
        "outcome": dict(batch.outcome),
        **times,
    }


def _settled_row(one: SettledFinding) -> dict[str, Any]:
    return {
        "user_id": one.owner.user_id,
        "persona_id": one.owner.persona_id,
        "finding": one.finding,
        "at": one.at,
    }


def _is(one: SettledFinding) -> ColumnElement[bool]:
    return and_(owned(inbox_settled.c, one.owner), inbox_settled.c.finding == one.finding)
