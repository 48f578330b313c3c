from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from memory.db import Database, resolve_database_url
from memory.db.migrations import SCHEMA_VERSION
from memory.errors import FolderBusy, FolderUnusable, SettingsError

REPOSITORY = Path(__file__).parents[3]


@pytest.mark.sqlite_only
def test_the_file_is_private_and_opened_as_promised(db: Database, tmp_path: Path) -> None:
    with db.engine.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "secure_delete",
                "busy_timeout",
                "temp_store",
            )
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
        "temp_store": 2,
    }
    assert stat.S_IMODE((tmp_path / "ledger.db").stat().st_mode) == 0o600
    assert db.engine.get_meta("schema_version") == str(SCHEMA_VERSION)


def test_the_address_is_a_file_in_the_folder_or_what_is_given(tmp_path: Path) -> None:
    assert resolve_database_url(tmp_path).endswith("/ledger.db")
    assert resolve_database_url(tmp_path, "postgresql+psycopg://h/d") == "postgresql+psycopg://h/d"


def test_small_values_are_kept(db: Database) -> None:
    assert db.engine.get_meta("k") is None
    db.engine.set_meta("k", "一")
    db.engine.set_meta("k", "二")
    assert db.engine.get_meta("k") == "二"
    db.engine.set_meta("k", None)
    assert db.engine.get_meta("k") is None


def test_times_come_back_in_utc_and_naive_ones_are_refused(db, owner, say) -> None:
    session = db.sessions.create(owner)
    shanghai = datetime(2024, 10, 19, 1, 30, tzinfo=timezone(timedelta(hours=8)))
    said = db.messages.add(owner, session.id, "user", "hi", created_at=shanghai)
    stored = db.messages.get(owner, said.id).created_at
    assert stored == shanghai
    assert stored.tzinfo is UTC
    with pytest.raises(StatementError):
        db.messages.add(owner, session.id, "user", "hi", created_at=datetime(2024, 1, 1))


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"this is not a database" * 100)
    before = path.read_bytes()
    with pytest.raises(FolderUnusable) as caught:
        Database(resolve_database_url(tmp_path))
    assert caught.value.code == "ledger_damaged"
    assert caught.value.params == {"folder": str(path), "what": "ledger.db", "why": "damaged"}
    assert path.read_bytes() == before


def test_damage_in_the_middle_is_noticed_at_opening(tmp_path: Path, owner) -> None:
    db = Database(resolve_database_url(tmp_path))
    session = db.sessions.create(owner)
    for _ in range(200):
        db.messages.add(owner, session.id, "user", "hello " * 50)
    db.engine.compact()
    db.close()
    path = tmp_path / "ledger.db"
    content = bytearray(path.read_bytes())
    content[20_000:60_000] = os.urandom(40_000)
    path.write_bytes(content)
    with pytest.raises(FolderUnusable) as caught:
        Database(resolve_database_url(tmp_path))
    assert caught.value.params["why"] == "damaged"
    assert path.read_bytes() == bytes(content)


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    db = Database(resolve_database_url(tmp_path))
    db.engine.set_meta("schema_version", str(SCHEMA_VERSION + 1))
    db.close()
    with pytest.raises(FolderUnusable) as caught:
        Database(resolve_database_url(tmp_path))
    assert "newer" in caught.value.params["why"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FolderUnusable):
        Database(resolve_database_url(tmp_path))


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(FolderUnusable) as caught:
        Database(resolve_database_url(tmp_path / "data"))
    assert caught.value.params["why"] == "not writable"


@pytest.mark.sqlite_only
def test_a_full_disk_is_named_and_loses_nothing(db: Database, owner) -> None:
    session = db.sessions.create(owner)
    kept = db.messages.add(owner, session.id, "user", "kept")

    def limit(pages: int) -> None:
        with db.engine.read() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    with db.engine.read() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit(used + 1)
    with pytest.raises(FolderUnusable) as caught:
        db.messages.add(owner, session.id, "user", "long " * 20_000)
    assert caught.value.params["why"] == "no space left"
    assert db.messages.of(owner, session.id) == [kept]
    limit(2**30)
    assert db.messages.add(owner, session.id, "user", "again").number == 2


@pytest.mark.sqlite_only
def test_a_lock_held_by_another_process_is_named(
    db: Database, tmp_path: Path, monkeypatch, owner
) -> None:
    with db.engine.read() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    holder = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(FolderBusy):
        db.sessions.create(owner)
    holder.execute("ROLLBACK")
    holder.close()
    db.sessions.create(owner)


@pytest.mark.parametrize("url", ["nonsense", "unknown+driver://x/y"])
def test_an_address_that_is_none_names_the_setting(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Database(url)
    assert caught.value.params["setting"] == "DATABASE_URL"


def test_a_closed_ledger_writes_no_more(db: Database, owner) -> None:
    db.close()
    with pytest.raises(FolderUnusable):
        db.sessions.create(owner)


SPEAKING = """
import sys
from pathlib import Path
from memory.db import Database, resolve_database_url
from memory.types import Owner
db, owner = Database(resolve_database_url(Path(sys.argv[1]))), Owner("lin", "niannian")
[session] = db.sessions.of(owner)
while True:
    print(db.messages.add(owner, session.id, "user", "hello").number, flush=True)
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path, owner) -> None:
    db = Database(resolve_database_url(tmp_path))
    session = db.sessions.create(owner)
    db.close()
    speaker = subprocess.Popen(
        [sys.executable, "-c", SPEAKING, str(tmp_path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(50):
        speaker.stdout.readline()
    speaker.send_signal(signal.SIGKILL)
    said, _ = speaker.communicate(timeout=30)
    last = int(said.split("\n")[-2]) if said.count("\n") else 50
    db = Database(resolve_database_url(tmp_path))
    numbers = [m.number for m in db.messages.of(owner, session.id, limit=None)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= last
    db.close()


def test_a_message_costs_one_sync(db: Database, owner) -> None:
    session = db.sessions.create(owner)
    took = []
    for _ in range(30):
        started = time.perf_counter()
        db.messages.add(owner, session.id, "user", "hello")
        took.append(time.perf_counter() - started)
    assert sorted(took)[15] < 0.05
