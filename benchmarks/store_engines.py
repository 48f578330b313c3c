"""The two contestants of the store benchmark, each measured in a process of its own.

Run by :mod:`benchmarks.store`; prints one JSON object. Resident memory is only
honest in a fresh process, so filling and reopening are two runs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from qdrant_client import models

from memory.llm.hashing_embedder import HashingEmbedder
from memory.nlp import glosses
from memory.types import DEFAULT_CATEGORIES, Kind, Memory, Owner, Subject
from memory.vector_store.client import FOLDER, EdgeClient
from memory.vector_store.mem0.bridge import stock_memory_by_itself
from memory.vector_store.store import MemoryStore

USERS = 20
PERSONA = "niannian"
QUERIES = 60
ADD_SECONDS = 60.0
"""How long stock mem0 is timed on single adds before the rest is filled in faster."""

_VERBS = ("喜欢", "讨厌", "想学", "参加了", "聊到", "开始练", "忘不了", "打算去")
_THINGS = ("爬山", "咖啡", "钢琴", "猫", "电影", "面试", "烘焙", "旅行", "花生", "跑步", "摄影")
_PLACES = ("上海", "北京", "公司", "学校", "家里", "公园", "朋友那里", "医院", "图书馆", "海边")


def memories(size: int) -> Iterator[Memory]:
    """Made-up memories of 20 users, the same in every run."""
    chance = random.Random(size)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for number in range(size):
        at = start + timedelta(minutes=number)
        dated = number % 2 == 0
        yield Memory(
            id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            owner=Owner(f"user{number % USERS}", PERSONA),
            text=_sentence(chance, number),
            subject=Subject.AI if number % 3 == 0 else Subject.USER,
            kind=Kind.TEMPORAL if dated else Kind.CONSTANT,
            category=DEFAULT_CATEGORIES[number % len(DEFAULT_CATEGORIES)],
            created_at=at,
            updated_at=at,
            event_date=at.date().isoformat() if dated else None,
        )


def queries() -> list[tuple[str, str]]:
    """User and question."""
    chance = random.Random(1)
    return [
        (f"user{n % USERS}", f"我什么时候{chance.choice(_VERBS)}{chance.choice(_THINGS)}")
        for n in range(QUERIES)
    ]


def _sentence(chance: random.Random, number: int) -> str:
    first, second = chance.sample(_THINGS, 2)
    there, verb = chance.choice(_PLACES), chance.choice(_VERBS)
    return f"用户{verb}{first}，那天在{there}和朋友说起第{number}件事，后来又{verb}{second}"


class Ours:
    """The store as the app uses it."""

    def __init__(self, folder: Path) -> None:
        self.store = MemoryStore(EdgeClient(folder / FOLDER), HashingEmbedder(), folder)

    def fill(self, size: int, seconds: float) -> dict[str, float]:
        """Put everything, in portions as an import would.

        First what the app does seconds after its start (and stock mem0 before it is
        timed): load the dictionary and import mem0, whose history is opened.
        """
        rows = list(memories(size))
        glosses.warm_up()
        self.store.history.of(rows[0].id)
        start = time.perf_counter()
        for at in range(0, size, 5000):
            self.store.writes.put(rows[at : at + 5000])
        spent = time.perf_counter() - start
        return {"reached": size, "import_per_second": size / spent}

    def add_ten(self) -> None:
        """One batch of ten, as an extraction writes it."""
        fresh = list(memories(10))
        self.store.writes.put([_renamed(memory) for memory in fresh])

    def search(self, user: str, query: str) -> int:
        """One search."""
        return len(self.store.reads.search(Owner(user, PERSONA), query, today=date(2024, 6, 1)))

    def list_all(self, user: str) -> int:
        """Everything of one user."""
        return len(self.store.reads.matching(Owner(user, PERSONA)))

    def count_and_facets(self, user: str) -> int:
        """How many, and how many of each category."""
        owner = Owner(user, PERSONA)
        self.store.reads.facets(owner, "category")
        return self.store.reads.count(owner)

    def delete_all(self, user: str) -> None:
        """Delete a user's memories, with their history lines."""
        self.store.writes.delete_all(user)

    def erase(self, user: str) -> None:
        """The same, and rewrite the files so that no byte is left."""
        self.store.writes.erase(user)

    def close(self) -> None:
        """Let go of the folder."""
        self.store.close()


