"""Keys of a memory's payload in the vector store: mem0's own and ours."""

from __future__ import annotations

from dataclasses import fields

from memory.types.memories import Memory

_FIELDS = {field.name for field in fields(Memory)} - {"id", "owner", "text"}
_OTHERS = "data hash user_id agent_id role text_lemmatized event_from event_to metadata_terms"
VECTOR_OWED = "vector_owed"
"""Marks a memory whose text the embedder refused; its dense vector is zeros until then."""
OWN_KEYS = frozenset([*_FIELDS, *_OTHERS.split(), "lead_in", VECTOR_OWED])
"""Payload keys that we write, or wrote once (``lead_in``); others belong to somebody else
and are kept."""
