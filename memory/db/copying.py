"""Database copy: a whole database into another one, and a comparison of the two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
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
    """What a table holds: how many rows, and a digest that knows no order."""

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
        return all(content.rows == 0 for content in self.contents().values())

    def take_all_from(
        self,
        source: Copying,
        moved: Callable[[str, int], None] = lambda _table, _rows: None,
        *,
        expected: Mapping[str, Content] | None = None,
    ) -> None:
        """Copy every row of ``source`` as of one moment in one transaction: all, or nothing.

        Args:
            source: Another database of the same schema version.
            moved: Told each table's name and how many of its rows are copied.
            expected: What has to be here in the end, or nothing is kept; what ``source``
                holds at the moment of the copy if not given.

        Raises:
            StoreError: ``move_differs``.
        """
        with source._engine.read_snapshot() as reading, self._write() as writing:
            for table in metadata.sorted_tables:
                done = 0
                rows = reading.execute(_everything(table).execution_options(yield_per=ROWS))
                for some in rows.mappings().partitions(ROWS):
                    writing.execute(insert(table), [dict(row) for row in some])
                    done += len(some)
                moved(table.name, done)
                wanted = expected[table.name] if expected else _content(reading, table)
                if _content(writing, table) != wanted:
                    place = self._engine.place
                    raise StoreError(
                        f"{table.name} in {place} isn't what was sent; is the app running?",
                        code="move_differs",
                        place=table.name,
                    )
            if not self._engine.is_sqlite:
                _count_on(writing)


def _everything(table: Table) -> Any:
    rows = select(table)
    return rows.where(table.c.key.not_in(_OWN)) if table is meta else rows


def _content(connection: Connection, table: Table) -> Content:
    count, total = 0, 0
    for row in connection.execute(_everything(table).execution_options(yield_per=ROWS)):
        said = json.dumps(list(row), default=_plain, ensure_ascii=False, sort_keys=True)
        # A sum of digests is the same in any order: databases sort text differently.
        total += int.from_bytes(hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest())
        count += 1
    return Content(count, f"{total % 2**256:064x}")


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
