"""The journal as people read it: newest first, what was done together as one block.

A page costs the same at the top of a long journal and far down: the blocks of a
page are found by walking the journal's own order, and a large group is stepped
over at once instead of being read line by line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from memory.db.history import read_change
from memory.db.repository import Repository
from memory.db.tables import journal
from memory.types import Actor, Change, ChangeAction, Owner

_WALK = 200
"""Lines looked at in one go on the way to the next block."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What the journal is limited to; empty fields don't limit.

    ``since`` is included, ``until`` isn't. ``text`` is looked for in what a memory
    said before and after; ``subject``, ``kind`` and ``category`` are those it has
    after the change (before it, if it was deleted).
    """

    actions: Collection[ChangeAction] = ()
    actors: Collection[Actor] = ()
    text: str = ""
    subject: str | None = None
    kind: str | None = None
    category: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def limits(self) -> bool:
        """Whether anything is left out."""
        return self != ChangeFilter()


@dataclass(frozen=True, slots=True)
class Block:
    """Changes made together: a batch, a bulk action, or a single change.

    ``shown`` are the first of those that match, in the order in which they happened;
    ``matching`` says how many match and ``size`` how many there are in all.
    ``mark`` is where the next page goes on.
    """

    mark: int
    group_id: str | None
    shown: tuple[Change, ...]
    matching: int
    size: int


class Changelog(Repository):
    """Pages of the journal."""

    def blocks(
        self,
        who: Owner | str,
        wanted: ChangeFilter | None = None,
        *,
        limit: int = 20,
        lines: int = 5,
        before: int | None = None,
    ) -> list[Block]:
        """The newest blocks.

        Args:
            who: An owner, or a user's id for all personas.
            wanted: Which lines; a block shows only those and is there if it has any.
            limit: At most this many blocks.
            lines: At most this many lines of each.
            before: ``mark`` of the last block of the page before.
        """
        matching = _conditions(who, wanted or ChangeFilter())
        found: list[Block] = []
        seen: set[str] = set()
        cursor = before
        with self._read() as connection:
            while len(found) < limit:
                below = [] if cursor is None else [journal.c.seq < cursor]
                rows = connection.execute(
                    select(journal.c.seq, journal.c.id, journal.c.group_id)
                    .where(*matching, *below)
                    .order_by(journal.c.seq.desc())
                    .limit(_WALK)
                ).all()
                if not rows:
                    break
                for seq, id, group_id in rows:
                    if cursor is not None and seq >= cursor:
                        continue  # stepped over with its group
                    cursor = seq
                    if (group_id or id) in seen:
                        continue
                    seen.add(group_id or id)
                    block, cursor = _block(connection, matching, seq, id, group_id, lines, before)
                    if block is not None:
                        found.append(block)
                    if len(found) == limit:
                        break
        return found

    def of_block(
        self,
        who: Owner | str,
        group_id: str,
        wanted: ChangeFilter | None = None,
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Change]:
        """Some of the changes of one block, in the order in which they happened."""
        matching = [*_conditions(who, wanted or ChangeFilter()), journal.c.group_id == group_id]
        with self._read() as connection:
            return _lines(connection, matching, limit, offset)

    def has_changes(self, who: Owner | str) -> bool:
        """Whether the journal has any line of this owner or user."""
        chosen = select(journal.c.seq).where(_whose(who)).limit(1)
        with self._read() as connection:
            return connection.execute(chosen).first() is not None


def _block(
    connection: Connection,
    matching: list[ColumnElement[bool]],
    seq: int,
    id: str,
    group_id: str | None,
    lines: int,
    before: int | None,
) -> tuple[Block | None, int]:
    """The block that ``seq`` begins, and from where to go on."""
    if group_id is None:
        shown = _lines(connection, [journal.c.id == id], 1, 0)
        return Block(seq, None, tuple(shown), 1, 1), seq
    same = journal.c.group_id == group_id
    first, last, size = connection.execute(
        select(func.min(journal.c.seq), func.max(journal.c.seq), func.count()).where(same)
    ).one()
    # Groups are nearly always written in one go; then the rest of it can be skipped.
    go_on = first if last - first + 1 == size else seq
    if before is not None and last >= before:
        newest = connection.execute(select(func.max(journal.c.seq)).where(*matching, same))
        if newest.scalar_one() >= before:
            return None, go_on  # the page before has shown it
    count = connection.execute(
        select(func.count()).select_from(journal).where(*matching, same)
    ).scalar_one()
    shown = _lines(connection, [*matching, same], lines, 0)
    return Block(go_on, group_id, tuple(shown), count, size), go_on


def _lines(
    connection: Connection, conditions: list[ColumnElement[bool]], limit: int, offset: int
) -> list[Change]:
    rows = connection.execute(
        select(journal).where(*conditions).order_by(journal.c.seq).limit(limit).offset(offset)
    )
    return [read_change(row) for row in rows.mappings()]


def _whose(who: Owner | str) -> ColumnElement[bool]:
    if isinstance(who, Owner):
        return (journal.c.user_id == who.user_id) & (journal.c.persona_id == who.persona_id)
    return journal.c.user_id == who


def _conditions(who: Owner | str, wanted: ChangeFilter) -> list[ColumnElement[bool]]:
    found = [_whose(who)]
    if wanted.since is not None:
        found.append(journal.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(journal.c.at < wanted.until)
    if wanted.actions:
        found.append(journal.c.action.in_([action.value for action in wanted.actions]))
    if wanted.actors:
        found.append(journal.c.actor.in_([actor.value for actor in wanted.actors]))
    for name in ("subject", "kind", "category"):
        value = getattr(wanted, name)
        if value is not None:
            found.append(func.coalesce(_field("after", name), _field("before", name)) == value)
    if text := wanted.text.strip().lower():
        found.append(
            or_(
                *(
                    func.lower(_field(side, "text")).contains(text, autoescape=True)
                    for side in ("after", "before")
                )
            )
        )
    return found


def _field(side: str, name: str) -> ColumnElement[str]:
    value: ColumnElement[str] = journal.c[side][name].as_string()
    return value
