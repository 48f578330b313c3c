"""Comparing what the memory store holds with what the history says it holds."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from memory.db import Database, to_dict
from memory.types import Memory, Owner
from memory.vector_store.gc_pause import gc_paused
from memory.vector_store.payload import memory_of, payload_of
from memory.vector_store.store import MemoryStore

_BITS = 64


@dataclass(frozen=True, slots=True)
class StoreTotals:
    """How many memories an owner has, and a digest of them that doesn't depend on their order."""

    count: int = 0
    digest: int = 0

    def __add__(self, other: StoreTotals) -> StoreTotals:
        return StoreTotals(self.count + other.count, (self.digest + other.digest) % 2**_BITS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, by memory id. What is owed to the store isn't a difference.

    ``missing``: the history has it, the store doesn't. ``changed``: not the same in
    both. ``surplus``: deleted in the history, still in the store. ``unknown``: no line
    of history. ``unreadable``: the history doesn't say what it became.
    """

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    surplus: tuple[str, ...]
    unknown: tuple[str, ...]
    unreadable: tuple[str, ...]
    store: Mapping[Owner, StoreTotals]
    history: Mapping[Owner, StoreTotals]

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.surplus or self.unknown)

    @property
    def differing(self) -> int:
        """How many memories aren't the same in both."""
        return sum(map(len, (self.missing, self.changed, self.surplus, self.unknown)))


def compare(store: MemoryStore, db: Database) -> Comparison:
    """Read everything on both sides. The store may be in use meanwhile.

    Raises:
        StoreError: one of them can't be read.
    """
    here: dict[str, tuple[Owner, int]] = {}
    inside: defaultdict[Owner, StoreTotals] = defaultdict(StoreTotals)
    told: defaultdict[Owner, StoreTotals] = defaultdict(StoreTotals)
    lists: defaultdict[str, list[str]] = defaultdict(list)
    with gc_paused():
        # The store first: whatever is in it has had its line before.
        for memory in store.reads.iterate():
            if not memory.text or not memory.owner.user_id:
                continue  # mem0 keeps points of its own
            here[memory.id] = (memory.owner, digest(memory))
            inside[memory.owner] += StoreTotals(1, here[memory.id][1])
        for held in db.holdings.held():
            change, expected = held.change, held.change.after
            found = here.pop(change.memory_id, None)
            wanted = None if expected is None else digest(expected)
            if wanted is not None:
                told[change.owner] += StoreTotals(1, wanted)
            if not change.applied:
                continue
            if not held.readable:
                lists["unreadable"].append(change.memory_id)
            elif wanted is None:
                if found is not None:
                    lists["surplus"].append(change.memory_id)
            elif found is None:
                lists["missing"].append(change.memory_id)
            elif found != (change.owner, wanted):
                lists["changed"].append(change.memory_id)
    lists["unknown"] = list(here)
    return Comparison(
        missing=tuple(lists["missing"]),
        changed=tuple(lists["changed"]),
        surplus=tuple(lists["surplus"]),
        unknown=tuple(lists["unknown"]),
        unreadable=tuple(lists["unreadable"]),
        store=dict(inside),
        history=dict(told),
    )


def digest(memory: Memory) -> int:
    """A number that is the same for a memory in the store and in its line of history."""
    stored = memory_of(memory.id, payload_of(memory))
    said = json.dumps(to_dict(stored), ensure_ascii=False, sort_keys=True)
    hashed = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_BITS // 8)
    return int.from_bytes(hashed.digest())
