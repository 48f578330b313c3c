"""mem0's project: its settings, its members, and its webhooks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response

from memory.api.dependencies import ForMemory, RequestScope
from memory.api.extraction_settings import Mem0Wishes, categories_to_mem0
from memory.api.fields import USER_ID
from memory.api.json_route import JsonRoute
from memory.api.mem0_requests import Mem0MemberRequest, Mem0WebhookRequest
from memory.api.mem0_routes import PROJECT
from memory.errors import BadInput, NotFound
from memory.memories.webhook_delivery import EVENT_TYPES
from memory.system.outbound import checked_address
from memory.types import Webhook
from memory.types.conversation import NAME_LENGTH

router = APIRouter(tags=["mem0"], route_class=JsonRoute)

_PATH = "/api/v1/orgs/organizations/{org_id}/projects"
Name = Annotated[str, Path(max_length=100)]
HookPath = Annotated[int, Path(ge=1, le=2**31)]
MemberQuery = Annotated[str, Query(pattern=USER_ID)]
_OLD_EVENTS = {
    "memory.created": "memory_add",
    "memory.updated": "memory_update",
    "memory.deleted": "memory_delete",
}
_ROLES: dict[str, Literal["person", "designer"]] = {"READER": "person", "OWNER": "designer"}


@router.get(f"{_PATH}/{{project_id}}/", summary="The project's settings")
def project(
    ask: ForMemory,
    org_id: Name,
    project_id: Name,
    fields: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> Response:
    """What `fields` names, or everything. There is one organisation and one project."""
    _one(org_id, project_id)
    found = settings_out(ask)
    return JSONResponse({n: v for n, v in found.items() if fields is None or n in fields})


@router.patch(f"{_PATH}/{{project_id}}/", summary="Change the project's settings")
def update_project(ask: ForMemory, org_id: Name, project_id: Name, request: Mem0Wishes) -> Response:
    """Custom instructions and categories, for everybody. What isn't named stays."""
    _one(org_id, project_id)
    ask.require_designer()
    settings = ask.running.db.extraction_settings
    settings.set(request.over(settings.of()))
    return project(ask, org_id, project_id)


@router.post(f"{_PATH}/", summary="Make another project")
def create_project(ask: ForMemory, org_id: Name) -> Response:
    """There is one, and no more: it is refused."""
    raise BadInput(code="one_project")


@router.delete(f"{_PATH}/{{project_id}}/", summary="Delete the project")
def delete_project(ask: ForMemory, org_id: Name, project_id: Name) -> Response:
    """It is refused: users are erased one by one, `DELETE /api/users/{user_id}`."""
    _one(org_id, project_id)
    raise BadInput(code="one_project")


@router.get(f"{_PATH}/{{project_id}}/members/", summary="Who may do what")
def members(ask: ForMemory, org_id: Name, project_id: Name) -> Response:
    """Designers are owners: they see everybody's memories."""
    _one(org_id, project_id)
    ask.require_designer()
    found = people(ask)
    return JSONResponse({"members": found, "count": len(found)})


@router.post(f"{_PATH}/{{project_id}}/members/", summary="Add somebody")
def add_member(
    ask: ForMemory, org_id: Name, project_id: Name, request: Mem0MemberRequest
) -> Response:
    """A user of that id, made if there is none, with a role."""
    return _give_role(ask, org_id, project_id, request, make=True)


@router.put(f"{_PATH}/{{project_id}}/members/", summary="Change somebody's role")
def update_member(
    ask: ForMemory, org_id: Name, project_id: Name, request: Mem0MemberRequest
) -> Response:
    """Of a user whom there is."""
    return _give_role(ask, org_id, project_id, request, make=False)


@router.delete(f"{_PATH}/{{project_id}}/members/", summary="Take somebody's role away")
def remove_member(ask: ForMemory, org_id: Name, project_id: Name, email: MemberQuery) -> Response:
    """Their memories stay theirs; they see nobody else's any more."""
    request = Mem0MemberRequest(email=email)
    return _give_role(ask, org_id, project_id, request, make=False)


@router.get("/api/v1/webhooks/projects/{project_id}/", summary="The addresses that are told")
def webhooks(ask: ForMemory, project_id: Name) -> Response:
    """With what went wrong last, and when it is tried again."""
    _one(PROJECT, project_id)
    ask.require_designer()
    return JSONResponse([_webhook_out(webhook) for webhook in ask.running.db.webhooks.all()])


