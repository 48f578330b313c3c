"""Routes of the graph: people and things in a user's life."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from memory.api.dependencies import ForMemory, RequestScope
from memory.api.fields import USER_ID, Day, UserPath
from memory.api.json_route import JsonRoute
from memory.api.responses.envelope import Answer
from memory.api.responses.graph import GraphData
from memory.memories.graph.formats import GRAPH_FORMATS
from memory.memories.graph.graph import Graph

router = APIRouter(prefix="/api/graph", tags=["memory"], route_class=JsonRoute)
_Persona = Annotated[
    str | None, Query(pattern=USER_ID, description="Of memories with this one only")
]
_On = Annotated[Day | None, Query(description="What held on this day; everything if left out")]


@router.get("/{user_id}", summary="People, pets, places and organisations in a user's life")
def graph(
    ask: ForMemory, user_id: UserPath, persona_id: _Persona = None, on: _On = None
) -> Answer[GraphData]:
    """With how they belong together, since when and until when, and the memories that say so."""
    user = ask.user(user_id)
    found = _graph(ask, user.id, persona_id, on)
    data = GraphData.of(found, user.id, user.name)
    return ask.answer("graph", data, count=len(data.nodes))


@router.get("/{user_id}/export", summary="The same as a file for graph programs")
def export(
    ask: ForMemory,
    user_id: UserPath,
    format: Literal["cypher", "graphml"] = "cypher",
    persona_id: _Persona = None,
    on: _On = None,
) -> Response:
    """Cypher for Neo4j and Memgraph; GraphML for Gephi, yEd and networkx."""
    user = ask.user(user_id)
    found = _graph(ask, user.id, persona_id, on)
    chosen = GRAPH_FORMATS[format]
    named = {"Content-Disposition": f'attachment; filename="graph.{format}"'}
    media_type = f"{chosen.media_type}; charset=utf-8"
    return Response(chosen.write(found, user.id), media_type=media_type, headers=named)


def _graph(ask: RequestScope, user_id: str, persona_id: str | None, on: Day | None) -> Graph:
    persona = None if persona_id is None else ask.persona(persona_id)
    ask.noting(user_id)
    return ask.running.relations.graph(user_id, persona, on.isoformat() if on else None)
