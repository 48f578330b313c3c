"""Offline maintenance: verify and repair a data folder whose app is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from memory.config import Settings
from memory.container import make_embedder, open_database
from memory.db import Database
from memory.errors import FolderDamaged, FolderIncomplete
from memory.memories import MemoryService
from memory.memories.integrity import Comparison, Integrity, Progress, compare
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore


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
        accept_loss: Go on without what a lost or cut database knew. Memories that are still
            in the store, or newer there, are taken into the history, and whoever has
            memories gets a profile again, under their id.

    Returns:
        What had differed.

    Raises:
        StoreError, ModelError: it can't be opened, read or written.
    """
    with _opened(settings, mending=True, accept_loss=accept_loss) as (store, db, integrity):
        if accept_loss:
            known = {user.id for user in db.users.all()}
            for user_id in sorted({owner.user_id for owner in store.reads.owners()} - known):
                db.users.create(user_id[:40], id=user_id)
        else:
            integrity.check_database()
        return integrity.repair(told, keep_newer=accept_loss)


@contextmanager
def _opened(
    settings: Settings, *, mending: bool = False, accept_loss: bool = False
) -> Iterator[tuple[MemoryStore, Database, Integrity]]:
    with ExitStack() as opened:
        # The database first: nothing of a damaged store is dropped before it is there.
        db = open_database(settings, accept_loss=accept_loss)
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
            memory_service.history_first.recover()
        yield store, db, Integrity(store, db, memory_service)
