"""Graph export: Cypher for Neo4j and Memgraph, GraphML for Gephi, yEd and networkx."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from memory.memories.graph.graph import Graph, GraphLink, GraphNode

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS = ("name", "type", "memories")
_LINK_KEYS = ("relationship", "since", "until", "memories")


def to_cypher(graph: Graph, user_id: str) -> str:
    """Statements that make (or renew) a user's graph; running them twice changes nothing."""
    return "\n".join(_statements(graph, user_id)) + "\n"


@dataclass(frozen=True, slots=True)
class GraphFormat:
    """A kind of file: its media type, and what writes a user's graph in it."""

    media_type: str
    write: Callable[[Graph, str], str]


def _statements(graph: Graph, user_id: str) -> Iterator[str]:
    whose = _text(user_id)
    for node in graph.nodes:
        yield (
            f"MERGE (n:{node.type.capitalize()} {{id: {_text(node.id)}, user_id: {whose}}}) "
            f"SET n.name = {_text(node.name or user_id)}, n.memories = {_texts(node)};"
        )
    types = {node.id: node.type.capitalize() for node in graph.nodes}
    for link in graph.links:
        ends = (
            f"({end}:{types[id]} {{id: {_text(id)}, user_id: {whose}}})"
            for end, id in (("a", link.source), ("b", link.target))
        )
        until = "null" if link.until is None else _text(link.until)
        yield (
            f"MATCH {', '.join(ends)} MERGE (a)-[r:`{relationship_type(link.relationship)}`]->(b) "
            f"SET r.since = {_text(link.since)}, r.until = {until}, r.memories = {_texts(link)};"
        )


def to_graphml(graph: Graph, user_id: str) -> str:
    """A GraphML document."""
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}graphml")
    for owner, keys in (("node", _NODE_KEYS), ("edge", _LINK_KEYS)):
        for key in keys:
            ElementTree.SubElement(
                root,
                f"{{{_NAMESPACE}}}key",
                {"id": f"{owner}_{key}", "for": owner, "attr.name": key, "attr.type": "string"},
            )
    body = ElementTree.SubElement(
        root, f"{{{_NAMESPACE}}}graph", {"id": user_id, "edgedefault": "directed"}
    )
    for node in graph.nodes:
        made = ElementTree.SubElement(body, f"{{{_NAMESPACE}}}node", {"id": node.id})
        _data(made, "node", {**_told(node), "name": node.name or user_id, "type": node.type})
    for link in graph.links:
        made = ElementTree.SubElement(
            body, f"{{{_NAMESPACE}}}edge", {"source": link.source, "target": link.target}
        )
        told = {"relationship": link.relationship, "since": link.since, "until": link.until or ""}
        _data(made, "edge", {**_told(link), **told})
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _data(parent: ElementTree.Element, owner: str, values: dict[str, str]) -> None:
    for key, value in values.items():
        if value:
            made = ElementTree.SubElement(
                parent, f"{{{_NAMESPACE}}}data", {"key": f"{owner}_{key}"}
            )
            made.text = value


def _told(of: GraphNode | GraphLink) -> dict[str, str]:
    return {"memories": " ".join(of.memory_ids)}


def _texts(of: GraphNode | GraphLink) -> str:
    return "[" + ", ".join(map(_text, of.memory_ids)) + "]"


def _text(value: str) -> str:
    # Older servers read \uXXXX even behind a second backslash.
    return json.dumps(value.replace("\\", "/"), ensure_ascii=False)


def relationship_type(relationship: str) -> str:
    """A relationship as the type of one in Neo4j, to be put between backticks."""
    return re.sub(r"\W", "_", relationship).upper()


GRAPH_FORMATS: Mapping[str, GraphFormat] = {
    "cypher": GraphFormat("text/plain", to_cypher),
    "graphml": GraphFormat("application/xml", to_graphml),
}
"""By the ending of the file."""
