"""The collections of the embedded engine: one folder, opened by one process."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import portalocker
from qdrant_client import models

from memory.errors import FolderBusy, FolderDamaged, FolderIncomplete, FolderUnusable, StoreError
from memory.system.files import sync_folder
from memory.vector_store.edge.shard import Shard


class EdgeCollections:
    """All collections under one folder, which this process alone has open.

    Args:
        folder: Where they are.
        drop_damaged: Remove collections that can't be used, to be made again by whoever
            knows what was in them; their errors are in ``dropped``.

    Raises:
        FolderBusy: another process (or client) has the folder open.
        FolderDamaged, FolderIncomplete: files aren't what was written, or are missing.
        FolderNewer: a newer version of the engine wrote them.
        FolderUnusable: it can't be written.
    """

    def __init__(self, folder: Path, *, drop_damaged: bool = False) -> None:
        self.folder = folder
        self.dropped: dict[str, FolderUnusable] = {}
        self._drop_damaged = drop_damaged
        self._lock = _lock_folder(folder)
        self._shards: dict[str, Shard] = {}
        self._guard = threading.Lock()
        try:
            self._load()
        except BaseException:
            self.close()
            raise

    def _load(self) -> None:
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith((".new-", ".trash-")):
                shutil.rmtree(path, ignore_errors=True)
            elif path.is_dir():
                self._open(path)

    def _open(self, path: Path) -> None:
        try:
            self._shards[path.name] = Shard.open(path)
        except (FolderDamaged, FolderIncomplete) as error:
            if not self._drop_damaged:
                raise
            self.dropped[path.name] = error
            _remove(path)

    def unchanged(self, name: str) -> bool:
        """Whether no file of a collection has changed since it was last closed."""
        return self.shard(name).unchanged

    def close(self) -> None:
        """Write everything out and let another process have the folder."""
        for shard in self._shards.values():
            shard.close()
        self._lock.close()

    def shard(self, name: str) -> Shard:
        """One collection.

        Raises:
            StoreError: there is none of that name.
        """
        try:
            return self._shards[name]
        except KeyError:
            raise StoreError(f"no collection {name!r}", code="store_no_collection") from None

    def sync(self, name: str) -> None:
        """Make what was written to a collection survive a power cut."""
        self.shard(name).sync()

    def compact(self, name: str) -> None:
        """Rewrite a collection so that nothing of what was deleted is left on the disk."""
        self.shard(name).compact()

    def trust(self, trusted: bool) -> None:
        """Say whether what is in the collections is known to be right."""
        for shard in self._shards.values():
            shard.trusted = trusted

    def names(self) -> list[str]:
        """All collections, sorted."""
        return sorted(self._shards)

    def __contains__(self, name: str) -> bool:
        return name in self._shards

    def create(self, name: str, params: models.CollectionParams, metadata: Any) -> None:
        """Make a collection; its settings can't be changed later.

        Raises:
            ValueError: there is one of that name.
        """
        with self._guard:
            if name in self._shards:
                raise ValueError(f"Collection {name} already exists")
            self._shards[name] = Shard.create(self.folder / name, params, metadata)

    def delete(self, name: str) -> bool:
        """Remove a collection with all its files; whether there was one."""
        with self._guard:
            shard = self._shards.pop(name, None)
            if shard is None:
                return False
            shard.close()
            _remove(shard.folder)
        return True

    def replace(self, name: str, replacement: str) -> None:
        """Let another collection take the place of one, which may be missing, in one piece."""
        with self._guard:
            new = self.shard(replacement)
            old = self._shards.get(name)
            if old is not None:
                old.take_over(new)
                del self._shards[replacement]
                return
            new.close()
            folder = self.folder / name
            new.folder.rename(folder)
            sync_folder(self.folder)
            del self._shards[replacement]
            self._open(folder)


def _remove(collection: Path) -> None:
    """Remove a collection's folder; half of it is never found under its name."""
    trash = collection.with_name(f".trash-{collection.name}")
    shutil.rmtree(trash, ignore_errors=True)
    collection.rename(trash)
    shutil.rmtree(trash)


def _lock_folder(folder: Path) -> Any:
    """Have the folder alone until the process ends or the file is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("a")
    except OSError as error:
        raise FolderUnusable(
            f"{folder} can't be written: {error.strerror}",
            folder=str(folder),
            why=error.strerror or "I/O error",
        ) from error
    try:
        portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.exceptions.LockException:
        file.close()
        raise FolderBusy(f"another process has {folder} open", folder=str(folder)) from None
    return file
