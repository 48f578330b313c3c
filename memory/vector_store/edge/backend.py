"""The embedded engine behind the ``QdrantClient`` interface.

``QdrantClient`` hands every call to its ``_client``; :class:`EdgeBackend` is
one over Qdrant Edge, so that mem0 and our own code use the same client
embedded and served. A call or parameter that Edge can't honour raises
:class:`StoreError`.
"""

from __future__ import annotations

from typing import Any, NoReturn

from qdrant_client.client_base import QdrantBase

from memory.vector_store.edge.convert import unsupported
from memory.vector_store.edge.reads import EdgeReads
from memory.vector_store.edge.writes import EdgeWrites


class EdgeBackend(EdgeReads, EdgeWrites):
    """The whole interface, as far as it is offered.

    Raises (on creation):
        FolderBusy: another process (or client) has the folder open.
        FolderUnusable: it can't be written, or files are missing or damaged.
    """

    def __getattribute__(self, name: str) -> Any:
        """Calls of the interface that aren't offered say so in words."""
        found = super().__getattribute__(name)
        if getattr(found, "__func__", None) is getattr(QdrantBase, name, object()):
            return _unoffered(name)
        return found


def _unoffered(name: str) -> Any:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise unsupported(name)

    return refuse
