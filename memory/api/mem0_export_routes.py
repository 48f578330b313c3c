"""mem0's exports, summaries, profiles and events."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from memory.api.dependencies import ForMemory, RequestScope
from memory.api.fields import Id, UserPath
from memory.api.json_route import JsonRoute
from memory.api.mem0_adding import event as event_of
from memory.api.mem0_requests import (
    EntityIds,
    Mem0ExportRequest,
    Mem0SummaryRequest,
    ProfileJobRequest,
    ProfileSettingsRequest,
)
from memory.api.mem0_scope import asked_for, note_seen, reach_of, today_of
from memory.api.profile import profile_of
from memory.api.schema_filling import fill
from memory.errors import BadInput, NotFound
from memory.types import MemoryFilter

router = APIRouter(tags=["mem0"], route_class=JsonRoute)

PROFILE_SETTINGS = "profile_settings"
"""Key of the profile settings among the small values of the database."""

SCHEMA_CHARACTERS = 50_000
SUMMARY_MEMORIES = 12
_JOB = re.compile(r"(trigger|sample)-(\d{1,2})-[0-9a-f]{32}")


@router.post("/v1/exports/", summary="Export memories in a form of your own")
def create_export(ask: ForMemory, request: Mem0ExportRequest) -> Response:
    """It is filled when it is fetched, from the memories that there are then."""
    _, user_id = asked_for(ask, request, request.filters, expired=True)
    schema = _schema(request.schema_)
    body = {"schema": schema, "filters": {**request.filters, **request.named()}}
    id = ask.running.db.memory_exports.add(user_id, body)
    return JSONResponse({"message": "Memory export request received.", "id": id})


@router.post("/v1/exports/get/", summary="Fetch an export")
def fetch_export(ask: ForMemory, request: Mem0ExportRequest) -> Response:
    """By its id, or the newest for these entities. Each property of the schema is a question
    that the memories answer; what none of them answers is null."""
    exports = ask.running.db.memory_exports
    if request.memory_export_id:
        user_id, body = exports.get(request.memory_export_id)
    else:
        _, named = asked_for(ask, request, request.filters, expired=True)
        user_id, body = exports.last_of(named)
    reach = reach_of(ask, user_id)
    if user_id is not None and not ask.may_see(user_id):
        raise NotFound(code="export_not_found")
    which, _ = asked_for(ask, EntityIds(), body["filters"], expired=False)
    return JSONResponse(_filled(ask, reach, which, body["schema"]))


@router.post("/v1/summary/", summary="What the memories say in a few sentences")
def summary(ask: ForMemory, request: Mem0SummaryRequest) -> Response:
    """The most important ones in force; of one user, the summary of their profile."""
    which, user_id = asked_for(ask, request, request.filters, expired=False)
    memories = ask.running.store.reads.matching(reach_of(ask, user_id), which)
    note_seen(ask, memories)
    first = sorted(memories, key=lambda memory: (not memory.pinned, -memory.importance))
    texts = [memory.text.rstrip("。. ") for memory in first[:SUMMARY_MEMORIES]]
    joined = "\n".join(f"- {text}" for text in texts)
    return JSONResponse({"status": "completed", "summary": joined, "count": len(memories)})


@router.get("/v2/entities/user/{user_id}/profile/", summary="A user's profile")
def profile(ask: ForMemory, user_id: UserPath) -> Response:
    """With a schema (see the profile settings) in its form; else as our own profile says it.
    It is made of the memories that there are now, so it is never out of date."""
    owner = ask.owner(user_id)
    settings = _profile_settings(ask)
    schema = settings["entities"]["user"]["schema"]
    count = ask.running.store.reads.count(user_id, MemoryFilter())
    found: dict[str, Any] | None = None
    status = "succeeded" if count else "insufficient_data"
    if not settings["enabled"]:
        status = "not_enabled"
    elif count and schema:
        found = _filled(ask, user_id, MemoryFilter(), schema)
    elif count:
        said = profile_of(ask.running, owner, ask.language).model_dump(mode="json")
        found = {name: said[name] for name in ("summary", "key_interests", "people", "habits")}
    return JSONResponse(
        {
            "profile": found,
            "status": status,
            "entity_type": "user",
            "entity_id": user_id,
            "updated_at": ask.running.clock().isoformat(),
            "generation_count": int(found is not None),
        }
    )


@router.post("/v2/profiles/jobs/", summary="Make profiles now")
def profile_job(ask: ForMemory, request: ProfileJobRequest) -> Response:
    """A profile is made when it is read: the job is done at once."""
    if request.operation == "trigger":
        if not request.entity_id:
            raise BadInput(code="user_id_missing")
        ids = [ask.person(request.entity_id).id]
    else:
        visible = (user.id for user in ask.running.db.users.all() if ask.may_see(user.id))
        ids = list(visible)[: request.limit]
    job = f"{request.operation}-{len(ids)}-{uuid.uuid4().hex}"
    return JSONResponse(
        {
            "job_id": job,
            "status": "succeeded",
            "status_url": f"/v2/profiles/jobs/{job}/",
            "operation": request.operation,
            "entity_type": "user",
            "entity_count_reserved": len(ids),
            "event_id": job,
            "replayed": False,
            "sampled": len(ids),
            "entity_ids": ids,
        }
    )


@router.get("/v2/profiles/jobs/{job_id}/", summary="How far a profile job is")
def one_profile_job(ask: ForMemory, job_id: str) -> Response:
    """It is done."""
    known = _JOB.fullmatch(job_id)
    if known is None:
        raise NotFound(code="job_not_found")
    count = int(known[2])
    job = {
        "job_id": job_id,
        "status": "succeeded",
        "operation": known[1],
        "total": count,
        "completed": count,
        "succeeded": count,
        "failed": 0,
        "skipped": 0,
        "enumeration_complete": True,
    }
    return JSONResponse({"job": job})


@router.get("/v2/profiles/settings/", summary="What profiles look like")
def profile_settings(ask: ForMemory) -> Response:
    """Whether there are any, and the schema that they fill."""
    return JSONResponse(_profile_settings(ask))


@router.post("/v2/profiles/settings/", summary="Set what profiles look like")
@router.patch("/v2/profiles/settings/", summary="Set what profiles look like")
def set_profile_settings(ask: ForMemory, request: ProfileSettingsRequest) -> Response:
    """What isn't named stays; `null` clears it. With accounts this takes a designer's token."""
    ask.require_designer()
    settings = _profile_settings(ask)
    if request.enabled is not None:
        settings["enabled"] = request.enabled
    given = request.entities.get("user", {})
    if not isinstance(given, dict) or given.keys() - {"schema", "custom_instructions"}:
        raise BadInput(code="profile_settings")
    user = settings["entities"]["user"]
    if "schema" in given:
        user["schema"] = None if given["schema"] is None else _schema(given["schema"])
    if "custom_instructions" in given:
        said = given["custom_instructions"]
        if said is not None and not (isinstance(said, str) and len(said) <= SCHEMA_CHARACTERS):
            raise BadInput(code="profile_settings")
        user["custom_instructions"] = said
    ask.running.db.engine.set_meta(PROFILE_SETTINGS, json.dumps(settings, ensure_ascii=False))
    return JSONResponse(settings)


@router.get("/v1/event/{event_id}/", summary="What became of what was added")
def event(ask: ForMemory, event_id: Id) -> Response:
    """`PENDING`, `RUNNING`, `SUCCEEDED` or `FAILED`, and the memories that it made."""
    return JSONResponse(event_of(ask, event_id))


def _profile_settings(ask: RequestScope) -> dict[str, Any]:
    kept = ask.running.db.engine.get_meta(PROFILE_SETTINGS)
    if kept:
        settings: dict[str, Any] = json.loads(kept)
        return settings
    user = {"schema": None, "custom_instructions": None}
    return {"enabled": True, "capabilities": {"schema": True}, "entities": {"user": user}}


def _schema(given: Any) -> dict[str, Any]:
    """A schema of an object, given as JSON or as its text.

    Raises:
        BadInput: ``export_schema``.
    """
    try:
        schema = json.loads(given) if isinstance(given, str) else given
        size = len(json.dumps(schema, allow_nan=False))
    except (ValueError, RecursionError):
        raise BadInput(code="export_schema", limit=100) from None
    if not isinstance(schema, dict) or "properties" not in schema or size > SCHEMA_CHARACTERS:
        raise BadInput(code="export_schema", limit=100)
    fill(schema, lambda question, limit: [])
    return schema


def _filled(
    ask: RequestScope, reach: str | None, which: MemoryFilter, schema: Mapping[str, Any]
) -> dict[str, Any]:
    reads = ask.running.store.reads

    def search(question: str, limit: int) -> Any:
        hits = reads.search(
            reach,
            question,
            filter=which,
            limit=limit,
            today=today_of(ask),
            now=ask.running.clock(),
        )
        note_seen(ask, (hit.memory for hit in hits))
        return hits

    return fill(schema, search)


__all__ = ["router"]
