"""Keys of a memory's payload in the vector store: mem0's own and ours."""

from __future__ import annotations

_OWN = (
    "data hash created_at updated_at user_id agent_id run_id role text_lemmatized subject kind"
    " category event_date event_from event_to importance pinned status language source"
    " supersedes superseded_by lead_in safety metadata metadata_terms app_id expiration_date"
    " immutable relations"
)
VECTOR_OWED = "vector_owed"
"""Marks a memory whose text the embedder refused; its dense vector is zeros until then."""
OWN_KEYS = frozenset([*_OWN.split(), VECTOR_OWED])
"""Payload keys that we write, or wrote once (``lead_in``); others belong to somebody else
and are kept."""
