"""The journal: every change of a memory, written before the store is touched.

It is a write-ahead log. ``record`` writes whole changes as still owed and, in the
same transaction, marks the batch that they come from as done; the memory service then
writes the store and marks them applied. A crash in between leaves owed lines,
and applying a line twice is the same as once, because it holds the whole memory.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select, update

from memory.db.memory_json import from_dict, from_dict_leniently, to_dict
from memory.db.relations import GraphEdge, follow
from memory.db.repository import CHUNK, Repository
from memory.db.sessions import owned
from memory.db.tables import batches, journal
from memory.errors import BadInput, NotFound, NotUndoable
from memory.nlp.dates import span
from memory.types import Actor, BatchState, Change, ChangeAction, Memory, Owner

log = logging.getLogger(__name__)
EnumT = TypeVar("EnumT", Actor, ChangeAction)


# Made once: every change of a memory needs them.
_RECORD = insert(journal)
_MARK_APPLIED = (
    update(journal).where(journal.c.id.in_(bindparam("ids", expanding=True))).values(applied=True)
)
_IS_OWED = journal.c.applied.is_(False)
# Not the bare column: the database would go through all lines of the user, and those
# that are owed, which have an index of their own, are few or none.
_USER = journal.c.user_id + ""
_OWED = select(journal).where(_IS_OWED)
_OWED_BY = _OWED.where(_USER.in_(bindparam("users", expanding=True)))
_OWING = select(journal.c.seq).where(_IS_OWED).limit(1)
_OWING_BY = _OWING.where(bindparam("user") == _USER)
_CHANGED_IDS = (
    select(journal.c.id, journal.c.memory_id)
    .where(
        journal.c.user_id == bindparam("user"),
        journal.c.persona_id == bindparam("persona"),
        journal.c.group_id == bindparam("group"),
    )
    .order_by(journal.c.seq)
)


class ChangeHistory(Repository):
    """Append-only journal, but for two marks: applied, and undone by which change."""

    before_change: Callable[[Owner], None] | None = None
    """Called with each owner whose memories are about to change, for the access log."""

    def record(
        self,
        changes: Sequence[Change],
        *,
        finish_batch: str | None = None,
        outcome: Mapping[str, Any] | None = None,
        undone: Mapping[str, str] | None = None,
    ) -> None:
        """Write changes as owed; one transaction, all or nothing.

        Args:
            changes: In the order in which they happened.
            finish_batch: The batch they come from; it is done from now on.
            outcome: What the extraction says about itself (no message text).
            undone: Changes that these undo, each with the change that undid it.

        Raises:
            NotFound: code ``batch_gone``: the batch was erased or is already
                done. Nothing is written then.
            NotUndoable: code ``already_undone``: somebody was quicker.
        """
        if self.before_change is not None:
            for owner in dict.fromkeys(change.owner for change in changes):
                self.before_change(owner)
        with self._write() as connection:
            if finish_batch is not None:
                self._finish(connection, finish_batch, outcome or {})
            if changes:
                connection.execute(
                    _RECORD, [change_row(change, finish_batch) for change in changes]
                )
            if undone:
                _mark_undone(connection, undone)

    def mark_applied(
        self, ids: Iterable[str], connected: Mapping[str, Sequence[GraphEdge]] | None = None
    ) -> int:
        """These changes are in the store now.

        Args:
            ids: Of the changes.
            connected: By memory, what it connects from now on; written along, unless its owner
                was erased meanwhile.

        Returns:
            How many of them the journal still has; fewer means that their owner
            was erased meanwhile.
        """
        every, marked = list(ids), 0
        # A mark that a power cut takes back makes the next start apply the change again.
        with self._write(synced=False) as connection:
            for some in _chunks(every):
                marked += connection.execute(_MARK_APPLIED, {"ids": some}).rowcount
            if connected and marked == len(every):
                follow(connection, connected, [one for of in connected.values() for one in of])
        return marked

    def owed(self, user_ids: Collection[str] | None = None) -> list[Change]:
        """Changes that the store may not have yet, oldest first; of all users, or of these."""
        chosen, given = (_OWED, {}) if user_ids is None else (_OWED_BY, {"users": list(user_ids)})
        with self._read() as connection:
            rows = connection.execute(chosen.order_by(journal.c.seq), given)
            # One that doesn't say what it owes stays as it is.
            return [read_change(row) for row in rows.mappings() if is_readable(row)]

    def owing_users(self) -> set[str]:
        """Whose changes are in :meth:`owed`, without reading them."""
        chosen = select(journal.c.user_id).where(_IS_OWED).distinct()
        with self._read() as connection:
            return set(connection.scalars(chosen))

    def is_owing(self, user_ids: Collection[str] | None = None) -> bool:
        """Whether there is anything in :meth:`owed`; quick, for it is asked before each change."""
        with self._read() as connection:
            if user_ids is None:
                return connection.execute(_OWING).first() is not None
            return any(connection.execute(_OWING_BY, {"user": id}).first() for id in user_ids)

    def of(
        self,
        owner: Owner,
        *,
        memory_id: str | None = None,
        group_id: str | None = None,
        batch_id: str | None = None,
        limit: int | None = 100,
        before: str | None = None,
    ) -> list[Change]:
        """An owner's changes, the newest first.

        Args:
            owner: Whose journal.
            memory_id: Only the history of this memory.
            group_id: Only the changes of this bulk action.
            batch_id: Only what this batch changed.
            limit: At most this many; ``None``: all.
            before: Id of a change: only older ones (to page on).
        """
        chosen = select(journal).where(owned(journal.c, owner)).order_by(journal.c.seq.desc())
        for column, value in (
            (journal.c.memory_id, memory_id),
            (journal.c.group_id, group_id),
            (journal.c.batch_id, batch_id),
        ):
            if value is not None:
                chosen = chosen.where(column == value)
        if before is not None:
            mark = select(journal.c.seq).where(journal.c.id == before).scalar_subquery()
            chosen = chosen.where(journal.c.seq < mark)
        with self._read() as connection:
            return [read_change(row) for row in connection.execute(chosen.limit(limit)).mappings()]

    def changed_ids(self, owner: Owner, group_id: str) -> list[tuple[str, str]]:
        """Change and memory of each line of a bulk action, in order, without reading them."""
        which = {"user": owner.user_id, "persona": owner.persona_id, "group": group_id}
        with self._read() as connection:
            found = connection.execute(_CHANGED_IDS, which)
            return [(id, memory_id) for id, memory_id in found]

    def count(self, owner: Owner, group_id: str) -> int:
        """How many changes a bulk action made, without reading them."""
        chosen = (
            select(func.count())
            .select_from(journal)
            .where(owned(journal.c, owner), journal.c.group_id == group_id)
        )
        with self._read() as connection:
            return connection.scalar(chosen) or 0

    def get(self, owner: Owner, id: str) -> Change:
        """One change.

        Raises:
            NotFound: no such change of this owner.
        """
        chosen = select(journal).where(journal.c.id == id, owned(journal.c, owner))
        with self._read() as connection:
            row = connection.execute(chosen).mappings().first()
        if row is None:
            raise NotFound(code="change_not_found")
        return read_change(row)

    def newest(self, memory_ids: Iterable[str]) -> dict[str, str]:
        """The id of the last change of each of these memories that has one."""
        found: dict[str, str] = {}
        with self._read() as connection:
            for some in _chunks(memory_ids):
                last = (
                    select(func.max(journal.c.seq))
                    .where(journal.c.memory_id.in_(some))
                    .group_by(journal.c.memory_id)
                )
                rows = connection.execute(
                    select(journal.c.memory_id, journal.c.id).where(journal.c.seq.in_(last))
                )
                found.update((memory_id, id) for memory_id, id in rows)
        return found

    def newest_seq(self, user_id: str) -> int:
        """The place of the newest change of a user's memories in the journal; 0 without any."""
        chosen = select(func.max(journal.c.seq)).where(journal.c.user_id == user_id)
        with self._read() as connection:
            return connection.scalar(chosen) or 0

    def last_changed(self, owner: Owner) -> dict[str, datetime]:
        """When each of an owner's memories was last changed here, by whomever."""
        chosen = (
            select(journal.c.memory_id, func.max(journal.c.at).label("at"))
            .where(owned(journal.c, owner))
            .group_by(journal.c.memory_id)
        )
        with self._read() as connection:
            return {row.memory_id: row.at for row in connection.execute(chosen)}

    def _finish(self, connection: Connection, id: str, outcome: Mapping[str, Any]) -> None:
        finished = connection.execute(
            update(batches)
            .where(batches.c.id == id, batches.c.state != BatchState.DONE.value)
            .values(
                state=BatchState.DONE.value,
                finished_at=self._engine.clock(),
                outcome=dict(outcome),
                error=None,
                next_at=None,
                claimed_by=None,
                claimed_at=None,
            )
        )
        if finished.rowcount != 1:
            raise NotFound(code="batch_gone")


