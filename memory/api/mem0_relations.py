"""Relations in mem0's answers: what the memories in them connect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memory.memories.graph.reading import triples_of
from memory.types import PERSONA_ENTITY, USER_ENTITY, Change, Memory, Triple


def relations_of(memories: Iterable[Memory]) -> list[dict[str, str]]:
    """Each connection of these memories once, as mem0's graph search says it.

    Its programs read the far end as ``destination`` (search) or as ``target`` (list).
    """
    found = {_told(memory, triple): None for memory in memories for triple in triples_of(memory)}
    return [
        {
            "source": source,
            "source_type": source_type,
            "relationship": relationship,
            "target": target,
            "destination": target,
            "target_type": target_type,
        }
        for source, source_type, relationship, target, target_type in found
    ]


def changed_relations(changes: Sequence[Change]) -> dict[str, list[list[dict[str, str]]]]:
    """What changes connected and took apart, as mem0's ``add`` with a graph says it."""
    added, deleted = [], []
    for change in changes:
        before = _all_told(change.before)
        after = _all_told(change.after)
        added += [[_short(one)] for one in after if one not in before]
        deleted += [[_short(one)] for one in before if one not in after]
    return {"added_entities": added, "deleted_entities": deleted}


def _all_told(memory: Memory | None) -> list[tuple[str, str, str, str, str]]:
    return [] if memory is None else [_told(memory, triple) for triple in triples_of(memory)]


def _told(memory: Memory, triple: Triple) -> tuple[str, str, str, str, str]:
    """A triple in words, with ids in the place of the user and the persona."""
    ids = {USER_ENTITY: memory.owner.user_id, PERSONA_ENTITY: memory.owner.persona_id}
    source = ids.get(triple.source, triple.source)
    return (source, triple.source_type, triple.relationship, triple.target, triple.target_type)


def _short(told: tuple[str, str, str, str, str]) -> dict[str, str]:
    return {"source": told[0], "relationship": told[2], "target": told[3]}
