"""Database engine: opening, transactions, and errors that say what went wrong.

SQLite runs in WAL mode with ``synchronous=FULL``: one fsync a commit, and what
was committed survives ``kill -9`` and a power cut. Writers start with ``BEGIN
IMMEDIATE``, so that a read inside a write transaction can't be outdated.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from memory.db.commit_mark import CommitMark
from memory.db.engine_errors import NO_SPACE, damaged, explained_error
from memory.db.migrations import bring_up
from memory.db.tables import meta
from memory.errors import (
    FolderIncomplete,
    FolderUnusable,
    SettingsError,
)
from memory.system.clock import Clock, utc_now

LEDGER_FILE = "ledger.db"
COMPACT_OWED = "compact_owed"
COMMITS = "commits"
UNREADABLE = "unreadable"
"""The only key of a JSON value that couldn't be read."""

# Counted in the database, so that it can be compared with the mark beside it.
_COUNT = (
    "INSERT INTO meta (key, value) VALUES ('commits', '1') ON CONFLICT (key) DO UPDATE"
    " SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING CAST(value AS INTEGER)"
)
_META = select(meta.c.value).where(meta.c.key == bindparam("key"))
BUSY_MS = 10_000
PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Deleted text is overwritten with zeros, not just unlinked.
    "PRAGMA secure_delete=ON",
    # Sorting and VACUUM write no temporary files outside the data folder.
    "PRAGMA temp_store=MEMORY",
)


def resolve_database_url(data_dir: Path, database_url: str | None = None) -> str:
    """Where the database lives: ``database_url``, or a file in the data folder."""
    return database_url or f"sqlite:///{(data_dir / LEDGER_FILE).absolute()}"


