"""The versions of the ledger's tables, the same on SQLite and PostgreSQL.

A new ledger is made in one go from ``tables.py``; an older one is brought up step
by step by Alembic (``versions/``), which is imported only then. What version a
ledger has is kept twice: as a number that this program compares at every start
(``meta.schema_version``), and where Alembic looks for it.

A new step: change ``tables.py``, add ``versions/v000N_….py`` with ``revision =
"000N"``, and raise ``SCHEMA_VERSION`` to N. A test holds the two ways to a ledger
against each other.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from memory.errors import FolderUnusable
from memory.ledger.tables import meta, metadata

SCHEMA_VERSION = 5
_KEY = "schema_version"

# Alembic's own table, made here so that a new ledger needn't import Alembic.
_stamped = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False, primary_key=True),
)


def bring_up(connection: Connection, place: str) -> int:
    """Make the tables or bring them to this program's version.

    Args:
        connection: Inside a write transaction: all steps are taken, or none.
        place: Named in the error.

    Returns:
        The version found before (0: there were no tables).

    Raises:
        FolderUnusable: a newer program made this ledger.
    """
    there = inspect(connection)
    if not there.has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(meta.insert().values(key=_KEY, value=str(SCHEMA_VERSION)))
        _stamp(connection, SCHEMA_VERSION)
        return 0
    found = _found(connection)
    if found > SCHEMA_VERSION:
        raise FolderUnusable(
            f"{place} was made by a newer version of this program",
            folder=place,
            why="made by a newer version",
        )
    if not there.has_table(_stamped.name):
        # From before Alembic took over.
        _stamp(connection, found)
    if found < SCHEMA_VERSION:
        from memory.ledger.migrations.steps import upgrade

        upgrade(connection)
        connection.execute(
            meta.update().where(meta.c.key == _KEY).values(value=str(SCHEMA_VERSION))
        )
    return found


def revision_of(version: int) -> str:
    """The name of Alembic's revision for a schema version."""
    return f"{version:04d}"


def _found(connection: Connection) -> int:
    stored = connection.execute(select(meta.c.value).where(meta.c.key == _KEY)).scalar_one_or_none()
    return int(stored) if stored and stored.isdigit() else 1


def _stamp(connection: Connection, version: int) -> None:
    _stamped.create(connection, checkfirst=True)
    connection.execute(_stamped.delete())
    connection.execute(_stamped.insert().values(version_num=revision_of(version)))
