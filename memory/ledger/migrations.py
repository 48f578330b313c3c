"""The versions of the ledger's tables.

A new ledger is made in one go from ``tables.py``. An older one is brought up
step by step: ``STEPS[n]`` turns version ``n`` into ``n + 1``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, inspect, select, update

from memory.errors import FolderUnusable
from memory.ledger.tables import inbox_settled, looks, meta, metadata, studio_texts, tokens

SCHEMA_VERSION = 2


def _accounts_studio_inbox(connection: Connection) -> None:
    connection.exec_driver_sql(
        "ALTER TABLE users ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT 'person'"
    )
    connection.exec_driver_sql("ALTER TABLE users ADD COLUMN login VARCHAR(400)")
    connection.exec_driver_sql("CREATE UNIQUE INDEX users_by_login ON users (login)")
    metadata.create_all(connection, tables=[studio_texts, inbox_settled, tokens, looks])


STEPS: Mapping[int, Callable[[Connection], None]] = {1: _accounts_studio_inbox}
_KEY = "schema_version"


def bring_up(connection: Connection, place: str) -> int:
    """Make the tables or bring them to this program's version.

    Args:
        connection: Inside a write transaction.
        place: Named in the error.

    Returns:
        The version found before (0: there were no tables).

    Raises:
        FolderUnusable: a newer program made this ledger.
    """
    if not inspect(connection).has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(meta.insert().values(key=_KEY, value=str(SCHEMA_VERSION)))
        return 0
    stored = connection.execute(select(meta.c.value).where(meta.c.key == _KEY)).scalar_one_or_none()
    found = int(stored) if stored and stored.isdigit() else 0
    if found > SCHEMA_VERSION:
        raise FolderUnusable(
            f"{place} was made by a newer version of this program",
            folder=place,
            why="made by a newer version",
        )
    for version in range(found, SCHEMA_VERSION):
        STEPS[version](connection)
    if found < SCHEMA_VERSION:
        connection.execute(update(meta).where(meta.c.key == _KEY).values(value=str(SCHEMA_VERSION)))
    return found
