"""Memories: mem0's payload format over Qdrant, embedded (Edge) or on a server."""

from memory.vector_store import deferred_models as deferred_models