class Engine:
    """A connection pool with read and write transactions.

    Args (on creation):
        url: Address of the database.
        clock: Aware time.
        accept_loss: Go on with a file that has lost changes, or is missing.
        before_upgrade: Called with the path of a SQLite file, its version and the
            version that it is about to be brought to.

    Raises (on creation):
        FolderDamaged: the file is damaged; it is left alone.
        FolderIncomplete: ``ledger_missing``, it is gone or empty; ``ledger_behind``, it
            has lost changes.
        FolderNewer: a newer program made it.
        FolderUnusable: it can't be opened or written, or the disk is full.
        FolderBusy: another process holds the database.
        SettingsError: ``url`` is no database address.
    """

    def __init__(
        self,
        url: str,
        clock: Clock = utc_now,
        *,
        accept_loss: bool = False,
        before_upgrade: Callable[[Path, int, int], None] | None = None,
    ) -> None:
        self.clock = clock
        self.changed_outside = False
        """Whether something else has written to the file since it was last closed."""
        self._mark: CommitMark | None = None
        self._closed = False
        try:
            parsed = make_url(url)
            if parsed.drivername in ("postgres", "postgresql"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            self.path = Path(parsed.database) if self.is_sqlite and parsed.database else None
            self.place = str(self.path or parsed.render_as_string(hide_password=True))
            self._engine = create_engine(
                parsed,
                json_serializer=_to_json,
                json_deserializer=_from_json,
                pool_pre_ping=not self.is_sqlite,
            )
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            # The address may hold a password: it isn't repeated.
            raise SettingsError(
                "DATABASE_URL isn't the address of a database whose driver is installed",
                setting="DATABASE_URL",
                given="***",
                allowed="sqlite:///file, or postgresql://… with psycopg installed",
            ) from error
        # Locks are held while other connections work: from a pool that both share,
        # threads could wait for each other for ever.
        self._locks = create_engine(parsed, poolclass=NullPool)
        # Told whose rows were deleted, once they are: files that only they name go too.
        self.rows_deleted: Callable[[str], None] = lambda _user_id: None
        # Set where no other process makes replies (see Conversations.recover_streaming).
        self.started: datetime | None = None
        # Threads of one process queue here instead of polling SQLite's lock.
        self._writing = threading.RLock() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._writer = self._engine.execution_options(niannian_write="FULL")
        self._unsynced = self._engine.execution_options(niannian_write="NORMAL")
        try:
            mark = self._check_file(accept_loss)
            self._make_file()
            self._check()
            with self.alone("schema"), self.write() as connection:
                bring_up(connection, self.place, self._before(before_upgrade))
            self._check_commits(mark, accept_loss)
            if self.get_meta(COMPACT_OWED):
                self.compact()
        except BaseException:
            self._engine.dispose()
            raise

    # --- transactions ---------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read from, closed at the end of the block."""
        with self._explained(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def read_snapshot(self) -> Iterator[Connection]:
        """A connection that sees one state of the database, whatever is written meanwhile."""
        with self.read() as connection:
            if not self.is_sqlite:  # there, every transaction is a snapshot
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[Connection]:
        """A transaction; without ``synced`` a power cut (not a kill) may take it back."""
        engine = self._writer if synced else self._unsynced
        with self._explained(), self._writing or nullcontext():
            commits = 0
            with engine.begin() as connection:
                driver: Any = connection.connection.dbapi_connection
                before = driver.total_changes if self._mark else 0
                yield connection
                # What a power cut may take back isn't counted.
                if self._mark and synced and driver.total_changes > before:
                    commits = driver.execute(_COUNT).fetchone()[0]
            if self._mark and commits:
                self._mark.write(commits)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Only one process at a time does what ``name`` stands for.

        An advisory lock on a server, let go when its connection ends, a killed
        process's too. On SQLite one process owns the folder, and nothing happens.
        """
        if self.is_sqlite:
            yield
            return
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        key = int.from_bytes(digest, "big", signed=True)
        with self._explained(), self._locks.connect() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(key)))
            yield

    @contextmanager
    def _explained(self) -> Iterator[None]:
        if self._closed:
            # A thread that outlived its database must not write behind the back of
            # the one that was opened after it.
            raise FolderUnusable(f"{self.place} was closed", folder=self.place, why="closed")
        try:
            yield
        except (DatabaseError, sqlite3.DatabaseError) as error:
            explained = explained_error(error, self.place)
            if explained is None:
                raise
            raise explained from error

    # --- small values -----------------------------------------------------------

    def get_meta(self, key: str) -> str | None:
        """A value kept under ``key``, or ``None``."""
        with self.read() as connection:
            return connection.execute(_META, {"key": key}).scalar_one_or_none()

    def set_meta(self, key: str, value: str | None) -> None:
        """Keep ``value`` under ``key``; ``None`` removes it."""
        with self.write() as connection:
            put_meta(connection, key, value)

    # --- the file -----------------------------------------------------------------

    def compact(self) -> None:
        """Rewrite the file without free pages and empty the write-ahead log.

        Afterwards no byte of a deleted row is left in the files. If a reader is
        in the way for too long it stays owed and is done at the next opening.
        On a server this is the server's business, and nothing happens.

        Raises:
            FolderUnusable: no space for the new file.
        """
        if not self.is_sqlite or self._writing is None:
            return
        with self._explained(), self._writing:
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("VACUUM")
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.close()
            finally:
                raw.close()
        self.set_meta(COMPACT_OWED, "1" if busy else None)

    def close(self) -> None:
        """Close all connections; later calls raise :class:`FolderUnusable`."""
        mark, self._mark = self._mark, None
        commits = self._commits() if mark and not self._closed else 0
        self._closed = True
        self._engine.dispose()
        if mark is not None:
            # The last connection has written the log into the file and removed it.
            mark.close(commits)

    def _check_file(self, accept_loss: bool) -> CommitMark | None:
        """Compare the file with its mark, before anything is written.

        Raises:
            FolderIncomplete: ``ledger_missing``.
        """
        if self.path is None or str(self.path) == ":memory:":
            return None
        mark = CommitMark(self.path)
        there = self.path.exists() and self.path.stat().st_size > 0
        if not there and mark.read() and not accept_loss:
            raise FolderIncomplete(
                f"{self.path} is missing or empty",
                code="ledger_missing",
                folder=self.place,
                what=self.path.name,
                why="missing",
            )
        log_file = self.path.with_name(f"{self.path.name}-wal")
        # With a log it wasn't closed, and isn't what it was then.
        self.changed_outside = there and not log_file.exists() and mark.changed()
        return mark

    def _check_commits(self, mark: CommitMark | None, accept_loss: bool) -> None:
        """From here on commits are counted.

        Raises:
            FolderIncomplete: ``ledger_behind``, there were more commits than the file has.
        """
        if mark is None:
            return
        here, known = self._commits(), mark.read() or 0
        if here < known:
            if not accept_loss:
                raise FolderIncomplete(
                    f"{self.place} has lost its last {known - here} changes",
                    code="ledger_behind",
                    folder=self.place,
                    what=Path(self.place).name,
                    lost=known - here,
                    why="changes are missing",
                )
            here = known
            self.set_meta(COMMITS, str(known))
        mark.write(here)
        self._mark = mark

    def _commits(self) -> int:
        found = self.get_meta(COMMITS)
        return int(found) if found and found.isdigit() else 0

    def _before(
        self, told: Callable[[Path, int, int], None] | None
    ) -> Callable[[int, int], None] | None:
        path = self.path
        if told is None or path is None:
            return None
        return lambda old, new: told(path, old, new)

    def _make_file(self) -> None:
        """A new file is readable by its owner only: it holds conversations."""
        if self.path is None or str(self.path) == ":memory:":
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(mode=0o600)
        except OSError as error:
            why = NO_SPACE if error.errno == errno.ENOSPC else "not writable"
            raise FolderUnusable(
                f"{self.path} can't be written: {error.strerror}", folder=self.place, why=why
            ) from error

    def _check(self) -> None:
        """Look for damage before anything is written."""
        if not self.is_sqlite:
            return
        with self.read() as connection:
            verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if verdict != "ok":
            raise damaged(self.place)


def put_meta(connection: Connection, key: str, value: str | None) -> None:
    """Set or remove a meta value inside a running transaction."""
    connection.execute(delete(meta).where(meta.c.key == key))
    if value is not None:
        connection.execute(insert(meta).values(key=key, value=value))


# Chinese stays readable (and a third as long) in the file. Made once: json.dumps would
# make a new encoder for every value.
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _from_json(text: str) -> Any:
    """One garbled value must not keep all the others from being read."""
    try:
        return json.loads(text)
    except ValueError:
        return {UNREADABLE: True}


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late (before the first write, not before
    # the first read); _begin_sqlite says it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # By the driver: hardly a request comes without, and each statement costs SQLAlchemy
    # several times what it costs SQLite.
    driver: Any = connection.connection.dbapi_connection
    synchronous = connection.get_execution_options().get("niannian_write")
    if synchronous:
        driver.execute(f"PRAGMA synchronous={synchronous}")
    driver.execute("BEGIN IMMEDIATE" if synchronous else "BEGIN")


__all__ = ["Engine", "put_meta", "resolve_database_url"]
