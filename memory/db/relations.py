"""Relations: which memory connects whom with what, and when that held.

An index over the memories, as the vector store is one: it follows every change, and is read
again where it is outdated (see :class:`memory.memories.graph.index.RelationIndex`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from memory.db.engine import put_meta
from memory.db.repository import CHUNK, Repository
from memory.db.tables import journal, meta, relations
from memory.types import Owner, Triple

_STATE = "relations:"
_ADD = insert(relations)
_REMOVE = delete(relations).where(relations.c.memory_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A triple of one memory. ``since`` and ``until`` are ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``;
    ``until`` is ``None`` while it holds."""

    owner: Owner
    memory_id: str
    triple: Triple
    since: str
    until: str | None = None


class Relations(Repository):
    """The connections of people and things, by owner."""

    def of(self, user_id: str, persona_id: str | None = None) -> list[GraphEdge]:
        """All connections of a user, or those with one persona, in the order of storing."""
        chosen = select(relations).where(relations.c.user_id == user_id).order_by(relations.c.id)
        if persona_id is not None:
            chosen = chosen.where(relations.c.persona_id == persona_id)
        with self._read() as connection:
            return [_read(row._mapping) for row in connection.execute(chosen)]

    def extent(self, user_id: str) -> tuple[int, int]:
        """How many connections of a user there are, and the last of them."""
        mine = relations.c.user_id == user_id
        chosen = select(func.count(), func.max(relations.c.id)).where(mine)
        with self._read() as connection:
            count, last = connection.execute(chosen).one()
        return count, last or 0

    def is_current(self, user_id: str, version: str) -> bool:
        """Whether all memories of this user were read by this version of the rules."""
        with self._read() as connection:
            chosen = select(meta.c.value).where(meta.c.key == _STATE + user_id)
            return connection.scalar(chosen) == version

    def replace_all(self, user_id: str, found: Sequence[GraphEdge], version: str) -> None:
        """Put these in the place of all that was known of a user."""
        with self._write() as connection:
            connection.execute(delete(relations).where(relations.c.user_id == user_id))
            _insert(connection, found)
            put_meta(connection, _STATE + user_id, version)

    def changed_since(self, position: int | None) -> tuple[list[str], int]:
        """Whose memories changed after a line of the journal, and its last line.

        Args:
            position: Of the line; everybody with memories without one.
        """
        newest = select(func.coalesce(func.max(journal.c.seq), 0))
        chosen = select(journal.c.user_id).distinct().order_by(journal.c.user_id)
        if position is not None:
            chosen = chosen.where(journal.c.seq > position)
        with self._read() as connection:
            # First the end: what comes in between is then looked at twice, never missed.
            last = connection.execute(newest).scalar_one()
            return list(connection.scalars(chosen)), last

    def outdate(self, user_id: str) -> None:
        """Have a user's memories read again before the next look at their connections."""
        with self._write() as connection:
            outdate(connection, [user_id])


def outdate(connection: Connection, user_ids: Iterable[str]) -> None:
    """As :meth:`Relations.outdate`, of several users, in the caller's transaction."""
    for user_id in user_ids:
        connection.execute(delete(meta).where(meta.c.key == _STATE + user_id))


def follow(connection: Connection, memory_ids: Iterable[str], found: Sequence[GraphEdge]) -> None:
    """Put ``found`` in the place of what these memories connected; in the caller's transaction."""
    ids = list(memory_ids)
    for start in range(0, len(ids), CHUNK):
        connection.execute(_REMOVE, {"ids": ids[start : start + CHUNK]})
    _insert(connection, found)


def _insert(connection: Connection, found: Sequence[GraphEdge]) -> None:
    rows = [_row(one) for one in found]
    for start in range(0, len(rows), CHUNK):
        connection.execute(_ADD, rows[start : start + CHUNK])


def _row(one: GraphEdge) -> dict[str, Any]:
    return {
        "user_id": one.owner.user_id,
        "persona_id": one.owner.persona_id,
        "memory_id": one.memory_id,
        "source": one.triple.source,
        "source_type": one.triple.source_type,
        "relationship": one.triple.relationship,
        "target": one.triple.target,
        "target_type": one.triple.target_type,
        "ended": one.triple.ended,
        "since": one.since,
        "until": one.until,
    }


def _read(row: Any) -> GraphEdge:
    triple = Triple(
        row["source"],
        row["relationship"],
        row["target"],
        row["source_type"],
        row["target_type"],
        row["ended"],
    )
    owner = Owner(row["user_id"], row["persona_id"])
    return GraphEdge(owner, row["memory_id"], triple, row["since"], row["until"])
