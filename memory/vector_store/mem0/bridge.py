"""mem0 bridge: its history database and a stock ``Memory``. The only file that imports mem0.

mem0 takes most of a second to import and by default sends telemetry, fetches
notices from the web, and writes to the home folder. So it is imported late,
after these have been switched off, and in a thread of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from qdrant_client import QdrantClient

from memory.errors import StoreError
from memory.types import Embedder

_importing = threading.Lock()
_embedders: dict[str, Embedder] = {}

HISTORY_FILE = "history.db"
"""mem0's history database, in mem0's folder."""


def load_mem0(folder: Path) -> Any:
    """Import mem0 so that it stays inside ``folder`` and off the network."""
    with _importing:
        os.environ["MEM0_TELEMETRY"] = "False"
        os.environ["MEM0_DIR"] = str(folder)
        import mem0
        import mem0.memory.main as main
        from mem0.memory import notices, setup, storage, telemetry
        from mem0.utils import spacy_models

        setup.mem0_dir = str(folder)
        # The environment may have been read by an earlier import: say it again.
        telemetry.MEM0_TELEMETRY = False
        notices._fetch_remote_config = lambda: None
        # With spaCy installed, mem0 would download a model on first use.
        spacy_models._load_failed_full = spacy_models._load_failed_lemma = True
        return _Parts(mem0, main, storage)


class _Parts:
    def __init__(self, mem0: Any, main: Any, storage: Any) -> None:
        self.mem0, self.main, self.storage = mem0, main, storage


def open_history(folder: Path) -> Any:
    """mem0's own ``SQLiteManager`` on the history database in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    return load_mem0(folder).storage.SQLiteManager(str(folder / HISTORY_FILE))


def stock_memory(client: QdrantClient, embedder: Embedder, folder: Path, collection: str) -> Any:
    """A stock mem0 ``Memory`` on our client, collection and history database.

    ``add(infer=False)``, ``get_all``, ``search``, ``history``, ``update`` and
    ``delete`` work; whatever needs a language model raises :class:`StoreError`.
    """
    return _stock(embedder, folder, collection, {"client": client})


def stock_memory_by_itself(embedder: Embedder, folder: Path, collection: str = "mem0") -> Any:
    """A stock mem0 ``Memory`` on its own default store, to measure against.

    Only what would need the network differs from mem0 as it ships.
    """
    store = {"path": str(folder / "qdrant"), "on_disk": True}
    return _stock(embedder, folder, collection, store)


def _stock(embedder: Embedder, folder: Path, collection: str, store: dict[str, Any]) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    parts = load_mem0(folder)
    from mem0.configs.base import MemoryConfig
    from mem0.embeddings.configs import EmbedderConfig
    from mem0.llms.configs import LlmConfig
    from mem0.utils.factory import EmbedderFactory, LlmFactory
    from mem0.vector_stores.configs import VectorStoreConfig

    key = f"{embedder.name}-{id(embedder)}"
    _embedders[key] = embedder
    EmbedderFactory.provider_to_class["niannian"] = f"{__name__}.BridgeEmbedder"
    LlmFactory.register_provider("niannian", f"{__name__}.NoLanguageModel")
    config = MemoryConfig(
        vector_store=VectorStoreConfig(
            provider="qdrant",
            config={
                **store,
                "collection_name": collection,
                "embedding_model_dims": embedder.dims,
            },
        ),
        # mem0 checks provider names against its own list: ours is left unchecked.
        embedder=EmbedderConfig.model_construct(
            provider="niannian", config={"model": key, "embedding_dims": embedder.dims}
        ),
        llm=LlmConfig.model_construct(provider="niannian", config={}),
        history_db_path=str(folder / HISTORY_FILE),
    )
    memory = parts.mem0.Memory(config)
    # mem0's keyword search would fetch a model from a hub where fastembed is installed.
    memory.vector_store._bm25_encoder = False
    return memory


class BridgeEmbedder:
    """Our embedder as mem0 calls one."""

    def __init__(self, config: Any) -> None:
        self.config = config
        self._embedder = _embedders[config.model]

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        """The vector of one text, whatever mem0 wants it for."""
        return self._embedder.embed([text])[0]

    def embed_batch(
        self, texts: Sequence[str], memory_action: str | None = None
    ) -> list[list[float]]:
        """The vectors of several texts."""
        return self._embedder.embed(list(texts))


class NoLanguageModel:
    """Stands where mem0 wants a language model: extraction is our own."""

    def __init__(self, config: Any = None) -> None:
        self.config = config

    def generate_response(self, *_: Any, **__: Any) -> NoReturn:
        """Never called by anything this project does."""
        raise StoreError(
            "mem0's own extraction isn't connected; use add(infer=False)", code="store_no_llm"
        )
