"""Embedded backend: Qdrant Edge behind the ``QdrantClient`` interface."""