def _mark_undone(connection: Connection, undone: Mapping[str, str]) -> None:
    # Read once: asked for thousands of ids, the database would go through all lines
    # for every few hundred of them.
    undoings = connection.scalars(
        select(journal.c.undone_by).where(journal.c.undone_by.is_not(None)).distinct()
    )
    taken_back = set(undoings) & set(undone)
    marked = connection.execute(
        update(journal)
        .where(journal.c.id == bindparam("change"), journal.c.undone_by.is_(None))
        .values(undone_by=bindparam("by_change")),
        [{"change": id, "by_change": by} for id, by in undone.items()],
    )
    if marked.rowcount != len(undone):
        raise NotUndoable(code="already_undone", why="already_undone")
    # Undoing an undo brings the first change back into force.
    for some in _chunks(taken_back):
        connection.execute(
            update(journal).where(journal.c.undone_by.in_(some)).values(undone_by=None)
        )


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    every = list(ids)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


def change_row(change: Change, batch_id: str | None) -> dict[str, Any]:
    """The row of a change; ``batch_id`` if a batch made it."""
    return {
        "id": change.id,
        "user_id": change.owner.user_id,
        "persona_id": change.owner.persona_id,
        "memory_id": change.memory_id,
        "action": change.action.value,
        "actor": change.actor.value,
        "at": change.at,
        "before": change.before and to_dict(change.before),
        "after": change.after and to_dict(change.after),
        "group_id": change.group_id,
        "batch_id": batch_id,
        "applied": change.applied,
        "undone_by": change.undone_by,
    }


