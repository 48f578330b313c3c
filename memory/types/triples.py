"""Triples: who and what a memory connects, as a knowledge graph keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

EntityType: TypeAlias = Literal["user", "persona", "person", "pet", "place", "organisation"]
ENTITY_TYPES: tuple[str, ...] = get_args(EntityType)

USER_ENTITY = "user"
PERSONA_ENTITY = "ai"
"""The two ends that have no name of their own in a triple."""

SHARED_RELATIONS: Mapping[str, EntityType] = {
    "lives_in": "place",
    "from": "place",
    "visits": "place",
    "works_at": "organisation",
    "studies_at": "organisation",
    "member_of": "organisation",
}
"""Relationships that have the same name in every language, and what they lead to."""

NAME_LENGTH = 60
"""Characters of an entity's name or a relationship."""
MOST_TRIPLES = 8
"""Triples of one memory."""


@dataclass(frozen=True, slots=True)
class Triple:
    """One connection: ``Triple("user", "sister", "Wren", target_type="person")``.

    ``source`` is :data:`USER_ENTITY`, :data:`PERSONA_ENTITY` or a name. ``ended`` says that the
    memory tells of its end ("the user broke up with …").
    """

    source: str
    relationship: str
    target: str
    source_type: EntityType = "user"
    target_type: EntityType = "person"
    ended: bool = False


def sound_triples(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    """Those whose words are short and printable and whose ends differ, once each."""
    kept = (
        triple
        for triple in triples
        if triple.source != triple.target
        and all(_is_name(w) for w in (triple.source, triple.relationship, triple.target))
    )
    return tuple(dict.fromkeys(kept))[:MOST_TRIPLES]


def _is_name(word: str) -> bool:
    return 0 < len(word) <= NAME_LENGTH and word.isprintable() and word == word.strip()
