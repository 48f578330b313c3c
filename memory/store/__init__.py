"""Memories: mem0's payload format over Qdrant, embedded (Edge) or on a server."""
