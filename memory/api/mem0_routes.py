"""mem0's platform API, so that its clients work with ``host=`` pointing here."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from memory.api import mem0_memories as mem0
from memory.api.dependencies import ForMemory, RequestScope
from memory.api.fields import USER_ID, MemoryPath
from memory.api.json_route import JsonRoute
from memory.api.mem0_adding import add as add_memories
from memory.api.mem0_answers import memory_out
from memory.api.mem0_pages import PageQuery, SizeQuery, paged
from memory.api.mem0_requests import (
    Mem0AddRequest,
    Mem0BatchRequest,
    Mem0FeedbackRequest,
    Mem0ListRequest,
    Mem0SearchRequest,
    Mem0UpdateRequest,
)
from memory.api.version import VERSION

router = APIRouter(tags=["mem0"], route_class=JsonRoute)

PROJECT = "niannian"
EntityQuery = Annotated[str | None, Query(pattern=rf"{USER_ID}|^\*$")]
DayQuery = Annotated[str | None, Query(max_length=40)]


@router.get("/v1/ping/", summary="Whether the server is there; what a client asks first")
def ping(ask: ForMemory) -> Response:
    """There is one organisation and one project."""
    email = ask.token.user_id if ask.token else None
    return JSONResponse(
        {
            "status": "ok",
            "org_id": PROJECT,
            "project_id": PROJECT,
            "user_email": email,
            "version": VERSION,
        }
    )


@router.post("/v3/memories/add/", summary="Add memories, or learn from a conversation")
@router.post("/v1/memories/", summary="Add memories (clients before 2.0)")
def add(ask: ForMemory, request: Mem0AddRequest) -> Response:
    """With `infer: false` the messages are kept word for word. A conversation is learnt from
    at once, its last message included; `status: PENDING` says that it takes longer."""
    return JSONResponse(add_memories(ask, request))


@router.post("/v3/memories/search/", summary="Search")
def search(ask: ForMemory, request: Mem0SearchRequest) -> Response:
    """Best first; what scores less than `threshold` (0.1 if left out) isn't there. `relations`:
    what these connect."""
    return JSONResponse(mem0.search(ask, request))


@router.post("/v1/memories/search/", summary="Search (clients before 2.0)")
@router.post("/v2/memories/search/", summary="Search (clients before 2.0)")
def search_before(ask: ForMemory, request: Mem0SearchRequest) -> Response:
    """The bare list, or an object with `results` and `relations` for the output format v1.1 or
    `enable_graph`."""
    found = mem0.search(ask, request)
    whole = request.output_format == "v1.1" or request.enable_graph
    return JSONResponse(found if whole else found["results"])


@router.post("/v3/memories/", summary="List, page by page")
def listed(
    ask: ForMemory,
    http: Request,
    request: Mem0ListRequest,
    page: PageQuery = None,
    page_size: SizeQuery = None,
) -> Response:
    """Newest first; `count` is how many there are in all."""
    return _listed(ask, http, request, page, page_size)


@router.post("/v2/memories/", summary="List (clients before 2.0)")
def listed_before(
    ask: ForMemory,
    http: Request,
    request: Mem0ListRequest,
    page: PageQuery = None,
    page_size: SizeQuery = None,
) -> Response:
    """The bare list, or a page if one is asked for. Without a filter: all that you may see."""
    number, size = page or request.page, page_size or request.page_size
    if not request.filters and not request.named():
        request = request.model_copy(update={"filters": {"user_id": "*"}})
    if number is None and size is None:
        return JSONResponse(mem0.listed(ask, request, None, None)[0])
    return _listed(ask, http, request, number, size)


@router.get("/v1/memories/", summary="List (clients before 2.0)")
def listed_first(
    ask: ForMemory,
    http: Request,
    user_id: EntityQuery = None,
    agent_id: EntityQuery = None,
    app_id: EntityQuery = None,
    run_id: EntityQuery = None,
    page: PageQuery = None,
    page_size: SizeQuery = None,
    limit: SizeQuery = None,
    top_k: SizeQuery = None,
    keywords: Annotated[str | None, Query(max_length=200, description="Part of the text")] = None,
    start_date: DayQuery = None,
    end_date: DayQuery = None,
    categories: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
) -> Response:
    """The bare list (at most `limit`), or a page if one is asked for. Without an id: all that
    you may see."""
    request = Mem0ListRequest(
        filters=_named(user_id, agent_id, app_id, run_id) or {"user_id": "*"},
        keywords=keywords,
        start_date=start_date,
        end_date=end_date,
        categories=categories,
    )
    if page is None and page_size is None:
        most = limit or top_k
        return JSONResponse(mem0.listed(ask, request, None, most)[0])
    return _listed(ask, http, request, page, page_size)


@router.delete("/v1/memories/", summary="Delete all memories of a user, agent, app or run")
def delete_all(
    ask: ForMemory,
    user_id: EntityQuery = None,
    agent_id: EntityQuery = None,
    app_id: EntityQuery = None,
    run_id: EntityQuery = None,
) -> Response:
    """`*` stands for any. It can be undone on the page of what changed."""
    count = mem0.delete_entities(ask, _named(user_id, agent_id, app_id, run_id))
    return JSONResponse({"message": "Memories deleted successfully!", "deleted": count})


@router.get("/v1/memories/events/", summary="Every change of all memories")
def changes(
    ask: ForMemory, http: Request, page: PageQuery = None, limit: SizeQuery = None
) -> Response:
    """Newest first, of everybody whom you may see."""
    number, size = page or 1, limit or 100
    found, count = mem0.changes(ask, number, size)
    return JSONResponse(paged(http, found, count, number, size, size_name="limit"))


@router.get("/v1/memories/{memory_id}/", summary="One memory")
def one(ask: ForMemory, memory_id: MemoryPath) -> Response:
    """By its id, whatever its status."""
    return JSONResponse(memory_out(mem0.one(ask, memory_id)))


@router.put("/v1/memories/{memory_id}/", summary="Change a memory")
def update(ask: ForMemory, memory_id: MemoryPath, request: Mem0UpdateRequest) -> Response:
    """Its words, metadata (as a whole) or last day; an immutable one keeps its words."""
    return JSONResponse(mem0.update(ask, memory_id, request))


@router.delete("/v1/memories/{memory_id}/", summary="Delete a memory")
def delete(ask: ForMemory, memory_id: MemoryPath, delete_linked: bool = False) -> Response:
    """With `delete_linked` those too that it took the place of."""
    ids = mem0.delete_linked(ask, memory_id) if delete_linked else [memory_id]
    mem0.delete(ask, ids)
    said = {"message": "Memory deleted successfully!", "deleted": ids}
    return JSONResponse({**said, "cascade_count": len(ids) - 1})


@router.get("/v1/memories/{memory_id}/history/", summary="Every change of a memory")
def history(ask: ForMemory, memory_id: MemoryPath) -> Response:
    """Oldest first; deleted ones too."""
    return JSONResponse(mem0.history(ask, memory_id))


@router.get("/v1/entities/", summary="Users, agents, apps and runs")
def entities(ask: ForMemory) -> Response:
    """Those that have memories."""
    found = mem0.entities(ask)
    kinds = Counter(one["type"] for one in found)
    totals = {f"total_{kind}s": kinds[kind] for kind in mem0.TYPES}
    page = {"count": len(found), "next": None, "previous": None, "results": found}
    return JSONResponse({**page, **totals})


@router.delete("/v1/entities/{type}/{name:path}/", summary="Delete an entity's memories")
@router.delete("/v2/entities/{type}/{name:path}/", summary="Delete an entity's memories")
def delete_entity(ask: ForMemory, type: str, name: str) -> Response:
    """A user's profile and a persona stay; to erase for good: `DELETE /api/users/{user_id}`."""
    mem0.delete_entity(ask, type, name)
    return JSONResponse({"message": "Entity deleted successfully!"})


