"""Response models of the graph: people and things in somebody's life, and their connections."""

from __future__ import annotations

from pydantic import BaseModel, Field

from memory.memories.graph.graph import Graph
from memory.types import EntityType


class NodeOut(BaseModel):
    """The user, a persona, or somebody or something in their life."""

    id: str
    name: str = Field(examples=["小葵"])
    type: EntityType
    memory_ids: list[str]


class LinkOut(BaseModel):
    """How two nodes belong together."""

    source: str = Field(description="A node's id")
    target: str = Field(description="A node's id")
    relationship: str = Field(examples=["表妹"])
    since: str = Field(description="YYYY, YYYY-MM or YYYY-MM-DD")
    until: str | None = Field(description="null while it holds")
    memory_ids: list[str]


class GraphData(BaseModel):
    """People, pets, places and organisations; those with the most memories first."""

    user_id: str
    nodes: list[NodeOut]
    links: list[LinkOut]

    @classmethod
    def of(cls, graph: Graph, user_id: str, user_name: str) -> GraphData:
        """A graph as the API says it."""
        nodes = [
            NodeOut(
                id=node.id,
                name=node.name or user_name,
                type=node.type,
                memory_ids=list(node.memory_ids),
            )
            for node in graph.nodes
        ]
        links = [
            LinkOut(
                source=link.source,
                target=link.target,
                relationship=link.relationship,
                since=link.since,
                until=link.until,
                memory_ids=list(link.memory_ids),
            )
            for link in graph.links
        ]
        return cls(user_id=user_id, nodes=nodes, links=links)
