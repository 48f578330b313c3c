"""Graph mirror: everybody's people and things, kept up to date on a Neo4j server.

One way: the memories are what counts, and whatever is changed on the server under the label
``Niannian`` is put right with the next change of that user's memories. Nothing waits for it.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from memory.db import Database
from memory.errors import StoreError
from memory.memories.graph.formats import relationship_type
from memory.memories.graph.graph import Graph
from memory.memories.graph.index import RelationIndex

log = logging.getLogger(__name__)

LABEL = "Niannian"
LOOK_EVERY_SECONDS = 5.0
PAUSES = (10.0, 60.0, 300.0)
"""Seconds until a server that failed is tried again; the last one from then on."""

_POSITION = "graph_mirror:position"
_NODES = (
    f"UNWIND $rows AS row MERGE (n:{LABEL} {{user_id: $user_id, id: row.id}}) "
    "SET n:%s, n.name = row.name, n.memories = row.memories, n.mark = $mark"
)
_LINKS = (
    f"UNWIND $rows AS row MATCH (a:{LABEL} {{user_id: $user_id, id: row.source}}), "
    f"(b:{LABEL} {{user_id: $user_id, id: row.target}}) MERGE (a)-[r:`%s`]->(b) "
    "SET r.since = row.since, r.until = row.until, r.memories = row.memories, r.mark = $mark"
)
_OLD_LINKS = (
    f"MATCH (:{LABEL} {{user_id: $user_id}})-[r]->(:{LABEL} {{user_id: $user_id}}) "
    "WHERE r.mark <> $mark DELETE r"
)
_OLD_NODES = f"MATCH (n:{LABEL} {{user_id: $user_id}}) WHERE n.mark <> $mark DETACH DELETE n"
_GONE = f"MATCH (n:{LABEL} {{user_id: $user_id}}) DETACH DELETE n"

Statement: TypeAlias = tuple[str, Mapping[str, Any]]
"""Cypher and its parameters."""


class GraphServer(Protocol):
    """What the mirror needs of a server. Whatever goes wrong is an ``OSError``."""

    def write(self, statements: Sequence[Statement]) -> None:
        """Run statements in one transaction."""

    def users(self) -> set[str]:
        """The users whose nodes are there."""

    def close(self) -> None:
        """Hang up."""


class GraphMirror:
    """Keeps a graph server up to date, on a thread of its own.

    Args:
        db: The history says whose memories changed.
        relations: The graphs.
        server: Where they are mirrored.
    """

    def __init__(self, db: Database, relations: RelationIndex, server: GraphServer) -> None:
        self._db = db
        self._relations = relations
        self._server = server
        self._mirrored: set[str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.error: str = ""
        """Why the last look failed; empty if it didn't."""

    def start(self) -> None:
        """Begin, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="niannian-graph", daemon=True)
            self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """End it; a transaction that is under way isn't waited for longer than ``timeout``."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
        self._server.close()

    def run_once(self) -> int:
        """Mirror whoever's memories changed, and take out who is gone.

        Returns:
            How many users were written or taken out.

        Raises:
            OSError: the server failed; it is tried again from where it was left.
        """
        # Only one process mirrors, or they would take out each other's marks.
        with self._db.engine.alone("graph_mirror"):
            return self._look()

    def _look(self) -> int:
        kept = self._db.engine.get_meta(_POSITION)
        changed, position = self._db.relations.changed_since(int(kept) if kept else None)
        there = self._db.users.ids()
        if self._mirrored is None:
            self._mirrored = self._server.users()
        gone = self._mirrored - there
        for user_id in sorted(gone):
            self._server.write([(_GONE, {"user_id": user_id})])
            self._mirrored.discard(user_id)
        mirrored = [user_id for user_id in changed if user_id in there]
        for user_id in mirrored:
            if self._stopping.is_set():
                return 0
            graph = self._relations.graph(user_id)
            name = self._db.users.get(user_id).name
            self._server.write(list(statements(graph, user_id, name, str(uuid.uuid4()))))
            self._mirrored.add(user_id)
        if str(position) != kept:
            self._db.engine.set_meta(_POSITION, str(position))
        return len(gone) + len(mirrored)

    def _run(self) -> None:
        failures, pause = 0, LOOK_EVERY_SECONDS
        while not self._stopping.wait(pause):
            try:
                self.run_once()
                failures, pause, self.error = 0, LOOK_EVERY_SECONDS, ""
            except (OSError, StoreError) as error:
                self.error = getattr(error, "code", None) or str(error)[:100]
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                self._mirrored = None  # who knows what became of it
                log.warning("the graph server is behind (%s), again in %d s", self.error, pause)
            except Exception as error:  # noqa: BLE001 (the thread outlives a full disk)
                log.error("the graph server is behind: %s", type(error).__name__)
                pause = PAUSES[-1]


def statements(graph: Graph, user_id: str, name: str, mark: str) -> Iterator[Statement]:
    """What makes a user's part of the server what ``graph`` says.

    Args:
        graph: Of the user.
        user_id: Whose.
        name: Of the user, who has none in a graph.
        mark: A new one; what doesn't bear it afterwards is old and goes.
    """
    common = {"user_id": user_id, "mark": mark}
    nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for node in graph.nodes:
        row = {"id": node.id, "name": node.name or name, "memories": list(node.memory_ids)}
        nodes[node.type.capitalize()].append(row)
    for label, rows in nodes.items():
        yield _NODES % label, {**common, "rows": rows}
    links: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for link in graph.links:
        links[relationship_type(link.relationship)].append(
            {
                "source": link.source,
                "target": link.target,
                "since": link.since,
                "until": link.until,
                "memories": list(link.memory_ids),
            }
        )
    for type, rows in links.items():
        yield _LINKS % type, {**common, "rows": rows}
    yield _OLD_LINKS, common
    yield _OLD_NODES, common


__all__ = ["GraphMirror", "GraphServer", "statements"]
