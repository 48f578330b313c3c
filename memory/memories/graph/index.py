"""Relation index: the connections of a user's memories, read again where they are outdated."""

from __future__ import annotations

from memory.db import Database, GraphEdge
from memory.memories.graph.graph import Graph, assemble
from memory.memories.graph.mentions import MentionIndex
from memory.memories.graph.reading import RULES_VERSION, edges_of
from memory.memories.graph.state_cache import StateCache
from memory.memories.history_first import HistoryFirst
from memory.types import EVERYTHING
from memory.vector_store.store import MemoryStore

KEPT_GRAPHS = 32
"""Those looked at last."""


class RelationIndex:
    """Who and what is in somebody's life; every change of a memory is in it at once."""

    def __init__(self, store: MemoryStore, db: Database, history_first: HistoryFirst) -> None:
        self._store = store
        self._db = db
        self._history_first = history_first
        self.mentions = MentionIndex(store, db)
        self._kept: StateCache[tuple[str, str | None, str | None], Graph] = StateCache(KEPT_GRAPHS)

    def edges(self, user_id: str, persona_id: str | None = None) -> list[GraphEdge]:
        """The connections of a user's memories, or of those with one persona.

        Those of a folder from before there were any are read first.

        Raises:
            StoreError: the memories can't be read.
        """
        self._bring_up(user_id)
        return self._db.relations.of(user_id, persona_id)

    def graph(self, user_id: str, persona_id: str | None = None, on: str | None = None) -> Graph:
        """As :meth:`edges`, as one graph; of a day (``YYYY-MM-DD``), if one is given.

        Thousands of connections take a second, so it is kept until one of them changes.
        """
        self._bring_up(user_id)
        # An edit may put another connection in the place of the last one.
        state = (self._db.history.newest_seq(user_id), *self._db.relations.extent(user_id))
        key = (user_id, persona_id, on)
        graph = self._kept.get(key, state)
        if graph is None:
            graph = assemble(self._db.relations.of(user_id, persona_id), on)
            self._kept.keep(key, state, graph)
        return graph

    def _bring_up(self, user_id: str) -> None:
        if self._db.relations.is_current(user_id, RULES_VERSION):
            return
        with self._history_first.holding(user_id):
            memories = self._store.reads.matching(user_id, EVERYTHING, sort="created_at")
            found = [edge for memory in memories for edge in edges_of(memory)]
            self._db.relations.replace_all(user_id, found, RULES_VERSION)
        # Read again, they may look in number and order like those before.
        self._kept.clear()