@router.put("/v1/batch/", summary="Change several memories")
def batch_update(ask: ForMemory, request: Mem0BatchRequest) -> Response:
    """One group, all or none."""
    count = mem0.update_many(ask, request.memories)
    return JSONResponse({"message": f"Successfully updated {count} memories"})


@router.delete("/v1/batch/", summary="Delete several memories")
def batch_delete(ask: ForMemory, request: Mem0BatchRequest) -> Response:
    """One group, all or none."""
    count = mem0.delete(ask, [item.memory_id for item in request.memories])
    return JSONResponse({"message": f"Successfully deleted {count} memories"})


@router.post("/v1/feedback/", summary="Say what a memory is worth")
def feedback(ask: ForMemory, request: Mem0FeedbackRequest) -> Response:
    """`POSITIVE`, `NEGATIVE` or `VERY_NEGATIVE`; the latest word counts."""
    mem0.feedback(ask, request.memory_id, request.feedback, request.feedback_reason)
    return JSONResponse(
        {
            "id": request.memory_id,
            "memory_id": request.memory_id,
            "feedback": request.feedback,
            "feedback_reason": request.feedback_reason,
        }
    )


def _named(
    user_id: str | None, agent_id: str | None, app_id: str | None, run_id: str | None
) -> dict[str, Any]:
    given = {"user_id": user_id, "agent_id": agent_id, "app_id": app_id, "run_id": run_id}
    return {name: value for name, value in given.items() if value is not None}


def _listed(
    ask: RequestScope,
    http: Request,
    request: Mem0ListRequest,
    page: int | None,
    page_size: int | None,
) -> Response:
    number, size = page or 1, page_size or 100
    found, count = mem0.listed(ask, request, number, size)
    return JSONResponse(paged(http, found, count, number, size))
