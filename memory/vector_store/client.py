"""Qdrant client factory, embedded or for a server; nothing else builds clients."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.conversions import common_types as types

from memory.config import Settings
from memory.errors import StoreError
from memory.vector_store.edge.backend import EdgeBackend
from memory.vector_store.edge.collections import EdgeCollections

FOLDER = "memories"


class EdgeClient(QdrantClient):
    """A ``QdrantClient`` over the embedded engine. Close it to free the folder.

    What the interface doesn't have (flushing, compacting, checksums) is asked of
    ``collections``.

    Args:
        folder: Where the collections are.
        drop_damaged: Remove collections that can't be used, to be rebuilt.

    Raises:
        FolderBusy: another process has the folder open.
        FolderUnusable: it can't be written, is damaged, incomplete or newer.
    """

    def __init__(self, folder: Path, *, drop_damaged: bool = False) -> None:
        super().__init__(":memory:")
        self.collections = EdgeCollections(folder, drop_damaged=drop_damaged)
        self._client: EdgeBackend = EdgeBackend(self.collections)

    def __del__(self) -> None:
        # What was written is on the disk. Closing while the interpreter ends could wait
        # for ever: for a lock that a thread held which is gone.
        if not sys.is_finalizing():
            super().__del__()

    def query_batch_points(
        self,
        collection_name: str,
        requests: Sequence[models.QueryRequest],
        consistency: types.ReadConsistency | None = None,
        timeout: int | None = None,
        **kwargs: Any,
    ) -> list[types.QueryResponse]:
        """Several queries in one pass.

        Straight to the engine: the client would copy every vector first, to look for
        texts that it should embed.
        """
        return self._client.query_batch_points(collection_name, requests, **kwargs)

    def upsert(
        self,
        collection_name: str,
        points: types.Points,
        wait: bool = True,
        ordering: types.WriteOrdering | None = None,
        shard_key_selector: types.ShardKeySelector | None = None,
        update_filter: types.Filter | None = None,
        update_mode: types.UpdateMode | None = None,
        timeout: int | None = None,
        **kwargs: Any,
    ) -> types.UpdateResult:
        """Insert or replace points; straight to the engine, for the same reason."""
        return self._client.upsert(
            collection_name,
            points,
            update_filter,
            update_mode,
            shard_key_selector=shard_key_selector,
            **kwargs,
        )


def open_client(settings: Settings, *, drop_damaged: bool = False) -> QdrantClient:
    """The client that the settings ask for: ``QDRANT_URL``, or the data folder.

    ``drop_damaged``: see :class:`EdgeClient`.

    Raises:
        FolderBusy, FolderUnusable: see :class:`EdgeClient`.
        StoreError: the server doesn't answer.
    """
    if settings.qdrant_url is None:
        return EdgeClient(settings.data_dir / FOLDER, drop_damaged=drop_damaged)
    key = settings.qdrant_api_key
    client = QdrantClient(
        url=settings.qdrant_url,
        api_key=key.get_secret_value() if key else None,
        timeout=settings.qdrant_timeout,
        check_compatibility=False,
    )
    try:
        client.get_collections()
    except Exception as error:
        client.close()
        raise StoreError(
            f"the Qdrant server at {settings.qdrant_url} doesn't answer: {type(error).__name__}",
            code="store_unreachable",
            address=settings.qdrant_url,
        ) from error
    return client
