"""mem0's history of every memory, written in bulk and erasable to the last byte."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from memory.errors import FolderDamaged, FolderUnusable
from memory.types import Memory, Owner
from memory.vector_store.mem0 import bridge as mem0_bridge

Event = Literal["ADD", "UPDATE", "DELETE"]

_DAMAGE = ("damaged", "not a database", "malformed", "corrupt")

_SETUP = """
PRAGMA journal_mode = WAL;
-- Survives a kill. After a power cut mem0 may not know of the last changes; the
-- journal does.
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = ON;
PRAGMA busy_timeout = 10000;
CREATE INDEX IF NOT EXISTS niannian_history ON history (memory_id);
-- mem0 doesn't note whose a memory was; without this an erased user's deleted
-- memories would stay in the history for good.
CREATE TABLE IF NOT EXISTS niannian_owner
    (memory_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, agent_id TEXT NOT NULL) WITHOUT ROWID;
-- Every write would pay for an index that only erasing reads.
DROP INDEX IF EXISTS niannian_owner_user;
"""

_NOTE_OWNER = """
INSERT INTO niannian_owner VALUES (?, ?, ?) ON CONFLICT (memory_id) DO UPDATE
SET user_id = excluded.user_id, agent_id = excluded.agent_id
WHERE user_id <> excluded.user_id OR agent_id <> excluded.agent_id
"""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of one memory; ``before`` and ``after`` are its texts, times are ISO."""

    memory_id: str
    owner: Owner
    event: Event
    before: str | None
    after: str | None
    role: str
    created_at: str
    at: str


class Mem0History:
    """The history database. Opened at first use, because mem0 is slow to import.

    Raises:
        FolderUnusable: the file is damaged or can't be written (at use).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.damaged = not _is_whole(folder / mem0_bridge.HISTORY_FILE)
        """Whether the file can't be used; :meth:`start_over` then, from the journal."""
        self._opening = threading.Lock()
        self._manager: Any = None

    def warm_up(self) -> None:
        """Import mem0 before the first write needs it."""
        mem0_bridge.load_mem0(self._folder)

    @property
    def is_missing(self) -> bool:
        """Whether there is no file yet, or no longer."""
        return not (self._folder / mem0_bridge.HISTORY_FILE).exists()

    def record(self, lines: Sequence[HistoryRow]) -> None:
        """Add lines in one transaction; a line that repeats the last one is left out.

        Changes are replayed after a crash, and the replay must not show twice.
        """
        with self._transaction() as db:
            last = _last_lines(db, [line.memory_id for line in lines])
            new = [line for line in lines if last.get(line.memory_id) != _essence(line)]
            db.executemany(
                "INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)", map(_row, new)
            )
            db.executemany(
                _NOTE_OWNER, [(n.memory_id, n.owner.user_id, n.owner.persona_id) for n in lines]
            )

    def note_owners(self, memories: Iterable[Memory]) -> None:
        """Note whose memories these are, for erasing."""
        with self._transaction() as db:
            db.executemany(
                _NOTE_OWNER, [(m.id, m.owner.user_id, m.owner.persona_id) for m in memories]
            )

    def of(self, memory_id: str) -> list[dict[str, Any]]:
        """What happened to a memory, oldest first, as mem0 tells it."""
        found: list[dict[str, Any]] = self._open().get_history(memory_id)
        return found

    def deletions(self, memory_ids: Iterable[str]) -> dict[str, datetime]:
        """When these memories were deleted, for those whose last line says that they were.

        Without mem0, which is slow to import, and without changing anything.
        """
        path = self._folder / mem0_bridge.HISTORY_FILE
        every = list(memory_ids)
        if not every or self.damaged or not path.exists():
            return {}
        found: dict[str, datetime] = {}
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                last = _last_lines(db, every)
                for id, (event, _, _) in last.items():
                    if event == "DELETE" and (at := _deleted_at(db, id)) is not None:
                        found[id] = at
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        return found

    def start_over(self) -> None:
        """Remove a damaged file; what is in the journal is recorded again by the caller."""
        with self._opening:
            for name in ("", "-wal", "-shm"):
                path = self._folder / f"{mem0_bridge.HISTORY_FILE}{name}"
                path.unlink(missing_ok=True)
            self.damaged = False

    def erase(self, owner: Owner | str, also: Iterable[str], living: Iterable[str]) -> None:
        """Delete everything about an owner, or a user with all personas, from the disk.

        So are lines of memories that are gone and were never ours to attribute.

        Args:
            owner: Whose history.
            also: Ids of memories known to be theirs.
            living: Ids of all memories that are left.
        """
        user_id = owner.user_id if isinstance(owner, Owner) else owner
        where, values = "user_id = ?", [user_id]
        if isinstance(owner, Owner):
            where, values = "user_id = ? AND agent_id = ?", [user_id, owner.persona_id]
        with self._transaction() as db:
            chosen = f"SELECT memory_id FROM niannian_owner WHERE {where}"
            db.execute(f"DELETE FROM history WHERE memory_id IN ({chosen})", values)
            db.execute(f"DELETE FROM niannian_owner WHERE {where}", values)
            db.executemany(
                "DELETE FROM history WHERE memory_id = ?", [(memory_id,) for memory_id in also]
            )
            scopes = db.execute("SELECT DISTINCT session_scope FROM messages").fetchall()
            db.executemany(
                "DELETE FROM messages WHERE session_scope = ?",
                [scope for scope in scopes if _in_scope(scope[0], owner)],
            )
            known = {row[0] for row in db.execute("SELECT memory_id FROM niannian_owner")}
            known.update(living)
            found = {row[0] for row in db.execute("SELECT DISTINCT memory_id FROM history")}
            db.executemany("DELETE FROM history WHERE memory_id = ?", [(i,) for i in found - known])
        self._shrink()

    def close(self) -> None:
        """Let go of the file."""
        with self._opening:
            if self._manager is not None:
                self._manager.close()
                self._manager = None

    def _open(self) -> Any:
        with self._opening:
            if self._manager is None:
                if self.damaged:
                    raise self._unusable(sqlite3.DatabaseError("damaged"))
                try:
                    self._manager = mem0_bridge.open_history(self._folder)
                    self._manager.connection.executescript(_SETUP)
                except (OSError, sqlite3.Error) as error:
                    self._manager = None
                    raise self._unusable(error) from error
            return self._manager

    def _unusable(self, error: Exception) -> FolderUnusable:
        if any(sign in str(error) for sign in _DAMAGE):
            return FolderDamaged(
                f"{self._folder} is damaged: {error}",
                folder=str(self._folder),
                what=mem0_bridge.HISTORY_FILE,
                why=f"{mem0_bridge.HISTORY_FILE}: {error}",
            )
        return FolderUnusable(
            f"{self._folder} can't be used: {error}",
            folder=str(self._folder),
            why=f"{mem0_bridge.HISTORY_FILE}: {error}",
        )

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        manager = self._open()
        try:
            with manager._lock, manager.connection as db:
                db.execute("BEGIN IMMEDIATE")
                yield db
        except sqlite3.Error as error:  # a full disk, a damaged file
            raise self._unusable(error) from error

    def _shrink(self) -> None:
        """Rewrite the file and empty its log, so that deleted text is on neither."""
        manager = self._open()
        with manager._lock:
            manager.connection.execute("VACUUM")
            manager.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_whole(path: Path) -> bool:
    """Notice damage at the start, not at the first write."""
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path)) as db:
            if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            # mem0 makes all of its tables when it makes the file.
            return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'history'").fetchone())
    except sqlite3.DatabaseError:
        return False


