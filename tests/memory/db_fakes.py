"""Doubles for the memory service's and the extraction worker's tests: a store and a clock."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from memory.db import from_dict, to_dict
from memory.types import Memory, MemoryFilter, Owner


@dataclass
class StandingClock:
    """A clock that moves only by ``forward``."""

    now: datetime = datetime(2024, 10, 18, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


class FakeStore:
    """The store's write path over a dictionary, or over a folder that survives.

    ``fail`` is raised by the next writes until it is taken away; ``calls`` are
    the names and sizes of the writes that were made.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.memories: dict[str, Memory] = {}
        self.fail: Exception | None = None
        self.calls: list[tuple[str, int]] = []
        self._folder = folder
        if folder is not None:
            folder.mkdir(exist_ok=True)
            for path in folder.glob("*.json"):
                self.memories[path.stem] = from_dict(json.loads(path.read_text("utf-8")))

    @property
    def reads(self) -> FakeStore:
        return self

    @property
    def writes(self) -> FakeStore:
        return self

    def put(self, memories: Sequence[Memory]) -> None:
        self._write("put", len(memories))
        for memory in memories:
            self.memories[memory.id] = memory
            if self._folder is not None:
                draft = self._folder / f"{memory.id}.tmp"
                draft.write_text(json.dumps(to_dict(memory)), "utf-8")
                draft.replace(self._folder / f"{memory.id}.json")

    def delete(self, owner: Owner, ids: Sequence[str], known: Sequence[Memory] = ()) -> None:
        self._write("delete", len(ids))
        for id in ids:
            if self.memories.get(id) is not None and self.memories[id].owner == owner:
                del self.memories[id]
                if self._folder is not None:
                    (self._folder / f"{id}.json").unlink()

    def get_many(self, owner: Owner, ids: Sequence[str]) -> list[Memory]:
        return [m for m in map(self.memories.get, ids) if m is not None and m.owner == owner]

    def worded(self, owner: Owner, texts: Collection[str]) -> list[Memory]:
        mine = (m for m in self.memories.values() if m.owner == owner)
        return [m for m in mine if m.text in texts]

    def matching(self, owner: Owner, filter: MemoryFilter) -> list[Memory]:
        return [
            m for m in self.memories.values() if m.owner == owner and m.status in filter.statuses
        ]

    def erase(self, owner: Owner | str) -> None:
        self._write("erase", 1)
        for memory in list(self.memories.values()):
            if owner in (memory.owner, memory.owner.user_id):
                self.delete(memory.owner, [memory.id])

    def _write(self, name: str, size: int) -> None:
        if self.fail is not None:
            raise self.fail
        self.calls.append((name, size))
