"""Mention index: which memories connect or name somebody, read once until something changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memory.db import Database
from memory.memories.graph.graph import GraphNode
from memory.memories.graph.state_cache import StateCache
from memory.types import EVERYTHING, Memory, Owner, Status, Subject
from memory.vector_store.store import MemoryStore

KEPT_USERS = 16
"""How many users the index is kept for: those looked at last."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A memory without its words: whose it is, and what it counts."""

    memory_id: str
    owner: Owner
    active: bool
    importance: int

    @property
    def rank(self) -> tuple[bool, int]:
        """What is in force first, then what matters."""
        return (not self.active, -self.importance)


class MentionIndex:
    """The memories of each node of a user's graph. Safe from many threads."""

    def __init__(self, store: MemoryStore, db: Database) -> None:
        self._store = store
        self._db = db
        self._kept: StateCache[str, _Read] = StateCache(KEPT_USERS)

    def of(
        self, user_id: str, nodes: Sequence[GraphNode], persona_id: str | None = None
    ) -> dict[str, tuple[Mentioned, ...]]:
        """By the id of the node, the memories that connect it and those that name it.

        Args:
            user_id: Whose.
            nodes: Of :meth:`memory.memories.graph.index.RelationIndex.graph`.
            persona_id: Only memories with this persona.

        Raises:
            StoreError: the memories can't be read.
        """
        names = frozenset(node.name for node in nodes if _is_looked_for(node))
        read = self._read(user_id, names)
        return {node.id: _of(node, read, persona_id) for node in nodes}

    def _read(self, user_id: str, names: frozenset[str]) -> _Read:
        # Programs that write to the store itself leave no line in the history, but they count.
        state = (self._db.history.newest_seq(user_id), self._store.reads.count(user_id, EVERYTHING))
        found = self._kept.get(user_id, state)
        if found is not None:
            if names <= found.naming.keys():
                return found
            names = names.union(found.naming)
        read = _everything(self._store, user_id, names)
        self._kept.keep(user_id, state, read)
        return read


@dataclass(frozen=True, slots=True)
class _Read:
    """All memories by id, and the ids of those that hold each name."""

    memories: Mapping[str, Mentioned]
    naming: Mapping[str, tuple[str, ...]]


def _everything(store: MemoryStore, user_id: str, names: frozenset[str]) -> _Read:
    memories: dict[str, Mentioned] = {}
    naming: dict[str, list[str]] = {name: [] for name in names}
    for memory in store.reads.iterate(EVERYTHING, user_id):
        memories[memory.id] = _mentioned(memory)
        if memory.status is Status.ACTIVE and memory.subject is Subject.USER:
            for name in names:
                if name in memory.text:
                    naming[name].append(memory.id)
    return _Read(memories, {name: tuple(ids) for name, ids in naming.items()})


def _mentioned(memory: Memory) -> Mentioned:
    return Mentioned(memory.id, memory.owner, memory.status is Status.ACTIVE, memory.importance)


def _is_looked_for(node: GraphNode) -> bool:
    """Whether its name says of whom a memory speaks: two people called alike are not told apart."""
    return len(node.name) > 1 and node.type != "persona" and "@" not in node.id


def _of(node: GraphNode, read: _Read, persona_id: str | None) -> tuple[Mentioned, ...]:
    naming = read.naming.get(node.name, ()) if _is_looked_for(node) else ()
    ids = dict.fromkeys((*node.memory_ids, *naming))
    found = (read.memories[id] for id in ids if id in read.memories)
    mine = [one for one in found if persona_id in (None, one.owner.persona_id)]
    return tuple(sorted(mine, key=lambda one: one.rank))
