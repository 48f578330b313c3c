"""An older ledger comes out the same as one that is made anew, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from memory.db import Database, resolve_database_url
from memory.db.migrations import SCHEMA_VERSION, revision_of
from memory.db.migrations.steps import scripts, upgrade
from memory.db.tables import metadata
from memory.errors import FolderUnusable
from memory.types import Owner
from tests.postgres import fresh_schema

REPOSITORY = Path(__file__).parents[3]
OWNER = Owner("lin", "niannian")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield resolve_database_url(tmp_path)
        return
    with fresh_schema() as place:
        yield place


def engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, poolclass=NullPool)


def old_ledger(url: str) -> None:
    """A database of schema version 1, as it was before Alembic, with somebody in it."""
    with engine(url).begin() as connection:
        upgrade(connection, "0001")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("INSERT INTO meta VALUES ('schema_version', '1')"))
        connection.execute(
            text(
                "INSERT INTO users (id, name, created_at, language, demo) "
                "VALUES ('lin', 'Lin', '2024-10-18 12:00:00', 'zh', FALSE)"
            )
        )


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


def parts(connection: Connection) -> dict[str, object]:
    """Tables, columns, keys and indexes as the database knows them."""
    there = inspect(connection)
    return {
        table: json.loads(
            json.dumps(
                {
                    "columns": sorted(
                        (c["name"], str(c["type"]), c["nullable"]) for c in there.get_columns(table)
                    ),
                    "indexes": sorted(
                        (
                            i["name"],
                            i["column_names"],
                            bool(i["unique"]),
                            [f"{k}={v}" for k, v in i["dialect_options"].items()],
                        )
                        for i in there.get_indexes(table)
                    ),
                    "unique": sorted(
                        u["column_names"] for u in there.get_unique_constraints(table)
                    ),
                    "keys": there.get_pk_constraint(table)["constrained_columns"],
                    "foreign": sorted(
                        (f["constrained_columns"], f["referred_table"], str(f["options"]))
                        for f in there.get_foreign_keys(table)
                    ),
                }
            )
        )
        for table in sorted(there.get_table_names())
    }


def test_all_steps_make_what_a_new_ledger_has(url: str, tmp_path: Path) -> None:
    old_ledger(url)
    db = Database(url)
    user = db.users.get("lin")
    assert (user.name, user.role, user.login) == ("Lin", "person", None)
    assert db.engine.get_meta("schema_version") == str(SCHEMA_VERSION)
    db.close()
    with engine(url).connect() as connection:
        assert differences(connection) == []
        brought_up = parts(connection)
    fresh = fresh_schema() if url.startswith("postgresql") else None
    if fresh is None:
        (tmp_path / "new").mkdir()
        Database(resolve_database_url(tmp_path / "new")).close()
        with engine(resolve_database_url(tmp_path / "new")).connect() as connection:
            assert parts(connection) == brought_up
        return
    with fresh as new:
        Database(new).close()
        with engine(new).connect() as connection:
            assert differences(connection) == []
            assert parts(connection) == brought_up


def test_the_last_step_is_this_programs_version() -> None:
    assert scripts().get_heads() == [revision_of(SCHEMA_VERSION)]


def test_a_new_ledger_is_stamped_and_has_nothing_owed(url: str) -> None:
    Database(url).close()
    with engine(url).begin() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == revision_of(SCHEMA_VERSION)
        upgrade(connection)
        assert differences(connection) == []


def test_a_ledger_from_before_alembic_is_taken_over(url: str) -> None:
    db = Database(url)
    db.users.create("Lin", id="lin")
    db.close()
    with engine(url).begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    db = Database(url)
    assert db.users.get("lin").name == "Lin"
    db.close()
    with engine(url).connect() as connection:
        stamped = MigrationContext.configure(connection).get_current_revision()
    assert stamped == revision_of(SCHEMA_VERSION)


def test_a_newer_ledger_is_refused_and_left_alone(url: str) -> None:
    db = Database(url)
    db.engine.set_meta("schema_version", str(SCHEMA_VERSION + 1))
    db.close()
    with pytest.raises(FolderUnusable) as caught:
        Database(url)
    assert "newer" in caught.value.params["why"]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_ledger(url)
    with engine(url).connect() as connection:
        before = parts(connection)

    def breaks(connection: Connection) -> None:
        upgrade(connection)
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("memory.db.migrations.steps.upgrade", breaks)
        with pytest.raises(RuntimeError):
            Database(url)
    with engine(url).connect() as connection:
        assert parts(connection) == before
    db = Database(url)
    assert db.users.get("lin").role == "person"
    db.close()


def test_several_that_start_at_once_migrate_once(url: str) -> None:
    old_ledger(url)
    opened: list[Database] = []
    threads = [threading.Thread(target=lambda: opened.append(Database(url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for db in opened:
        assert db.users.get("lin").name == "Lin"
        db.close()


STARTING = """
import sys
from memory.db import Database
Database(sys.argv[1]).close()
print("alembic" in sys.modules)
"""


def test_alembic_is_only_imported_when_something_is_owed(tmp_path: Path) -> None:
    def start() -> str:
        return subprocess.run(
            [sys.executable, "-c", STARTING, resolve_database_url(tmp_path)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert [start(), start()] == ["False", "False"]
    (tmp_path / "ledger.db").unlink()
    old_ledger(resolve_database_url(tmp_path))
    assert [start(), start()] == ["True", "False"]


def test_what_is_in_the_versions_is_numbered_without_gaps() -> None:
    steps = [step.revision for step in scripts().walk_revisions()][::-1]
    assert steps == [revision_of(n) for n in range(1, SCHEMA_VERSION + 1)]
