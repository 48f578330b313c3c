"""Dismissed review findings, and how far the history had been looked at."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, delete, insert, select

from memory.db.repository import Repository
from memory.db.sessions import owned
from memory.db.tables import inbox_settled, journal
from memory.types import Owner, SettledFinding


class SettledFindings(Repository):
    """Findings that were looked at, by their keys; and the mark that a cache goes by."""

    def settled(self, owner: Owner) -> frozenset[str]:
        """The keys of the findings that this owner's memories were kept with."""
        chosen = select(inbox_settled.c.finding).where(owned(inbox_settled.c, owner))
        with self._read() as connection:
            return frozenset(connection.scalars(chosen))

    def all_settled(self, owner: Owner) -> list[SettledFinding]:
        """The same with when it was settled, oldest first."""
        chosen = (
            select(inbox_settled.c.finding, inbox_settled.c.at)
            .where(owned(inbox_settled.c, owner))
            .order_by(inbox_settled.c.at, inbox_settled.c.finding)
        )
        with self._read() as connection:
            return [SettledFinding(owner, key, at) for key, at in connection.execute(chosen)]

    def settle(self, owner: Owner, findings: Iterable[str]) -> None:
        """These findings are all right as they are; doing it twice changes nothing.

        Args:
            owner: Whose memories.
            findings: Keys of at most 300 characters each.
        """
        with self._write() as connection:
            mine = owned(inbox_settled.c, owner)
            known = set(connection.scalars(select(inbox_settled.c.finding).where(mine)))
            fresh = [key for key in dict.fromkeys(findings) if key not in known]
            if fresh:
                connection.execute(
                    insert(inbox_settled),
                    [
                        {
                            "user_id": owner.user_id,
                            "persona_id": owner.persona_id,
                            "finding": key,
                            "at": self._engine.clock(),
                        }
                        for key in fresh
                    ],
                )

    def unsettle(self, owner: Owner, findings: Iterable[str] | None = None) -> int:
        """Forget that findings were looked at.

        Args:
            owner: Whose memories.
            findings: Only these keys; ``None``: all.

        Returns:
            How many there were.
        """
        chosen = delete(inbox_settled).where(owned(inbox_settled.c, owner))
        if findings is not None:
            chosen = chosen.where(inbox_settled.c.finding.in_(list(findings)))
        with self._write() as connection:
            return connection.execute(chosen).rowcount

    def history_end(self, owner: Owner) -> int:
        """Where an owner's journal ends, of what is in the store; 0 before the first change."""
        chosen = (
            select(journal.c.seq)
            .where(owned(journal.c, owner), journal.c.applied)
            .order_by(journal.c.seq.desc())
            .limit(1)
        )
        with self._read() as connection:
            return connection.scalar(chosen) or 0

    def changed_since(self, owner: Owner, end: int) -> frozenset[str]:
        """The ids of the memories that changed after the journal ended at ``end``."""
        with self._read() as connection:
            return frozenset(connection.scalars(_changed(owner, end)))

    def more_changed(self, owner: Owner, end: int, than: int) -> bool:
        """Whether :meth:`changed_since` names more memories ``than`` so many; quick."""
        some = _changed(owner, end).limit(than + 1)
        with self._read() as connection:
            return len(connection.scalars(some).all()) > than


def _changed(owner: Owner, end: int) -> Select[tuple[str]]:
    since = journal.c.seq > end
    chosen = select(journal.c.memory_id).where(owned(journal.c, owner), since, journal.c.applied)
    return chosen.distinct()
