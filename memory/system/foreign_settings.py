"""Foreign settings: variables of other memory services that change nothing here, and why.

Somebody who moves over brings an ``.env`` along. What of it counts here is an alias in
:mod:`memory.config`; the rest is named once at the start instead of being passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from dotenv import dotenv_values

_PREFIX = "MEMORY_SERVICE_"
_WHY = {
    "AZURE_EMBEDDING_MODEL": "the deployment says which model it is",
    "MEM0_API_KEY": "memories are kept here, not at mem0",
    "MEMORY_SERVICE_BATCH_SIZE": "turns of one extraction: NIANNIAN_BATCH_TURNS",
    "MEMORY_SERVICE_CACHE_TTL": "there is no cache",
    "MEMORY_SERVICE_CLEANUP_INTERVAL_HOURS": "old memories are archived every night",
    "MEMORY_SERVICE_DEBUG": "more is logged with LOG_LEVEL=DEBUG",
    "MEMORY_SERVICE_EMBEDDING_BATCH_SIZE": "it goes by the endpoint",
    "MEMORY_SERVICE_QDRANT_COLLECTION": "the collection is called niannian",
    "MEMORY_SERVICE_SEARCH_TIMEOUT": "a search waits for the embedder only",
    "MEMORY_SERVICE_WORKERS": "one process serves everybody",
    "QDRANT_COLLECTION": "the collection is called niannian",
    "REDIS_URL": "there is no cache to share",
}
_UNKNOWN = "it isn't known"


def foreign_settings(known: frozenset[str], given: Mapping[str, str | None]) -> Iterator[str]:
    """What is given without meaning anything, each name with the reason; never a value.

    >>> list(foreign_settings(frozenset(), {"REDIS_URL": "redis://:secret@db"}))
    ['REDIS_URL (there is no cache to share)']

    Args:
        known: Names that are settings, in capitals.
        given: The environment.
    """
    for name in sorted({name.upper() for name, value in given.items() if value}):
        if name not in known and (name in _WHY or name.startswith(_PREFIX)):
            yield f"{name} ({_WHY.get(name, _UNKNOWN)})"


def environment(file: str = ".env") -> dict[str, str | None]:
    """The environment, with what stands in the file beside it."""
    return {**dotenv_values(file), **os.environ}
