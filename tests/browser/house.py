"""What is in a data folder while no app has it open: nothing is repaired or taken up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memory.config import load_settings
from memory.db import Database, resolve_database_url
from memory.llm.hashing_embedder import HashingEmbedder
from memory.memories import MemoryService
from memory.types import Batch, BatchState, Memory, MemoryFilter, Message, Owner, Status
from memory.vector_store.client import open_client
from memory.vector_store.store import MemoryStore

EVERYTHING = MemoryFilter(statuses=frozenset(Status))


@dataclass(frozen=True)
class House:
    """Ledger and store of a folder with one user."""

    db: Database
    store: MemoryStore

    @property
    def owner(self) -> Owner:
        return Owner(self.db.users.all()[0].id, "niannian")

    def messages(self) -> list[Message]:
        """Those of the latest session, set aside answers too."""
        session = self.db.sessions.of(self.owner, limit=1)[0]
        return list(self.db.messages.of(self.owner, session.id, limit=1000, include_replaced=True))

    def memories(self) -> list[Memory]:
        return self.store.reads.matching(self.owner, EVERYTHING)

    def memory_service(self) -> MemoryService:
        """What finishes changes that were cut short."""
        return MemoryService(self.store, self.db)

    def batches(self) -> Sequence[Batch]:
        return self.db.batches.of(self.owner, states=tuple(BatchState), limit=100)


@contextmanager
def opened(data_dir: Path) -> Iterator[House]:
    """Look into the folder as the app left it."""
    settings = load_settings(data_dir=data_dir)
    settings = settings.model_copy(update={"data_dir": data_dir})
    store = MemoryStore(open_client(settings), HashingEmbedder(), data_dir)
    db = Database(resolve_database_url(data_dir))
    try:
        yield House(db, store)
    finally:
        store.close()
        db.close()


def files_holding(folder: Path, text: str) -> list[Path]:
    """The files below ``folder`` in which ``text`` stands."""
    return [p for p in folder.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]
