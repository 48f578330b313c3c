"""The versions of the database's tables, the same on SQLite and PostgreSQL.

A new database is made in one go from ``tables.py``; an older one is brought up step
by step by Alembic (``versions/``), which is imported only then. What version a
ledger has is kept twice: as a number that this program compares at every start
(``meta.schema_version``), and where Alembic looks for it.

A new step: change ``tables.py``, add ``versions/v000N_….py`` with ``revision =
"000N"``, and raise ``SCHEMA_VERSION`` to N. A test holds the two ways to a database
against each other.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from memory.db.tables import meta, metadata
from memory.errors import FolderNewer

SCHEMA_VERSION = 17
_KEY = "schema_version"

# Alembic's own table, made here so that a new database needn't import Alembic.
_stamped = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False, primary_key=True),
)


def bring_up(
    connection: Connection,
    place: str,
    before_upgrade: Callable[[int, int], None] | None = None,
) -> int:
    """Make the tables or bring them to this program's version.

    Args:
        connection: Inside a write transaction: all steps are taken, or none.
        place: Named in the error.
        before_upgrade: Called with the version found and the one to come.

    Returns:
        The version found before (0: there were no tables).

    Raises:
        FolderNewer: a newer program made this database.
    """
    there = inspect(connection)
    if not there.has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(meta.insert().values(key=_KEY, value=str(SCHEMA_VERSION)))
        _stamp(connection, SCHEMA_VERSION)
        return 0
    found, stamped = _found(connection), _stamped_revision(connection)
    if found > SCHEMA_VERSION or stamped > revision_of(SCHEMA_VERSION):
        raise FolderNewer(
            f"{place} was made by a newer version of this program",
            folder=place,
            why="made by a newer version",
        )
    if not stamped:
        # From before Alembic took over.
        _stamp(connection, found)
    if found < SCHEMA_VERSION:
        if before_upgrade is not None:
            before_upgrade(found, SCHEMA_VERSION)
        from memory.db.migrations.steps import upgrade

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


def _stamped_revision(connection: Connection) -> str:
    """What Alembic knows; empty if nothing."""
    if not inspect(connection).has_table(_stamped.name):
        return ""
    return max(connection.scalars(select(_stamped.c.version_num)), default="")


def _stamp(connection: Connection, version: int) -> None:
    _stamped.create(connection, checkfirst=True)
    connection.execute(_stamped.delete())
    connection.execute(_stamped.insert().values(version_num=revision_of(version)))
