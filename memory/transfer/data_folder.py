"""Backup and restore as people ask for them, from a database server too."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memory.config import Settings
from memory.db import Database, resolve_database_url
from memory.system.files import atomic_write
from memory.transfer import backup
from memory.transfer.backup import Backup

LAST = "last_backup.json"
"""Where a data folder notes when it was last backed up."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When a data folder was last backed up, and where that is (empty: downloaded)."""

    at: datetime
    place: str


def back_up(
    settings: Settings, place: Path | None = None, *, archive: bool = True, keep: int = 0
) -> Backup:
    """Back up the database, the settings and the keys; the app may run and write meanwhile.

    Args:
        settings: Name the data folder, and the database server if there is one.
        place: A folder, or a file that ends in ``.tar.gz``; the folder ``backups`` in the
            data folder if not given.
        archive: One file instead of a folder.
        keep: Of the backups in ``place`` only so many newest ones stay; 0: all.

    Raises:
        BadInput: ``backup_nothing``, ``backup_there``.
        FolderUnusable: the place can't be written, or the database is damaged.
        StoreError: the database server can't be used.
    """
    target = place or settings.data_dir / backup.UPGRADES
    with _database_file(settings) as database:
        made = backup.make(settings.data_dir, target, archive=archive, keep=keep, database=database)
    note_backup(settings.data_dir, LastBackup(made.made_at, str(made.path.absolute())))
    return made


def restore(settings: Settings, path: Path, folder: Path | None = None) -> Backup:
    """Make a data folder from a backup, and fill the database server if one is named.

    Args:
        settings: Name the data folder, which is missing or empty, and perhaps a database
            server, which holds nothing yet.
        path: The backup.
        folder: Restore into this folder instead, and leave the server alone.

    Raises:
        BadInput: ``restore_not_empty``, ``backup_unreadable``, ``backup_newer``.
        FolderDamaged: ``backup_damaged``; nothing was restored.
        FolderUnusable: the folder can't be written.
        StoreError: the database server can't be used.
    """
    data_dir = folder or settings.data_dir
    if folder is not None or settings.database_url is None:
        return backup.restore(path, data_dir)
    if not backup.is_vacant(data_dir):
        raise backup.not_empty(str(data_dir))
    with closing(Database(settings.database_url)) as server:
        if not server.copying.holds_nothing():
            raise backup.not_empty(server.engine.place)
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=data_dir.parent, prefix=".restore-") as draft:
            unpacked = Path(draft) / "data"
            found = backup.restore(path, unpacked)
            with closing(Database(resolve_database_url(unpacked))) as file:
                server.copying.take_all_from(file.copying)
            # It is on the server now, and a second one in the folder would mislead.
            for left in unpacked.glob("ledger.*"):
                left.unlink()
            if data_dir.exists():
                data_dir.rmdir()
            unpacked.rename(data_dir)
    return found


@contextmanager
def _database_file(settings: Settings) -> Iterator[Path | None]:
    """A copy of what the database server holds at this moment; ``None`` without a server."""
    if settings.database_url is None:
        yield None
        return
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=backup.DOWNLOAD_DRAFT) as draft:
        with (
            closing(Database(settings.database_url)) as server,
            closing(Database(resolve_database_url(Path(draft)))) as file,
        ):
            file.copying.take_all_from(server.copying)
        yield Path(draft) / backup.LEDGER


def note_backup(data_dir: Path, last: LastBackup) -> None:
    """Note that a backup was made."""
    told = json.dumps({"at": last.at.isoformat(), "place": last.place})
    atomic_write(data_dir / LAST, told)


def last_backup(data_dir: Path) -> LastBackup | None:
    """The last backup that is known of."""
    try:
        told = json.loads((data_dir / LAST).read_text(encoding="utf-8"))
        return LastBackup(datetime.fromisoformat(told["at"]), str(told["place"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
