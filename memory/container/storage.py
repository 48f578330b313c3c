"""Storage: the data folder, the database and the vector store's client, opened or refused."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

from qdrant_client import QdrantClient

from memory.config import Settings
from memory.db import Database, resolve_database_url
from memory.errors import FolderDamaged, FolderIncomplete, FolderUnusable
from memory.system.clock import Clock, utc_now
from memory.system.files import make_private
from memory.transfer.backup import before_upgrade
from memory.vector_store.client import open_client

log = logging.getLogger(__name__)


def open_folder(folder: Path) -> Path:
    """Make the data folder where it isn't there, for its owner alone.

    Raises:
        FolderUnusable: it can't be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
        make_private(folder)
    except OSError as error:
        raise FolderUnusable(
            f"{folder} can't be written: {error.strerror}",
            folder=str(folder),
            why=error.strerror or type(error).__name__,
        ) from None
    return folder


def open_database(
    settings: Settings, clock: Clock = utc_now, *, accept_loss: bool = False
) -> Database:
    """The database that the settings name; a file is backed up before it is upgraded.

    Raises:
        StoreError: see :class:`memory.db.engine.Engine`.
    """
    url = resolve_database_url(settings.data_dir, settings.database_url)
    return Database(
        url,
        clock=clock,
        accept_loss=accept_loss,
        before_upgrade=lambda path, old, new: before_upgrade(settings.data_dir, path, old),
    )


def open_store_client(settings: Settings) -> QdrantClient:
    """The store's client. Files that can't be used are dropped if the history can replace them.

    Raises:
        StoreError: see :func:`memory.vector_store.client.open_client`; the database's own error
            where that can't be used either.
    """
    try:
        return open_client(settings)
    except (FolderDamaged, FolderIncomplete) as error:
        with closing(open_database(settings)) as db:
            if db.holdings.knows_nobody():
                raise
        log.warning("%s; the memories are rebuilt from the history", error)
        return open_client(settings, drop_damaged=True)
