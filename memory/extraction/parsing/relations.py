"""Relation coercion: connections as models write them, to triples.

The contract asks for ``"from | relation | to | type"``; objects with mem0's field names and
bare lists are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from memory.types import (
    PERSONA_ENTITY,
    SHARED_RELATIONS,
    USER_ENTITY,
    EntityType,
    Triple,
    sound_triples,
)

KEYS = ("relations", "relationships", "links", "关系")
ENDED = re.compile(r"^(?:ended|over|past|former|结束|已结束|从前)$", re.IGNORECASE)

_PARTS = re.compile("[|｜]")
_TYPES: dict[str, EntityType] = {
    "person": "person", "人": "person", "人物": "person",
    "pet": "pet", "animal": "pet", "宠物": "pet", "动物": "pet",
    "place": "place", "location": "place", "city": "place", "地点": "place", "地方": "place",
    "organisation": "organisation", "organization": "organisation", "company": "organisation",
    "school": "organisation", "机构": "organisation", "组织": "organisation",
    "公司": "organisation", "学校": "organisation",
}  # fmt: skip
_USER = frozenset({"user", "the user", "me", "i", "用户", "我"})
_PERSONA = frozenset({"ai", "the ai", "assistant", "助手", "角色"})
_MOST_READ = 20


def relations_of(item: dict[str, Any]) -> tuple[Triple, ...]:
    """The triples of one item; what can't be read is left out."""
    given = next((item[key] for key in KEYS if key in item), None)
    if isinstance(given, str):
        given = given.splitlines()
    if not isinstance(given, list):
        return ()
    read = (_triple(list(_parts(one))) for one in given[:_MOST_READ])
    return sound_triples(triple for triple in read if triple is not None)


def _parts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from map(str.strip, _PARTS.split(value.strip(" |｜")))
    elif isinstance(value, list):
        yield from (part.strip() for part in value if isinstance(part, str))
    elif isinstance(value, dict):
        names = (
            ("source", "from", "subject"),
            ("relationship", "relation", "predicate"),
            ("target", "destination", "to", "object"),
            ("target_type", "destination_type", "type"),
        )
        for keys in names:
            found = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
            yield found.strip()


def _triple(parts: list[str]) -> Triple | None:
    if len(parts) < 3:
        return None
    (source, source_type), relationship, (target, _) = _end(parts[0]), parts[1], _end(parts[2])
    marks = parts[3:]
    said = next((_TYPES[mark.lower()] for mark in marks if mark.lower() in _TYPES), None)
    if relationship.isascii():
        relationship = relationship.lower().replace(" ", "_")
    if target in (USER_ENTITY, PERSONA_ENTITY):
        return None  # the graph starts from these two
    return Triple(
        source,
        relationship,
        target,
        source_type,
        said or SHARED_RELATIONS.get(relationship, "person"),
        ended=any(ENDED.match(mark) for mark in marks),
    )


def _end(name: str) -> tuple[str, EntityType]:
    lowered = name.lower()
    if lowered in _USER:
        return USER_ENTITY, "user"
    if lowered in _PERSONA:
        return PERSONA_ENTITY, "persona"
    return name, "person"