def _row(line: HistoryRow) -> tuple[Any, ...]:
    return (
        str(uuid.uuid4()),
        line.memory_id,
        line.before,
        line.after,
        line.event,
        line.created_at,
        line.at,
        int(line.event == "DELETE"),
        line.role,
    )


def _essence(line: HistoryRow) -> tuple[str, str | None, str | None]:
    return line.event, line.before, line.after


def _last_lines(db: Any, ids: Sequence[str]) -> dict[str, tuple[str, str | None, str | None]]:
    last = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ",".join("?" * len(some))
        rows = db.execute(
            "SELECT memory_id, event, old_memory, new_memory, max(rowid) FROM history"
            f" WHERE memory_id IN ({marks}) GROUP BY memory_id",
            some,
        )
        last.update({row[0]: (row[1], row[2], row[3]) for row in rows})
    return last


def _deleted_at(db: Any, memory_id: str) -> datetime | None:
    row = db.execute(
        "SELECT updated_at FROM history WHERE memory_id = ? ORDER BY rowid DESC LIMIT 1",
        (memory_id,),
    ).fetchone()
    try:
        at = datetime.fromisoformat(row[0])
    except (TypeError, ValueError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _in_scope(scope: str | None, owner: Owner | str) -> bool:
    """Whether a mem0 message scope (``agent_id=…&user_id=…``, escaped) is the owner's."""
    parts = dict(part.split("=", 1) for part in (scope or "").split("&") if "=" in part)
    named = {key: unquote(value) for key, value in parts.items()}
    if isinstance(owner, str):
        return named.get("user_id") == owner
    return named.get("user_id") == owner.user_id and named.get("agent_id") == owner.persona_id
