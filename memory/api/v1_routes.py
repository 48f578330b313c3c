"""Memory service routes under ``/api/v1``: few fields, and lists without an envelope."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from memory.api.change_responses import given_along
from memory.api.dependencies import ForMemory
from memory.api.fields import LimitQuery, Metadata, UserId, UserPath
from memory.api.ingest import learn
from memory.api.json_route import JsonRoute
from memory.api.profile import profile_of
from memory.api.reading_routes import context_for, found
from memory.api.requests import SearchRequest
from memory.api.spoken_lines import Conversation
from memory.api.tenants import OfTenant
from memory.api.user_routes import cleanup
from memory.chat.companion import MAX_MESSAGE
from memory.i18n import translate

router = APIRouter(prefix="/api/v1", tags=["memory"], route_class=JsonRoute)


class V1AddRequest(OfTenant):
    """A conversation to learn from."""

    model_config = ConfigDict(extra="forbid")

    messages: Conversation
    user_id: UserId
    agent_id: UserId | None = Field(None, description="A persona; an unknown one is made")
    metadata: Metadata | None = None


class V1AddedOut(BaseModel):
    """What was learnt."""

    success: bool = True
    memory_id: str | None = Field(description="Of the first; null if nothing was worth keeping")
    memory_ids: list[str]
    pending: bool = Field(description="true: the extraction goes on in the background")
    message: str


class V1MemoryOut(BaseModel):
    """A search result."""

    memory_id: str
    content: str
    relevance_score: float = Field(description="0 to 1")
    created_at: datetime
    metadata: dict[str, Any]


class V1ContextOut(BaseModel):
    """What a model would read."""

    context: str


class V1ProfileOut(BaseModel):
    """A person as their memories show them."""

    user_id: str
    total_memories: int
    profile_summary: str
    generated_at: datetime
    key_interests: list[str]
    interaction_patterns: dict[str, Any]


class V1CleanupOut(BaseModel):
    """What a clean-up did; it can be undone as a group."""

    deleted_count: int
    total_old_memories: int
    cleanup_date: datetime = Field(description="What was stored before is old")
    group_id: str | None


@router.post("/memories", summary="Learn from a conversation")
def add(ask: ForMemory, request: V1AddRequest) -> V1AddedOut:
    """Waits for the extraction, half a minute at most."""
    owner = ask.owner_or_new(request.user_id, ask.agent(request.agent_id))
    fields = given_along({"metadata": request.metadata})
    ask.settle_in(owner)
    zone = ask.zone(owner.user_id)
    data = learn(ask.running, owner, request.messages, None, zone, memory_fields=fields)
    ids = [memory.id for memory in data.memories]
    return V1AddedOut(
        memory_id=ids[0] if ids else None,
        memory_ids=ids,
        pending=data.pending,
        message=translate(ask.language, "api.learned", count=data.added),
    )


@router.get("/memories/search", summary="Search by meaning, words, dates")
def search(
    ask: ForMemory,
    user_id: Annotated[UserId, Query()],
    query: Annotated[str, Query(min_length=1, max_length=MAX_MESSAGE)],
    limit: LimitQuery = 5,
) -> list[V1MemoryOut]:
    """Best first."""
    request = SearchRequest(user_id=user_id, query=query, limit=limit)
    hits = found(ask, ask.owner(user_id), request).data.memories
    return [
        V1MemoryOut(
            memory_id=hit.id,
            content=hit.text,
            relevance_score=hit.score,
            created_at=hit.created_at,
            metadata={"category": hit.category, **hit.metadata},
        )
        for hit in hits
    ]


@router.get("/memories/context/{user_id}", summary="What a model would read for a message")
def context(
    ask: ForMemory,
    user_id: UserPath,
    message: Annotated[str, Query(max_length=MAX_MESSAGE)] = "",
) -> V1ContextOut:
    """Profile, diary and what the message recalls, as one text."""
    return V1ContextOut(context=context_for(ask, ask.owner(user_id), message, None).context)


@router.get("/users/{user_id}/profile", summary="A person as their memories show them")
def profile(ask: ForMemory, user_id: UserPath) -> V1ProfileOut:
    """By rules, nothing made up."""
    owner = ask.owner(user_id)
    seen = profile_of(ask.running, owner, ask.language)
    return V1ProfileOut(
        user_id=owner.user_id,
        total_memories=seen.counts["memories"],
        profile_summary=seen.summary,
        generated_at=seen.generated_at,
        key_interests=[line.text for line in seen.key_interests],
        interaction_patterns=seen.interaction_patterns,
    )


@router.delete("/users/{user_id}/memories/cleanup", summary="Delete old memories")
def clean_up(
    ask: ForMemory,
    user_id: UserPath,
    days_old: Annotated[int, Query(ge=0, le=36_500)] = 90,
) -> V1CleanupOut:
    """Pinned memories stay. Undone with `POST /api/memory/undo/{group_id}`."""
    before = ask.running.clock() - timedelta(days=days_old)
    data = cleanup(ask, user_id, days_old).data
    return V1CleanupOut(
        deleted_count=data.changed,
        total_old_memories=data.changed + data.kept_pinned,
        cleanup_date=before,
        group_id=data.group_id,
    )
