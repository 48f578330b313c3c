"""Makes the database of a data folder one of schema version 1, with what was in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from memory.db.migrations.steps import upgrade

LEDGER = "ledger.db"


def make_old(folder: Path) -> None:
    """Rewrite ``folder``'s ledger as an older program would have written it.

    The server must have been stopped. Tables and columns that came later are left out.
    """
    new, old = folder / LEDGER, folder / "old.db"
    engine = create_engine(f"sqlite:///{old}", poolclass=NullPool)
    with engine.begin() as connection:
        upgrade(connection, "0001")
    engine.dispose()
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("ATTACH ? AS new", (str(new),))
        db.execute("BEGIN")
        tables = [
            row[0] for row in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
        ]
        for table in tables:
            if table.startswith("sqlite_") or table == "alembic_version":
                continue
            there = _columns(db, "new", table)
            shared = ", ".join(f'"{name}"' for name in _columns(db, "main", table) if name in there)
            if shared:
                db.execute(
                    f'INSERT INTO main."{table}" ({shared}) SELECT {shared} FROM new."{table}"'
                )
        db.execute("INSERT OR REPLACE INTO main.meta VALUES ('schema_version', '1')")
        # From before there were steps.
        db.execute("DROP TABLE main.alembic_version")
        db.execute("COMMIT")
    for name in (new, Path(f"{new}-wal"), Path(f"{new}-shm")):
        name.unlink(missing_ok=True)
    old.rename(new)


def version_of(folder: Path) -> str:
    """The schema version that the database says it has."""
    with closing(sqlite3.connect(f"file:{folder / LEDGER}?mode=ro", uri=True)) as db:
        return str(db.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()[0])


def _columns(db: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [row[1] for row in db.execute(f'PRAGMA {schema}.table_info("{table}")')]
