"""Graph assembly: the connections of single memories become people, things and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from memory.db.relations import GraphEdge
from memory.types import PERSONA_ENTITY, USER_ENTITY, EntityType, Triple

_RANK: Mapping[EntityType, int] = {"person": 0, "place": 1, "organisation": 2, "pet": 3}
"""Where two memories differ on what a name is, the more telling word counts."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """The user, a persona, or somebody or something in their life.

    ``name`` is empty for the user; a persona's is its id.
    """

    id: str
    name: str
    type: EntityType
    memory_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphLink:
    """How two nodes are connected; ``since`` and ``until`` are dates as in event dates."""

    source: str
    target: str
    relationship: str
    since: str
    until: str | None
    memory_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Who and what there is in somebody's life; nodes with the most memories first."""

    nodes: tuple[GraphNode, ...]
    links: tuple[GraphLink, ...]


def assemble(edges: Sequence[GraphEdge], on: str | None = None) -> Graph:
    """The graph of one user.

    A relation and a name that were once said together ("cousin Wren") are one person,
    whichever of the two a memory uses. A memory that tells of an end closes what was before.

    Args:
        edges: The connections of all memories.
        on: A day (``YYYY-MM-DD``): only what held then.
    """
    # By the days they tell of: an edited memory is stored last, whatever it speaks of.
    in_order = sorted(edges, key=lambda edge: (edge.since, edge.triple.ended))
    known = _one_name_each(in_order)
    types = _types(known)
    links = [link for link in _links(known, types) if on is None or holds(link, on)]
    touched: dict[str, dict[str, None]] = defaultdict(dict)
    for link in links:
        for id in (link.source, link.target):
            touched[id].update(dict.fromkeys(link.memory_ids))
    names = _names(known, types)
    nodes = (GraphNode(id, *names[id], tuple(ids)) for id, ids in touched.items())
    ranked = sorted(nodes, key=lambda node: (node.type != "user", -len(node.memory_ids), node.id))
    return Graph(tuple(ranked), tuple(links))


def holds(link: GraphLink, day: str) -> bool:
    """Whether a link held on a day (``YYYY-MM-DD``); dates may lack day and month."""
    ended = link.until is not None and f"{link.until}-99-99"[:10] <= day
    return link.since <= day and not ended


def _one_name_each(edges: Sequence[GraphEdge]) -> list[GraphEdge]:
    """The edges, with the name in place of the kin word where it is known of whom it speaks."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edge in edges:
        triple = edge.triple
        if triple.target != triple.relationship:
            named[triple.source, triple.relationship].add(triple.target)
    kin: dict[str, set[str]] = defaultdict(set)
    for (_, relationship), names in named.items():
        kin[relationship] |= names

    def told(word: str) -> str:
        names = kin.get(word, set())
        return next(iter(names)) if len(names) == 1 else word

    return [
        replace(edge, triple=replace(t, source=told(t.source), target=told(t.target)))
        for edge in edges
        if (t := edge.triple)
    ]


def _types(edges: Iterable[GraphEdge]) -> dict[str, EntityType]:
    found: dict[str, EntityType] = {}
    for edge in edges:
        for name, type in (
            (edge.triple.source, edge.triple.source_type),
            (edge.triple.target, edge.triple.target_type),
        ):
            known = found.get(_key(name))
            if known is None or _RANK.get(type, 0) > _RANK.get(known, 0):
                found[_key(name)] = type
    return found


def _links(edges: Sequence[GraphEdge], types: Mapping[str, EntityType]) -> list[GraphLink]:
    merged: dict[tuple[str, str, str], GraphLink] = {}
    for edge in edges:
        triple = edge.triple
        source, target = _id(triple.source, edge, types), _id(triple.target, edge, types)
        key = (source, triple.relationship.casefold(), target)
        until = edge.since if triple.ended else edge.until
        new = GraphLink(
            *(source, target, triple.relationship), edge.since, until, (edge.memory_id,)
        )
        merged[key] = _joined(merged.get(key), new, triple)
    return list(merged.values())


def _joined(old: GraphLink | None, new: GraphLink, triple: Triple) -> GraphLink:
    if old is None:
        return new
    if triple.ended or old.until is None or new.until is None:
        until = new.until if triple.ended else None
    else:
        until = max(old.until, new.until)
    return replace(
        old,
        since=min(old.since, new.since),
        until=until,
        memory_ids=tuple(dict.fromkeys((*old.memory_ids, *new.memory_ids))),
    )


def _names(
    edges: Iterable[GraphEdge], types: Mapping[str, EntityType]
) -> dict[str, tuple[str, EntityType]]:
    found: dict[str, tuple[str, EntityType]] = {}
    for edge in edges:
        for name in (edge.triple.source, edge.triple.target):
            shown = {USER_ENTITY: "", PERSONA_ENTITY: edge.owner.persona_id}.get(name, name)
            found.setdefault(_id(name, edge, types), (shown, types[_key(name)]))
    return found


def _id(name: str, edge: GraphEdge, types: Mapping[str, EntityType]) -> str:
    if name == USER_ENTITY:
        return USER_ENTITY
    if name == PERSONA_ENTITY:
        return f"persona:{edge.owner.persona_id}"
    return f"{types[_key(name)]}:{_key(name)}"


def _key(name: str) -> str:
    return name.casefold()