def read_change(row: RowMapping) -> Change:
    """A journal line from its row. Values that this program doesn't know get a default."""
    return Change(
        id=row["id"],
        owner=Owner(row["user_id"], row["persona_id"]),
        memory_id=row["memory_id"],
        action=_known(ChangeAction, row["action"], ChangeAction.EDIT),
        actor=_known(Actor, row["actor"], Actor.SYSTEM),
        at=row["at"],
        before=_memory(row, "before"),
        after=_memory(row, "after"),
        group_id=row["group_id"],
        applied=row["applied"],
        undone_by=row["undone_by"],
    )


def is_readable(row: RowMapping) -> bool:
    """Whether a line says what became of its memory."""
    after = row["after"]
    return after is None or (isinstance(after, dict) and bool(after.get("text")))


def _memory(row: RowMapping, name: str) -> Memory | None:
    value = row[name]
    if value is None:
        return None
    try:
        memory = from_dict(value)
        if memory.event_date is not None:
            span(memory.event_date)
        return memory
    except (BadInput, ValueError, TypeError):
        log.warning("line %s of the history has a value that isn't known", row["id"])
        owner = Owner(row["user_id"], row["persona_id"])
        return from_dict_leniently(value, id=row["memory_id"], owner=owner, at=row["at"])


def _known(enum: type[EnumT], value: str, default: EnumT) -> EnumT:
    try:
        return enum(value)
    except ValueError:
        return default
