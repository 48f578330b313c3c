"""The collection that holds all memories: made so that a stock mem0 accepts it.

mem0 wants the dense vector under the default name and a sparse one called
``bm25`` (left empty here: mem0 fills it only with a model from a hub). Ours are
the two fields of :mod:`memory.vector_store.search.sparse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from memory.errors import StoreError
from memory.types import Embedder
from memory.vector_store.search.sparse import CJK_FIELD, WORDS_FIELD

COLLECTION = "niannian"
META_KEY = "niannian"

_KEYWORDS = (
    "agent_id",
    "run_id",
    "subject",
    "kind",
    "category",
    "status",
    "source.batch_id",
    "source.session_id",
    "hash",
    "safety",
    "metadata_terms",
    "app_id",
)
_INTEGERS = ("importance", "event_from", "event_to")
_DATETIMES = ("created_at", "updated_at", "expiration_date")


@dataclass(frozen=True, slots=True)
class EmbedderRecord:
    """Which embedder made the vectors of a collection."""

    name: str
    dims: int


def ensure_collection(
    client: QdrantClient, embedder: Embedder, collection: str = COLLECTION
) -> EmbedderRecord:
    """Make the collection if there is none; return the embedder of what is stored.

    Raises:
        StoreError: a collection of that name wasn't made for this.
    """
    if not client.collection_exists(collection):
        _create_once(client, collection, embedder)
    info = client.get_collection(collection)
    _check(info, collection)
    for field, schema in _indexes().items():
        if field not in info.payload_schema:
            client.create_payload_index(collection, field_name=field, field_schema=schema)
    metadata = (info.config.metadata or {}).get(META_KEY)
    if metadata is None:  # made by a stock client: its vectors are of unknown origin
        return EmbedderRecord("unknown", _dims(info))
    return EmbedderRecord(str(metadata["embedder"]), int(metadata["dims"]))


def _create_once(client: QdrantClient, collection: str, embedder: Embedder) -> None:
    try:
        create_collection(client, collection, embedder)
    except UnexpectedResponse:
        # Another process that started at the same moment may have been faster.
        if not client.collection_exists(collection):
            raise


def create_collection(
    client: QdrantClient, collection: str, embedder: Embedder, **metadata: Any
) -> None:
    """Make the collection, with the embedder recorded in it."""
    idf = models.SparseVectorParams(modifier=models.Modifier.IDF)
    client.create_collection(
        collection,
        vectors_config=models.VectorParams(size=embedder.dims, distance=models.Distance.COSINE),
        sparse_vectors_config={"bm25": idf, CJK_FIELD: idf, WORDS_FIELD: idf},
        metadata={META_KEY: {**record_of(embedder), **metadata}},
    )


def record_of(embedder: Embedder) -> dict[str, Any]:
    """What is recorded with a collection about its embedder."""
    return {"embedder": embedder.name, "dims": embedder.dims}


def stored_record(client: QdrantClient, collection: str) -> dict[str, Any]:
    """What is recorded with a collection."""
    return dict((client.get_collection(collection).config.metadata or {}).get(META_KEY) or {})


def save_record(client: QdrantClient, collection: str, record: Mapping[str, Any]) -> None:
    """Record something with a collection, in place of what was."""
    client.update_collection(collection, metadata={META_KEY: dict(record)})


def _check(info: models.CollectionInfo, collection: str) -> None:
    missing = {CJK_FIELD, WORDS_FIELD} - set(info.config.params.sparse_vectors or {})
    if missing or not isinstance(info.config.params.vectors, models.VectorParams):
        raise StoreError(
            f"the collection {collection!r} wasn't made by this program",
            code="store_foreign_collection",
            collection=collection,
        )


def _dims(info: models.CollectionInfo) -> int:
    vectors = info.config.params.vectors
    return vectors.size if isinstance(vectors, models.VectorParams) else 0


def _indexes() -> dict[str, Any]:
    tenant = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
    return {
        "user_id": tenant,
        **dict.fromkeys(_KEYWORDS, models.PayloadSchemaType.KEYWORD),
        **dict.fromkeys(_INTEGERS, models.PayloadSchemaType.INTEGER),
        **dict.fromkeys(_DATETIMES, models.PayloadSchemaType.DATETIME),
        "pinned": models.PayloadSchemaType.BOOL,
    }