@router.post("/api/v1/webhooks/projects/{project_id}/", summary="Tell an address of changes")
def create_webhook(ask: ForMemory, project_id: Name, request: Mem0WebhookRequest) -> Response:
    """Its `secret` is shown this once: it signs what is sent (Standard Webhooks)."""
    _one(PROJECT, project_id)
    ask.require_designer()
    if request.url is None:
        raise BadInput(code="outbound_address")
    made = ask.running.db.webhooks.add(
        request.name or "webhook",
        str(checked_address(request.url)),
        _event_types(request.event_types or list(EVENT_TYPES)),
    )
    return JSONResponse({**_webhook_out(made), "secret": made.secret})


@router.put("/api/v1/webhooks/{webhook_id}/", summary="Change such an address")
def update_webhook(ask: ForMemory, webhook_id: HookPath, request: Mem0WebhookRequest) -> Response:
    """What isn't named stays; what it couldn't be told is tried again at once."""
    ask.require_designer()
    given: dict[str, Any] = {}
    if request.name is not None:
        given["name"] = request.name
    if request.url is not None:
        given["url"] = str(checked_address(request.url))
    if request.event_types is not None:
        given["event_types"] = _event_types(request.event_types)
    changed = ask.running.db.webhooks.update(webhook_id, **given)
    return JSONResponse({"message": "Webhook updated successfully", **_webhook_out(changed)})


@router.delete("/api/v1/webhooks/{webhook_id}/", summary="Tell an address nothing more")
def delete_webhook(ask: ForMemory, webhook_id: HookPath) -> Response:
    """What it wasn't told yet it won't hear."""
    ask.require_designer()
    ask.running.db.webhooks.delete(webhook_id)
    return JSONResponse({"message": "Webhook deleted successfully"})


def settings_out(ask: RequestScope) -> dict[str, Any]:
    """The project and its settings."""
    settings = ask.running.db.extraction_settings.of()
    return {
        "id": PROJECT,
        "project_id": PROJECT,
        "org_id": PROJECT,
        "name": PROJECT,
        "description": "",
        "custom_instructions": settings.custom_instructions or None,
        "agent_custom_instructions": settings.agent_custom_instructions or None,
        "custom_categories": categories_to_mem0(settings.categories),
    }


def people(ask: RequestScope) -> list[dict[str, str]]:
    """The members whom the caller may see, with their roles."""
    names = {role: name for name, role in _ROLES.items()}
    return [
        {"email": user.id, "username": user.name, "role": names[user.role]}
        for user in ask.running.db.users.all()
        if ask.may_see(user.id)
    ]


def _one(org_id: str, project_id: str) -> None:
    """Refuse the name of a project that there isn't.

    Raises:
        NotFound: ``project_not_found``.
    """
    if (org_id, project_id) != (PROJECT, PROJECT):
        raise NotFound(code="project_not_found")


def _give_role(
    ask: RequestScope, org_id: str, project_id: str, request: Mem0MemberRequest, *, make: bool
) -> Response:
    _one(org_id, project_id)
    ask.require_designer()
    db = ask.running.db
    try:
        ask.user(request.email)
    except NotFound:
        if not make:
            raise
        db.users.create(request.email[:NAME_LENGTH], id=request.email, tenant_id=ask.tenant)
    ask.noting(request.email)
    db.logins.set_role(request.email, _ROLES[request.role])
    return JSONResponse({"message": "ok", "email": request.email, "role": request.role})


def _event_types(given: list[str]) -> list[str]:
    """Event types as they are stored; ``memory:add`` and ``memory.created`` are older names.

    Raises:
        BadInput: ``webhook_events``.
    """
    types = [_OLD_EVENTS.get(each, each.replace(":", "_")) for each in given]
    # Nothing is filed after it was stored, so nobody ever waits for this one.
    known = [each for each in dict.fromkeys(types) if each != "memory_categorize"]
    if not known or not set(known) <= set(EVENT_TYPES):
        raise BadInput(code="webhook_events", allowed=", ".join(EVENT_TYPES))
    return known


def _webhook_out(webhook: Webhook) -> dict[str, Any]:
    return {
        "webhook_id": webhook.id,
        "id": webhook.id,
        "name": webhook.name,
        "owner": PROJECT,
        "url": webhook.url,
        "event_types": list(webhook.event_types),
        "is_active": True,
        "project": PROJECT,
        "created_at": webhook.created_at.isoformat(),
        "updated_at": webhook.updated_at.isoformat(),
        "failures": webhook.failures,
        "last_error": webhook.last_error,
        "next_try_at": webhook.next_at and webhook.next_at.isoformat(),
    }


__all__ = ["router"]
