"""mem0's overviews: events, figures, single entities, and the one organisation."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from memory.api import mem0_memories as mem0
from memory.api.dependencies import ForMemory, RequestScope
from memory.api.fields import UserPath
from memory.api.json_route import JsonRoute
from memory.api.mem0_adding import events as events_of
from memory.api.mem0_pages import PageQuery, SizeQuery, paged
from memory.api.mem0_project_routes import Name, people, settings_out
from memory.api.mem0_requests import Mem0ListRequest
from memory.api.mem0_routes import PROJECT
from memory.api.mem0_scope import reach_in_db
from memory.errors import NotFound

router = APIRouter(tags=["mem0"], route_class=JsonRoute)
_ORGS = "/api/v1/orgs/organizations"
EntityType = Literal["user", "agent", "app", "run"]


@router.get("/v1/events/", summary="What became of everything that was added")
def events(
    ask: ForMemory, http: Request, page: PageQuery = None, page_size: SizeQuery = None
) -> Response:
    """Conversations that were, or are to be, learnt from; newest first."""
    number, size = page or 1, page_size or 50
    found, count = events_of(ask, number, size)
    return JSONResponse(paged(http, found, count, number, size))


@router.get("/v1/stats/", summary="The memories in figures")
def stats(ask: ForMemory) -> Response:
    """Of everybody whom you may see. Reading isn't counted."""
    found = mem0.entities(ask)
    kinds = {kind: [one for one in found if one["type"] == kind] for kind in mem0.TYPES}
    request = Mem0ListRequest(filters={"user_id": "*"})
    _, total = mem0.matching(ask, request, 1, 1)
    _, added = ask.running.db.overviews.batches(reach_in_db(ask), 0, 0)
    figures = {"total_memories": total, "total_add_events": added}
    for kind, entities in kinds.items():
        held = sum(one["total_memories"] for one in entities)
        figures[f"total_{kind}s_with_memories"] = len(entities)
        figures[f"memories_per_{kind}"] = round(held / len(entities)) if entities else 0
    return JSONResponse(figures)


@router.get("/v2/entities/{type}/{entity_id}/", summary="One user, agent, app or run")
def entity(ask: ForMemory, type: EntityType, entity_id: UserPath) -> Response:
    """With how many memories in force it has."""
    for one in mem0.entities(ask):
        if (one["type"], one["id"]) == (type, entity_id):
            return JSONResponse(one)
    raise NotFound(code="entity_not_found")


@router.get("/v1/memories/{type}/{entity_id}/", summary="An entity's memories, page by page")
def of_entity(
    ask: ForMemory,
    http: Request,
    type: EntityType,
    entity_id: UserPath,
    page: PageQuery = None,
    page_size: SizeQuery = None,
) -> Response:
    """Newest first."""
    number, size = page or 1, page_size or 100
    request = Mem0ListRequest(filters={mem0.TYPES[type]: entity_id})
    found, count = mem0.listed(ask, request, number, size)
    return JSONResponse(paged(http, found, count, number, size))


@router.get(f"{_ORGS}/", summary="The organisations")
def organisations(ask: ForMemory) -> Response:
    """There is one."""
    return JSONResponse([_organisation(ask)])


@router.get(f"{_ORGS}/{{org_id}}/", summary="The organisation")
def organisation(ask: ForMemory, org_id: Name) -> Response:
    """Its members are the project's."""
    _one(org_id)
    return JSONResponse(_organisation(ask))


@router.get(f"{_ORGS}/{{org_id}}/members/", summary="Who is in the organisation")
def organisation_members(ask: ForMemory, org_id: Name) -> Response:
    """The project's members."""
    _one(org_id)
    ask.require_designer()
    found = people(ask)
    return JSONResponse({"members": found, "count": len(found)})


@router.get(f"{_ORGS}/{{org_id}}/projects/", summary="The organisation's projects")
def projects(ask: ForMemory, org_id: Name) -> Response:
    """There is one."""
    _one(org_id)
    return JSONResponse([settings_out(ask)])


def _organisation(ask: RequestScope) -> dict[str, Any]:
    return {
        "org_id": PROJECT,
        "name": PROJECT,
        "members": people(ask) if ask.is_designer else [],
        "is_default": True,
        "user_role": "OWNER" if ask.is_designer else "READER",
    }


def _one(org_id: str) -> None:
    if org_id != PROJECT:
        raise NotFound(code="project_not_found")


__all__ = ["router"]
