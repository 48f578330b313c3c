"""Server migration: everything between the data folder and servers, and back.

Memories go first and the database last, in one transaction: a database with people in
it means that the move is complete. A move that breaks off before leaves a target on
which the next try starts over; the source is only read.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from memory.attachments.files import files_below
from memory.config import Settings
from memory.db import Database, resolve_database_url
from memory.errors import BadInput, StoreError
from memory.vector_store.client import open_client
from memory.vector_store.copying import copy_points, finish, holds_nothing
from memory.vector_store.mem0.bridge import HISTORY_FILE

HISTORY = Path("mem0") / HISTORY_FILE
Way = Literal["to-servers", "to-folder"]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows or points of what were moved, and the digest of each."""

    counts: Mapping[str, int]
    digests: Mapping[str, str]


def move(
    settings: Settings,
    way: Way,
    folder: Path | None = None,
    told: Callable[[str, int], None] = lambda _what, _count: None,
) -> Moved:
    """Copy database, memories and mem0's history, and compare what arrived.

    Args:
        settings: Name the servers (``QDRANT_URL``, ``DATABASE_URL``) and the data
            folder. Only what a server is named for is moved.
        way: ``to-servers``: from the data folder. ``to-folder``: from the servers.
        folder: For ``to-folder``, another folder than the data folder.
        told: Called with what is copied, and how much of it.

    Raises:
        BadInput: ``move_no_servers``, no server is named; ``move_not_empty``, the
            target holds something already.
        FolderBusy: the app has the folder open.
        StoreError: ``move_differs``, or one of the places can't be used.
    """
    if settings.qdrant_url is None and settings.database_url is None:
        raise BadInput("set QDRANT_URL, DATABASE_URL or both", code="move_no_servers")
    target_folder = folder or settings.data_dir
    embedded = {"qdrant_url": None, "database_url": None}
    here = settings.model_copy(update=embedded)
    there = settings.model_copy(update={**embedded, "data_dir": target_folder})
    source, target = (here, settings) if way == "to-servers" else (settings, there)
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    with ExitStack() as opened:
        old = opened.enter_context(closing(_db(source)))
        new = opened.enter_context(closing(_db(target)))
        if settings.database_url is not None and not new.copying.holds_nothing():
            raise _not_empty(new.engine.place)
        if settings.qdrant_url is not None:
            memories = opened.enter_context(closing(open_client(source)))
            theirs = opened.enter_context(closing(open_client(target)))
            if not holds_nothing(theirs):
                raise _not_empty(target.qdrant_url or str(target.data_dir))
            for name, points in copy_points(memories, theirs, told).items():
                counts[name], digests[name] = points.count, points.digest
        if settings.database_url is not None:
            _history(source.data_dir, target.data_dir, counts)
            _attachments(source.data_dir, target.data_dir, counts)
            for name, content in new.copying.take_all_from(old.copying, told).items():
                counts[name], digests[name] = content.rows, content.digest
        if settings.qdrant_url is not None:
            finish(theirs)
    return Moved(counts, digests)


def _db(settings: Settings) -> Database:
    return Database(resolve_database_url(settings.data_dir, settings.database_url))


def _history(source: Path, target: Path, counts: dict[str, int]) -> None:
    """mem0's history is a file in every case; it only moves between folders."""
    old, new = source / HISTORY, target / HISTORY
    if old.resolve() == new.resolve() or not old.exists():
        return
    new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(old)) as reading, closing(sqlite3.connect(new)) as writing:
        reading.backup(writing)
        lines = [
            db.execute("SELECT * FROM history ORDER BY id").fetchall() for db in (reading, writing)
        ]
    new.chmod(0o600)
    if lines[0] != lines[1]:
        raise StoreError("the history differs", code="move_differs", place=str(new))
    counts["mem0 history"] = len(lines[1])


def _attachments(source: Path, target: Path, counts: dict[str, int]) -> None:
    """Files that messages name lie in the data folder in every case, too."""
    if source.resolve() == target.resolve():
        return
    for path in files_below(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        counts["attachments"] = counts.get("attachments", 0) + 1


def _not_empty(place: str) -> BadInput:
    return BadInput(f"{place} isn't empty", code="move_not_empty", place=place)
