"""mem0's history of every memory, written in bulk and erasable to the last byte."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from memory.errors import FolderUnusable
from memory.store import mem0_bridge
from memory.types import Memory, Owner

Event = Literal["ADD", "UPDATE", "DELETE"]

_MAGIC = b"SQLite format 3\0"

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
class Line:
    """One change of one memory; ``before`` and ``after`` are its texts, times are ISO."""

    memory_id: str
    owner: Owner
    event: Event
    before: str | None
    after: str | None
    role: str
    created_at: str
    at: str


class History:
    """The history database. Opened at first use, because mem0 is slow to import.

    Raises:
        FolderUnusable: the file is garbled (at once), or can't be written (at use).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        _check_file(folder / mem0_bridge.HISTORY_FILE)
        self._opening = threading.Lock()
        self._manager: Any = None

    def warm_up(self) -> None:
        """Import mem0 before the first write needs it."""
        mem0_bridge.load_mem0(self._folder)

    def record(self, lines: Sequence[Line]) -> None:
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
                try:
                    self._manager = mem0_bridge.open_history(self._folder)
                    self._manager.connection.executescript(_SETUP)
                except (OSError, sqlite3.Error) as error:
                    self._manager = None
                    raise self._unusable(error) from error
            return self._manager

    def _unusable(self, error: Exception) -> FolderUnusable:
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


def _check_file(path: Path) -> None:
    """Notice a garbled file at the start, not at the first write."""
    if not path.exists():
        return
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) not in (_MAGIC, b""):
            raise FolderUnusable(
                f"{path} isn't a database", folder=str(path.parent), why=f"{path.name} is garbled"
            )


def _row(line: Line) -> tuple[Any, ...]:
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


def _essence(line: Line) -> tuple[str, str | None, str | None]:
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


def _in_scope(scope: str | None, owner: Owner | str) -> bool:
    """Whether a mem0 message scope (``agent_id=…&user_id=…``, escaped) is the owner's."""
    parts = dict(part.split("=", 1) for part in (scope or "").split("&") if "=" in part)
    named = {key: unquote(value) for key, value in parts.items()}
    if isinstance(owner, str):
        return named.get("user_id") == owner
    return named.get("user_id") == owner.user_id and named.get("agent_id") == owner.persona_id
