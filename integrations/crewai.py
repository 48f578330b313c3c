"""CrewAI adapter: a storage backend whose records are memories, seen and edited on the pages.

>>> from crewai import Memory
>>> from niannian import Client
>>> from integrations.crewai import NiannianStorage
>>> storage = NiannianStorage(Client("http://localhost:8501"), user_id="xiaoyu")
>>> # Crew(agents=[…], tasks=[…], memory=Memory(storage=storage, embedder=storage.embedder))

CrewAI hands a storage vectors instead of words. Niannian searches by words and meaning itself,
so the embedder that belongs to the storage gives each text a vector by which the storage knows
it again; no model is asked for it.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from crewai.memory.types import MemoryRecord, ScopeInfo

from niannian import Client
from niannian.calls import Call

_PAGE = 1000
_TEXT = 2000
"""Characters of a memory; of a longer record the beginning is shown, all of it is kept."""
_DIMENSIONS = 64
_KNOWN = 4096
"""Texts whose vectors are known again."""


class TextEmbedder:
    """Vectors that stand for texts: equal for equal texts, far apart for all others."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[float, ...], str] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        """A vector of length one for each text."""
        return [self._vector(text) for text in texts]

    def text_of(self, vector: Sequence[float]) -> str:
        """The text that a vector was made for.

        Raises:
            ValueError: another embedder made it.
        """
        found = self._texts.get(tuple(vector))
        if found is None:
            raise ValueError("give Memory the storage's own embedder: embedder=storage.embedder")
        return found

    def _vector(self, text: str) -> list[float]:
        seed = random.Random(hashlib.sha256(text.encode()).digest())
        raw = [seed.gauss(0, 1) for _ in range(_DIMENSIONS)]
        length = sum(value * value for value in raw) ** 0.5
        vector = [value / length for value in raw]
        self._texts[tuple(vector)] = text
        self._texts.move_to_end(tuple(vector))
        while len(self._texts) > _KNOWN:
            self._texts.popitem(last=False)
        return vector


class NiannianStorage:
    """CrewAI's ``StorageBackend``: the records of one user.

    Args:
        client: A client; its calls run in a thread where they are awaited.
        user_id: Whose memories the records are.
        app_id: Sets the records apart from the user's other memories.
    """

    def __init__(self, client: Client, user_id: str, *, app_id: str = "crewai") -> None:
        self.embedder = TextEmbedder()
        self._client = client
        self._scope = {"user_id": user_id, "app_id": app_id}

    # --- writing ------------------------------------------------------------------

    def save(self, records: list[MemoryRecord]) -> None:
        """Keep records; the same words of the same scope are kept once."""
        for record in records:
            made = self._call(
                "/v3/memories/add/",
                {
                    **self._scope,
                    "messages": record.content[:_TEXT],
                    "infer": False,
                    "metadata": _metadata(record),
                },
            )
            (one,) = made["results"]
            if one["event"] == "NONE":
                self._client.update(one["id"], metadata=_metadata(record))

    def update(self, record: MemoryRecord) -> None:
        """Replace the record of the same id; a new one is saved."""
        before = self._named(record.id)
        if before is None:
            self.save([record])
        else:
            text = record.content[:_TEXT]
            self._client.update(before["id"], text=text, metadata=_metadata(record))

    def touch_records(self, record_ids: list[str]) -> None:
        """When records were last used; Niannian counts the use of memories itself."""

    def delete(
        self,
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        record_ids: list[str] | None = None,
        older_than: datetime | None = None,
        metadata_filter: dict[str, Any] | None = None,
    ) -> int:
        """Delete the records that meet all of this; it can be undone on the page."""
        gone = [
            memory["id"]
            for memory, record in self._matching(scope_prefix, categories, metadata_filter)
            if (record_ids is None or record.id in record_ids)
            and (older_than is None or record.created_at < _like(older_than, record.created_at))
        ]
        for id in gone:
            self._client.delete(id)
        return len(gone)

    def reset(self, scope_prefix: str | None = None) -> None:
        """Delete all records of a scope, or all."""
        self.delete(scope_prefix)

    # --- reading ------------------------------------------------------------------

    def search(
        self,
        query_embedding: list[float],
        scope_prefix: str | None = None,
        categories: list[str] | None = None,
        metadata_filter: dict[str, Any] | None = None,
        limit: int = 10,
        min_score: float = 0.0,
    ) -> list[tuple[MemoryRecord, float]]:
        """The records that fit a text best, with scores from 0 to 1.

        Raises:
            ValueError: the vector isn't from :attr:`embedder`.
        """
        query = self.embedder.text_of(query_embedding)[:8000]
        body = {"query": query, "filters": {"AND": [self._scope]}, "top_k": 200}
        found = self._call("/v3/memories/search/", body)["results"]
        return [
            (record, memory["score"])
            for memory, record in _records(found)
            if _meets(record, scope_prefix, categories, metadata_filter)
            and memory["score"] >= min_score
        ][:limit]

    def get_record(self, record_id: str) -> MemoryRecord | None:
        """One record by CrewAI's id."""
        found = self._named(record_id)
        return None if found is None else next(_records([found]))[1]

    def list_records(
        self, scope_prefix: str | None = None, limit: int = 200, offset: int = 0
    ) -> list[MemoryRecord]:
        """The records of a scope, newest first."""
        return [record for _, record in self._matching(scope_prefix)][offset : offset + limit]

    def count(self, scope_prefix: str | None = None) -> int:
        """How many records a scope has, those of its inner scopes included."""
        return sum(1 for _ in self._matching(scope_prefix))

    def list_categories(self, scope_prefix: str | None = None) -> dict[str, int]:
        """Categories and how many records each has."""
        counts: dict[str, int] = {}
        for _, record in self._matching(scope_prefix):
            for category in record.categories:
                counts[category] = counts.get(category, 0) + 1
        return counts

    def list_scopes(self, parent: str = "/") -> list[str]:
        """The scopes right below a scope."""
        base = parent.rstrip("/")
        inner = {
            f"{base}/{rest.split('/')[0]}"
            for _, record in self._matching(parent)
            if (rest := record.scope.removeprefix(base).strip("/"))
        }
        return sorted(inner)

    def get_scope_info(self, scope: str) -> ScopeInfo:
        """A scope in figures."""
        records = [record for _, record in self._matching(scope)]
        times = [record.created_at for record in records]
        return ScopeInfo(
            path=scope,
            record_count=len(records),
            categories=sorted({name for record in records for name in record.categories}),
            oldest_record=min(times, default=None),
            newest_record=max(times, default=None),
            child_scopes=self.list_scopes(scope),
        )

    # --- the same in a thread -----------------------------------------------------

    async def asave(self, records: list[MemoryRecord]) -> None:
        """As :meth:`save`."""
        await asyncio.to_thread(self.save, records)

    async def asearch(
        self, query_embedding: list[float], *args: Any, **kwargs: Any
    ) -> list[tuple[MemoryRecord, float]]:
        """As :meth:`search`."""
        return await asyncio.to_thread(self.search, query_embedding, *args, **kwargs)

    async def adelete(self, *args: Any, **kwargs: Any) -> int:
        """As :meth:`delete`."""
        return await asyncio.to_thread(self.delete, *args, **kwargs)

    # --- inside -------------------------------------------------------------------

    def _matching(
        self,
        scope_prefix: str | None = None,
        categories: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Iterator[tuple[dict[str, Any], MemoryRecord]]:
        for memory, record in _records(self._listed([])):
            if _meets(record, scope_prefix, categories, metadata):
                yield memory, record

    def _named(self, record_id: str) -> dict[str, Any] | None:
        return next(iter(self._listed([{"metadata": {"crewai": {"id": record_id}}}])), None)

    def _listed(self, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            path = f"/v3/memories/?page={page}&page_size={_PAGE}"
            answer = self._call(path, {"filters": {"AND": [self._scope, *filters]}})
            found += answer["results"]
            if answer["next"] is None:
                return found
            page += 1

    def _call(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._client.send(Call("POST", path, json=body, read=lambda answer: answer))


def _metadata(record: MemoryRecord) -> dict[str, Any]:
    kept = record.model_dump(mode="json")
    if len(record.content) <= _TEXT:
        del kept["content"]  # it is the memory's text, and may be edited there
    return {"crewai": kept}


def _records(
    memories: Sequence[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], MemoryRecord]]:
    """Those that CrewAI wrote, as its records, with the words that they have now."""
    for memory in memories:
        kept = memory["metadata"].get("crewai")
        if isinstance(kept, dict):
            yield memory, MemoryRecord.model_validate({"content": memory["memory"], **kept})


def _meets(
    record: MemoryRecord,
    scope_prefix: str | None,
    categories: Sequence[str] | None,
    metadata: Mapping[str, Any] | None,
) -> bool:
    base = (scope_prefix or "").rstrip("/")
    return (
        (not base or record.scope == base or record.scope.startswith(f"{base}/"))
        and (not categories or bool(set(categories) & set(record.categories)))
        and all(record.metadata.get(name) == value for name, value in (metadata or {}).items())
    )


def _like(moment: datetime, other: datetime) -> datetime:
    """A time with a zone or without one, as ``other`` has it; without one it is UTC."""
    if (moment.tzinfo is None) == (other.tzinfo is None):
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(tzinfo=None)


__all__ = ["NiannianStorage", "TextEmbedder"]
