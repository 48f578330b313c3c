"""Verify, repair and back up a data folder, for the scripts of whoever runs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from memory.config import Settings
from memory.container import make_embedder, open_ledger
from memory.db import Database
from memory.errors import BadInput, FolderDamaged, FolderIncomplete
from memory.memories import MemoryService
from memory.memories.integrity import Comparison, Integrity, Progress, compare
from memory.system.files import atomic_write
from memory.transfer import backup
from memory.transfer.backup import Backup
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore

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
        FolderUnusable: the place can't be written, or the ledger is damaged.
    """
    if settings.database_url is not None:
        raise BadInput("the ledger is on a server", code="backup_server")
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


def verify(settings: Settings) -> Comparison:
    """Compare every memory with the history; nothing is repaired. Stop the app first.

    Raises:
        StoreError: one of them can't be opened or read; says what is damaged.
    """
    with _opened(settings) as (store, db, _):
        found = compare(store, db)
        store.trust(not found)
        return found


def repair(
    settings: Settings,
    told: Callable[[Progress], None] = lambda progress: None,
    *,
    accept_loss: bool = False,
) -> Comparison:
    """Rebuild what differs from the history. Stop the app first.

    Args:
        settings: Name the data folder and servers.
        told: Called with how far it is.
        accept_loss: Go on without what a lost or cut ledger knew. Memories that are still
            in the store, or newer there, are taken into the history, and whoever has
            memories gets a profile again, under their id.

    Returns:
        What had differed.

    Raises:
        StoreError, ModelError: it can't be opened, read or written.
    """
    with _opened(settings, mending=True, accept_loss=accept_loss) as (store, db, integrity):
        if accept_loss:
            known = {user.id for user in db.list_users()}
            for user_id in sorted({owner.user_id for owner in store.owners()} - known):
                db.create_user(user_id[:40], id=user_id)
        else:
            integrity.check_ledger()
        return integrity.repair(told, keep_newer=accept_loss)


@contextmanager
def _opened(
    settings: Settings, *, mending: bool = False, accept_loss: bool = False
) -> Iterator[tuple[MemoryStore, Database, Integrity]]:
    with ExitStack() as opened:
        # The ledger first: nothing of a damaged store is dropped before it is there.
        db = open_ledger(settings, accept_loss=accept_loss)
        opened.callback(db.close)
        try:
            client = open_client(settings)
        except (FolderDamaged, FolderIncomplete):
            if not mending:
                raise
            client = open_client(settings, drop_damaged=True)
        opened.callback(client.close)
        store = MemoryStore(client, make_embedder(settings), settings.data_dir)
        opened.callback(store.close)
        memory_service = MemoryService(store, db)
        if mending:
            memory_service.recover()
        yield store, db, Integrity(store, db, memory_service)
