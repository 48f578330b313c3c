"""Relation index: the connections of a user's memories, read anew where they are outdated."""

from __future__ import annotations

import threading

from memory.db import Database, GraphEdge
from memory.memories.graph.graph import Graph, assemble
from memory.memories.graph.mentions import MentionIndex
from memory.memories.graph.reading import RULES_VERSION, edges_of
from memory.memories.history_first import HistoryFirst
from memory.types import EVERYTHING
from memory.vector_store.store import MemoryStore

KEPT_GRAPHS = 32
"""Those assembled last."""


class RelationIndex:
    """Who and what is in somebody's life; every change of a memory is in it at once."""

    def __init__(self, store: MemoryStore, db: Database, history_first: HistoryFirst) -> None:
        self._store = store
        self._db = db
        self._history_first = history_first
        self.mentions = MentionIndex(store, db)
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str | None, str | None], tuple[tuple[int, ...], Graph]] = {}

    def edges(self, user_id: str, persona_id: str | None = None) -> list[GraphEdge]:
        """The connections of a user's memories, or of those with one persona.

        Raises:
            StoreError: the memories can't be read.
        """
        if not self._db.relations.is_current(user_id, RULES_VERSION):
            self._read_anew(user_id)
        return self._db.relations.of(user_id, persona_id)

    def graph(self, user_id: str, persona_id: str | None = None, on: str | None = None) -> Graph:
        """As :meth:`edges`, as one graph; of a day (``YYYY-MM-DD``), if one is given.

        Thousands of connections take a second, so it is kept until one of them changes.
        """
        if not self._db.relations.is_current(user_id, RULES_VERSION):
            self._read_anew(user_id)
        # An edit may put another connection in the place of the last one.
        state = (self._db.history.newest_seq(user_id), *self._db.relations.extent(user_id))
        key = (user_id, persona_id, on)
        with self._lock:
            found = self._kept.get(key)
        if found is not None and found[0] == state:
            return found[1]
        graph = assemble(self._db.relations.of(user_id, persona_id), on)
        with self._lock:
            self._kept[key] = (state, graph)
            while len(self._kept) > KEPT_GRAPHS:
                self._kept.pop(next(iter(self._kept)))
        return graph

    def _read_anew(self, user_id: str) -> None:
        with self._history_first.holding(user_id):
            memories = self._store.reads.matching(user_id, EVERYTHING, sort="created_at")
            found = [edge for memory in memories for edge in edges_of(memory)]
            self._db.relations.replace_all(user_id, found, RULES_VERSION)
        with self._lock:
            for key in [key for key in self._kept if key[0] == user_id]:
                del self._kept[key]
