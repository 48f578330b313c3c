"""Expected store content: what the history says the store holds, and what is owed again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from memory.db.history import change_row, is_readable, read_change
from memory.db.relations import outdate
from memory.db.repository import CHUNK, Repository
from memory.db.tables import foreign_payloads, journal, users
from memory.types import Change, Owner

ROWS = 1000

_NEWEST = select(func.max(journal.c.seq)).group_by(journal.c.memory_id)


@dataclass(frozen=True, slots=True)
class Held:
    """The last line of a memory. ``readable`` is false if it doesn't say what it became."""

    change: Change
    readable: bool


class Holdings(Repository):
    """The state of every memory, as its last line tells it."""

    def counts(self) -> dict[Owner, int]:
        """How many memories of each owner there should be."""
        chosen = (
            select(journal.c.user_id, journal.c.persona_id, func.count())
            .where(journal.c.seq.in_(_NEWEST), journal.c.after.is_not(None))
            .group_by(journal.c.user_id, journal.c.persona_id)
        )
        with self._read() as connection:
            return {Owner(user, persona): n for user, persona, n in connection.execute(chosen)}

    def held(self) -> Iterator[Held]:
        """The last line of every memory, deleted ones included."""
        chosen = select(journal).where(journal.c.seq.in_(_NEWEST))
        with self._read() as connection:
            rows = connection.execute(chosen.execution_options(yield_per=ROWS))
            for row in rows.mappings():
                yield Held(read_change(row), is_readable(row))

    def every_change(self) -> Iterator[Change]:
        """All lines in the order in which they happened."""
        chosen = select(journal).order_by(journal.c.seq).execution_options(yield_per=ROWS)
        with self._read() as connection:
            for row in connection.execute(chosen).mappings():
                if is_readable(row):
                    yield read_change(row)

    def owe_again(self, memory_ids: Sequence[str]) -> int:
        """The last line of each of these memories is owed to the store once more.

        Returns:
            How many lines that are.
        """
        owed = 0
        with self._write() as connection:
            for start in range(0, len(memory_ids), CHUNK):
                some = memory_ids[start : start + CHUNK]
                newest = _NEWEST.where(journal.c.memory_id.in_(some))
                owed += connection.execute(
                    update(journal).where(journal.c.seq.in_(newest)).values(applied=False)
                ).rowcount
        return owed

    def take_note(
        self, changes: Sequence[Change], foreign: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Write down what happened in the store without us.

        Args:
            changes: Already applied.
            foreign: By memory id, the payload keys that aren't ours.
        """
        with self._write() as connection:
            if changes:
                connection.execute(insert(journal), [change_row(one, None) for one in changes])
            owners = {change.memory_id: change.owner for change in changes}
            outdate(connection, {owner.user_id for owner in owners.values()})
            for id in owners:
                connection.execute(
                    delete(foreign_payloads).where(foreign_payloads.c.memory_id == id)
                )
            rows = [
                {
                    "memory_id": id,
                    "user_id": owners[id].user_id,
                    "persona_id": owners[id].persona_id,
                    "payload": dict(payload),
                }
                for id, payload in foreign.items()
                if payload and id in owners
            ]
            if rows:
                connection.execute(insert(foreign_payloads), rows)

    def foreign_payloads(self, memory_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What :meth:`take_note` was told of these memories, where there is anything."""
        found: dict[str, dict[str, Any]] = {}
        every = list(memory_ids)
        with self._read() as connection:
            for start in range(0, len(every), CHUNK):
                rows = connection.execute(
                    select(foreign_payloads.c.memory_id, foreign_payloads.c.payload).where(
                        foreign_payloads.c.memory_id.in_(every[start : start + CHUNK])
                    )
                )
                found.update((id, payload) for id, payload in rows)
        return found

    def is_empty(self) -> bool:
        """Whether there is no line of history."""
        with self._read() as connection:
            return connection.execute(select(journal.c.seq).limit(1)).first() is None

    def knows_nobody(self) -> bool:
        """Whether there is neither a user nor a line of history."""
        with self._read() as connection:
            return not (
                connection.execute(select(users.c.id).limit(1)).first()
                or connection.execute(select(journal.c.seq).limit(1)).first()
            )
