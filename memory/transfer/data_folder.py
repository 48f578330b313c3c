"""Backups of the data folder as people ask for them, and when the last one was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memory.config import Settings
from memory.errors import BadInput
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
    """Back up the data folder; the app may run and write meanwhile.

    Args:
        settings: Name the data folder.
        place: A folder, or a file that ends in ``.tar.gz``; the folder ``backups`` in the
            data folder if not given.
        archive: One file instead of a folder.
        keep: Of the backups in ``place`` only so many newest ones stay; 0: all.

    Raises:
        BadInput: ``backup_server``, ``backup_nothing``, ``backup_there``.
        FolderUnusable: the place can't be written, or the database is damaged.
    """
    if settings.database_url is not None:
        raise BadInput("the database is on a server", code="backup_server")
    target = place or settings.data_dir / backup.UPGRADES
    made = backup.make(settings.data_dir, target, archive=archive, keep=keep)
    note_backup(settings.data_dir, LastBackup(made.made_at, str(made.path.absolute())))
    return made


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
