"""The collections of the embedded engine: one folder, opened by one process."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import portalocker
from qdrant_client import models
from qdrant_client.client_base import QdrantBase

from memory.errors import FolderBusy, FolderDamaged, FolderIncomplete, FolderUnusable, StoreError
from memory.system.files import sync_folder
from memory.vector_store.edge import convert
from memory.vector_store.edge.schema import collection_info
from memory.vector_store.edge.shard import Shard

# Accepted and meaningless for one process: every call is done when it returns.
_HARMLESS = frozenset({"wait", "ordering", "timeout", "consistency", "grpc_grace"})
DONE = models.UpdateResult(operation_id=0, status=models.UpdateStatus.COMPLETED)


class EdgeCollections(QdrantBase):
    """All collections under one folder, which this process alone has open.

    Args (on creation):
        folder: Where they are.
        drop_damaged: Remove collections that can't be used, to be made again by whoever
            knows what was in them; their errors are in ``dropped``.

    Raises (on creation):
        FolderBusy: another process (or client) has the folder open.
        FolderDamaged, FolderIncomplete: files aren't what was written, or are missing.
        FolderNewer: a newer version of the engine wrote them.
        FolderUnusable: it can't be written.
    """

    def __init__(self, folder: Path, *, drop_damaged: bool = False) -> None:
        super().__init__()
        self.folder = folder
        self.dropped: dict[str, FolderUnusable] = {}
        self._drop_damaged = drop_damaged
        self._lock = _lock_folder(folder)
        self._collections: dict[str, Shard] = {}
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
            self._collections[path.name] = Shard.open(path)
        except (FolderDamaged, FolderIncomplete) as error:
            if not self._drop_damaged:
                raise
            self.dropped[path.name] = error
            _remove(path)

    def unchanged(self, collection_name: str) -> bool:
        """Whether no file of a collection has changed since it was last closed."""
        return self.shard(collection_name).unchanged

    def close(self, **kwargs: Any) -> None:
        """Write everything out and let another process have the folder."""
        refuse(kwargs)
        for shard in self._collections.values():
            shard.close()
        self._lock.close()

    def shard(self, collection_name: str) -> Shard:
        """One collection.

        Raises:
            StoreError: there is none of that name.
        """
        try:
            return self._collections[collection_name]
        except KeyError:
            raise StoreError(
                f"no collection {collection_name!r}", code="store_no_collection"
            ) from None

    def sync(self, collection_name: str) -> None:
        """Make what was written to a collection survive a power cut."""
        self.shard(collection_name).sync()

    def compact(self, collection_name: str) -> None:
        """Rewrite a collection so that nothing of what was deleted is left on the disk."""
        self.shard(collection_name).compact()

    def trust(self, trusted: bool) -> None:
        """Say whether what is in the collections is known to be right."""
        for shard in self._collections.values():
            shard.trusted = trusted

    # --- collections ---------------------------------------------------------------

    def get_collections(self, **kwargs: Any) -> models.CollectionsResponse:
        """The names of all collections."""
        refuse(kwargs)
        names = sorted(self._collections)
        return models.CollectionsResponse(
            collections=[models.CollectionDescription(name=name) for name in names]
        )

    def collection_exists(self, collection_name: str, **kwargs: Any) -> bool:
        """Whether there is a collection of that name."""
        refuse(kwargs)
        return collection_name in self._collections

    def get_collection(self, collection_name: str, **kwargs: Any) -> models.CollectionInfo:
        """Settings, indexes and size of a collection."""
        refuse(kwargs)
        shard = self.shard(collection_name)
        return collection_info(shard.params, shard.read(lambda s: s.info()), shard.metadata)

    def create_collection(
        self,
        collection_name: str,
        vectors_config: Any = None,
        sparse_vectors_config: Mapping[str, models.SparseVectorParams] | None = None,
        metadata: Any = None,
        **kwargs: Any,
    ) -> bool:
        """Make a collection; its settings can't be changed later."""
        refuse(kwargs)
        if not collection_name or any(c in collection_name for c in "/\\.:"):
            raise StoreError(f"not a collection name: {collection_name!r}")
        params = models.CollectionParams(
            vectors=vectors_config, sparse_vectors=dict(sparse_vectors_config or {}) or None
        )
        with self._guard:
            if collection_name in self._collections:
                raise ValueError(f"Collection {collection_name} already exists")
            path = self.folder / collection_name
            self._collections[collection_name] = Shard.create(path, params, metadata)
        return True

    def update_collection(self, collection_name: str, metadata: Any = None, **kwargs: Any) -> bool:
        """Add to a collection's metadata; nothing else can be changed."""
        refuse(kwargs)
        self.shard(collection_name).update_metadata(dict(metadata or {}))
        return True

    def delete_collection(self, collection_name: str, **kwargs: Any) -> bool:
        """Remove a collection with all its files."""
        refuse(kwargs)
        with self._guard:
            shard = self._collections.pop(collection_name, None)
            if shard is None:
                return False
            shard.close()
            _remove(shard.folder)
        return True

    def replace_collection(self, collection_name: str, replacement: str) -> None:
        """Let another collection take the place of one, which may be missing, in one piece."""
        with self._guard:
            new = self.shard(replacement)
            old = self._collections.get(collection_name)
            if old is not None:
                old.take_over(new)
                del self._collections[replacement]
                return
            new.close()
            folder = self.folder / collection_name
            new.folder.rename(folder)
            sync_folder(self.folder)
            del self._collections[replacement]
            self._open(folder)

    def create_payload_index(
        self,
        collection_name: str,
        field_name: str,
        field_schema: Any = None,
        field_type: Any = None,
        **kwargs: Any,
    ) -> models.UpdateResult:
        """Index a payload field."""
        refuse(kwargs)
        self.shard(collection_name).create_index(field_name, field_schema or field_type)
        return DONE

    def delete_payload_index(
        self, collection_name: str, field_name: str, **kwargs: Any
    ) -> models.UpdateResult:
        """Drop the index of a payload field."""
        refuse(kwargs)
        self.shard(collection_name).delete_index(field_name)
        return DONE


def _remove(collection: Path) -> None:
    """Remove a collection's folder; half of it is never found under its name."""
    trash = collection.with_name(f".trash-{collection.name}")
    shutil.rmtree(trash, ignore_errors=True)
    collection.rename(trash)
    shutil.rmtree(trash)


def refuse(kwargs: Mapping[str, Any]) -> None:
    """Parameters of the interface that mean something and aren't offered say so.

    Raises:
        StoreError: naming the first one.
    """
    for name, value in kwargs.items():
        if name not in _HARMLESS and value is not None:
            raise convert.unsupported(name)


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
