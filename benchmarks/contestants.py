"""What is measured side by side: our store, stock mem0 and BM25, over the same people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bm25 import BM25
from benchmarks.people import Item, Person
from memory.config import load_settings
from memory.llm.hashing_embedder import HashingEmbedder
from memory.llm.local_embedder import LocalEmbedder
from memory.llm.sentence_encoder import shared_encoder
from memory.nlp.dates import say
from memory.nlp.language import detect
from memory.types import Embedder
from memory.vector_store.client import open_client
from memory.vector_store.mem0.bridge import stock_memory
from memory.vector_store.store import MemoryStore

MEM0_COLLECTION = "stock"


@contextmanager
def our_store(embedder: Embedder | None = None) -> Iterator[MemoryStore]:
    """The real store in a temporary folder, with the sentence encoder or another embedder."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if embedder is None:
            shared_encoder().load_in_background()
            shared_encoder().wait(60)
            embedder = LocalEmbedder(shared_encoder())
        store = MemoryStore(open_client(load_settings(data_dir=folder)), embedder, folder)
        try:
            yield store
        finally:
            store.close()


class Niannian:
    """Our store's search, as the product calls it."""

    name = "niannian"

    def __init__(self, store: MemoryStore, people: Iterable[Person]) -> None:
        self._store = store
        for person in people:
            store.writes.put(person.memories())

    def search(self, person: Person, query: str, limit: int) -> list[str]:
        """Ids of items, best first."""
        hits = self._store.reads.search(
            person.owner,
            query,
            limit=limit,
            today=person.today,
            now=datetime.combine(person.today, time(12), UTC),
        )
        return [person.item_of(hit.memory.id).id for hit in hits]


class StockMem0:
    """mem0's own ``add`` and ``search``, with its defaults and our embedder.

    It gets the texts as they are, and the date as metadata, as its users do.
    """

    name = "mem0"

    def __init__(self, store: MemoryStore, people: Iterable[Person], folder: Path) -> None:
        self._memory: Any = stock_memory(store.client, HashingEmbedder(), folder, MEM0_COLLECTION)
        for person in people:
            for item in person.items:
                self._memory.add(
                    item.text,
                    user_id=person.name,
                    infer=False,
                    metadata={"item": item.id, "date": item.event_date},
                )

    def results(
        self, person: Person, query: str, limit: int, **options: float
    ) -> list[dict[str, Any]]:
        """Mem0's results, best first."""
        found = self._memory.search(query, filters={"user_id": person.name}, top_k=limit, **options)
        results: list[dict[str, Any]] = found["results"]
        return results

    def search(self, person: Person, query: str, limit: int) -> list[str]:
        """Ids of items, best first."""
        return [result["metadata"]["item"] for result in self.results(person, query, limit)]

    def close(self) -> None:
        """Close mem0's history database."""
        self._memory.db.close()


class Mem0WithoutThreshold:
    """The same with ``threshold=0``: mem0's default of 0.1 was set for other embedders."""

    name = "mem0_all"

    def __init__(self, stock: StockMem0) -> None:
        self._stock = stock

    def results(self, person: Person, query: str, limit: int) -> list[dict[str, Any]]:
        """Mem0's results, best first."""
        return self._stock.results(person, query, limit, threshold=0.0)

    def search(self, person: Person, query: str, limit: int) -> list[str]:
        """Ids of items, best first."""
        return [result["metadata"]["item"] for result in self.results(person, query, limit)]


class PlainBM25:
    """BM25 alone, with each date written before its text."""

    name = "bm25"

    def __init__(self, people: Iterable[Person]) -> None:
        self._indexes = {
            person.name: BM25([dated(item, person) for item in person.items]) for person in people
        }

    def search(self, person: Person, query: str, limit: int) -> list[str]:
        """Ids of items, best first."""
        found = self._indexes[person.name].search(query, limit)
        return [person.items[number].id for number in found]


def dated(item: Item, person: Person) -> str:
    """An item's text with its date before it, the way people write it."""
    if not item.event_date:
        return item.text
    # Said from far away, so that no date becomes "yesterday".
    far = person.today.replace(year=person.today.year + 5, day=1)
    return f"{say(item.event_date, far, detect(item.text))} {item.text}"
