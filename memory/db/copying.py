"""Database copy: a whole database into another one, and a comparison of the two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Table, func, insert, select

from memory.db.engine import COMMITS
from memory.db.repository import Repository
from memory.db.tables import meta, metadata
from memory.errors import StoreError

ROWS = 500
# Of one database, not of what is in it.
_OWN = frozenset({"schema_version", COMMITS})


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: how many rows, and a digest that doesn't depend on their order."""

    rows: int
    digest: str


class Copying(Repository):
    """Reading everything, and writing it into an empty database."""

    def contents(self) -> Mapping[str, Content]:
        """Every table's rows and digest; equal in two databases that hold the same."""
        with self._read() as connection:
            return {table.name: _content(connection, table) for table in metadata.sorted_tables}

    def holds_nothing(self) -> bool:
        """Whether nobody has used this database yet."""
        with self._read() as connection:
            return not any(
                connection.execute(_everything(table).limit(1)).first()
                for table in metadata.sorted_tables
            )

    def take_all_from(
        self,
        source: Copying,
        moved: Callable[[str, int], None] = lambda _table, _rows: None,
    ) -> Mapping[str, Content]:
        """Copy every row of ``source`` as of one moment in one transaction: all, or nothing.

        Args:
            source: Another database of the same schema version.
            moved: Told each table's name and how many of its rows are copied.

        Returns:
            What was copied, by table.

        Raises:
            StoreError: ``move_differs``, what is here in the end isn't what was read.
        """
        copied: dict[str, Content] = {}
        with source._engine.read_snapshot() as reading, self._write() as writing:
            for table in metadata.sorted_tables:
                sent = _Tally()
                rows = reading.execute(_everything(table).execution_options(yield_per=ROWS))
                for some in rows.mappings().partitions(ROWS):
                    writing.execute(insert(table), [dict(row) for row in some])
                    sent.count(row.values() for row in some)
                moved(table.name, sent.rows)
                copied[table.name] = sent.content
                if _content(writing, table) != sent.content:
                    raise StoreError(
                        f"{table.name} in {self._engine.place} isn't what was sent",
                        code="move_differs",
                        place=table.name,
                    )
            if not self._engine.is_sqlite:
                _count_on(writing)
        return copied


def _everything(table: Table) -> Any:
    rows = select(table)
    return rows.where(table.c.key.not_in(_OWN)) if table is meta else rows


class _Tally:
    """Counts rows and digests them as they come by."""

    def __init__(self) -> None:
        self.rows = 0
        self._total = 0

    def count(self, rows: Iterable[Iterable[Any]]) -> None:
        for row in rows:
            said = json.dumps(list(row), default=_plain, ensure_ascii=False, sort_keys=True)
            digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
            # A sum of digests is the same in any order: databases sort text differently.
            self._total += int.from_bytes(digest)
            self.rows += 1

    @property
    def content(self) -> Content:
        return Content(self.rows, f"{self._total % 2**256:064x}")


def _content(connection: Connection, table: Table) -> Content:
    tally = _Tally()
    tally.count(connection.execute(_everything(table).execution_options(yield_per=ROWS)))
    return tally.content


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL's own numbering go on after the numbers that were copied."""
    for table in metadata.sorted_tables:
        for column in table.primary_key:
            if isinstance(column.type, Integer):
                last = select(func.max(column)).scalar_subquery()
                name = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(
                    select(func.setval(name, func.coalesce(last, 1), last.is_not(None)))
                )