class Stock:
    """mem0 2.2.1 on its default embedded Qdrant, with the same embedder."""

    def __init__(self, folder: Path) -> None:
        self.memory = stock_memory_by_itself(HashingEmbedder(), folder)

    def fill(
        self, size: int, seconds: float, by_one_seconds: float = ADD_SECONDS
    ) -> dict[str, float]:
        """Add one by one for a while; then insert in bulk, which mem0's API doesn't offer."""
        start = time.perf_counter()
        rows = memories(size)
        added = 0
        for memory in rows:
            self._add(memory)
            added += 1
            if time.perf_counter() - start > min(seconds, by_one_seconds):
                break
        rate = added / (time.perf_counter() - start)
        by_one = added
        embedder = HashingEmbedder()
        while added < size and time.perf_counter() - start < seconds:
            some = list(islice(rows, 100))
            self.memory.vector_store.insert(
                vectors=embedder.embed([m.text for m in some]),
                payloads=[_stock_payload(m) for m in some],
                ids=[m.id for m in some],
            )
            added += len(some)
        return {"reached": added, "import_per_second": rate, "added_by_one": by_one}

    def add_ten(self) -> None:
        """Ten adds: there is no bulk call."""
        for memory in memories(10):
            self._add(memory)

    def search(self, user: str, query: str) -> int:
        """One search."""
        found = self.memory.search(query, filters={"user_id": user, "agent_id": PERSONA})
        return len(found["results"])

    def list_all(self, user: str) -> int:
        """Everything of one user (asked for by number; the default is 20)."""
        return len(self.memory.get_all(filters={"user_id": user}, top_k=100_000)["results"])

    def count_and_facets(self, user: str) -> int:
        """Through its Qdrant client: mem0 itself has no such call."""
        mine = models.Filter(
            must=[models.FieldCondition(key="user_id", match=models.MatchValue(value=user))]
        )
        client = self.memory.vector_store.client
        client.facet("mem0", "category", facet_filter=mine, limit=100, exact=True)
        return int(client.count("mem0", count_filter=mine).count)

    def delete_all(self, user: str) -> None:
        """mem0's own call."""
        self.memory.delete_all(user_id=user)

    def close(self) -> None:
        """Let go of the folder."""
        self.memory.vector_store.client.close()
        self.memory.db.close()

    def _add(self, memory: Memory) -> None:
        self.memory.add(
            memory.text,
            user_id=memory.owner.user_id,
            agent_id=PERSONA,
            metadata={"category": memory.category, "kind": memory.kind.value},
            infer=False,
        )


CONTESTANTS: dict[str, Callable[[Path], Any]] = {"niannian": Ours, "mem0": Stock}


def measure(name: str, folder: Path, size: int, seconds: float) -> dict[str, float]:
    """Fill, then everything but reopening. Times in milliseconds."""
    contestant = CONTESTANTS[name](folder)
    figures: dict[str, float] = contestant.fill(size, seconds)
    asked = queries()
    contestant.search(*asked[0])
    times = sorted(_milliseconds(partial(contestant.search, *query)) for query in asked)
    figures["search_p50_ms"] = times[len(times) // 2]
    figures["search_p95_ms"] = times[int(len(times) * 0.95)]
    figures["add_ten_ms"] = _best(contestant.add_ten)
    figures["list_user_ms"] = _best(lambda: contestant.list_all("user3"))
    figures["count_and_facets_ms"] = _best(lambda: contestant.count_and_facets("user3"))
    figures["delete_user_ms"] = _milliseconds(lambda: contestant.delete_all("user4"))
    figures["close_ms"] = _milliseconds(contestant.close)
    figures["disk_mb"] = _disk(folder)
    return figures


def reopen(name: str, folder: Path) -> dict[str, float]:
    """Open what is there; what that takes in time, and in memory after some use."""
    start = time.perf_counter()
    contestant = CONTESTANTS[name](folder)
    figures = {"reopen_ms": (time.perf_counter() - start) * 1000}
    for query in queries()[:10]:
        contestant.search(*query)
    figures["resident_mb"] = _resident()
    if isinstance(contestant, Ours):
        figures["erase_user_ms"] = _milliseconds(lambda: contestant.erase("user5"))
    contestant.close()
    return figures


def _renamed(memory: Memory) -> Memory:
    fields = {name: getattr(memory, name) for name in memory.__dataclass_fields__}
    return Memory(**{**fields, "id": str(uuid.uuid4())})


def _stock_payload(memory: Memory) -> dict[str, Any]:
    at = memory.created_at.isoformat()
    return {
        "data": memory.text,
        "text_lemmatized": memory.text,
        "user_id": memory.owner.user_id,
        "agent_id": PERSONA,
        "created_at": at,
        "updated_at": at,
        "category": memory.category,
        "kind": memory.kind.value,
    }


def _milliseconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _best(call: Callable[[], Any]) -> float:
    """The median of three."""
    return sorted(_milliseconds(call) for _ in range(3))[1]


def _disk(folder: Path) -> float:
    """Blocks really used, in MB: the files are sparse."""
    blocks = sum(getattr(f.stat(), "st_blocks", 0) for f in folder.rglob("*") if f.is_file())
    return blocks * 512 / 1e6


def _resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """One run, told by the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["measure", "reopen"])
    parser.add_argument("name", choices=sorted(CONTESTANTS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300.0)
    given = parser.parse_args()
    if given.what == "measure":
        print(json.dumps(measure(given.name, given.folder, given.size, given.seconds)))
    else:
        print(json.dumps(reopen(given.name, given.folder)))


if __name__ == "__main__":
    main()
