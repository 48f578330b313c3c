"""MCP tools: the ten of mem0's own MCP server, with its arguments, and a context for prompts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from anyio import to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import ValidationError
from starlette.requests import Request

from memory.api import mem0_adding
from memory.api import mem0_memories as mem0
from memory.api.change_responses import draft_of
from memory.api.dependencies import RequestScope
from memory.api.mem0_filters import ENTITIES
from memory.api.mem0_requests import (
    EntityIds,
    Mem0AddRequest,
    Mem0ListRequest,
    Mem0SearchRequest,
)
from memory.api.reading_routes import context_for
from memory.api.requests import AddRequest
from memory.api.responses.memories import FoundOut, MemoryOut
from memory.errors import BadInput, NiannianError
from memory.i18n import error_text
from memory.types import Actor

CALLER = "niannian.caller"
"""Where the ASGI scope holds who asks."""

MOST = 100
_READS = ToolAnnotations(read_only_hint=True)
_DELETES = ToolAnnotations(destructive_hint=True)

T = TypeVar("T")
ToolContext = Context[Any, Request]


def register(server: MCPServer[Any]) -> None:
    """Add the tools to a server; who asks comes with each request."""

    @server.tool(title="Search memories", structured_output=True, annotations=_READS)
    async def search_memories(
        query: str,
        context: ToolContext,
        user_id: str = "",
        persona_id: str = "",
        filters: dict[str, Any] | None = None,
        limit: int = 10,
    ) -> dict[str, Any]:
        """Find what is remembered for a question, best first.

        Args:
            query: What to look for, in Chinese or English; dates as people say them.
            context: Filled in by the server.
            user_id: Whose memories; your token's user, or the only one there is.
            persona_id: The companion; any if empty.
            filters: In mem0's language, such as {"AND": [{"categories": {"in": ["health"]}},
                {"created_at": {"gte": "2026-01-01"}}]}; the user is added by itself.
            limit: At most so many, 1 to 50.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            request = _checked(
                Mem0SearchRequest,
                query=query,
                filters=_scoped(ask, filters, user_id, persona_id),
                top_k=max(1, min(limit, 50)),
            )
            found = [FoundOut.hit(hit).model_dump(mode="json") for hit in mem0.hits(ask, request)]
            return {"memories": found, "total": len(found)}

        return await _run(context, "search_memories", work)

    @server.tool(title="Add a memory", structured_output=True)
    async def add_memory(
        context: ToolContext,
        text: str = "",
        messages: list[dict[str, Any]] | None = None,
        user_id: str = "",
        persona_id: str = "",
        agent_id: str = "",
        app_id: str = "",
        run_id: str = "",
        metadata: dict[str, Any] | None = None,
        subject: str = "user",
        category: str = "",
        event_date: str = "",
    ) -> dict[str, Any]:
        """Remember one self-contained sentence, or learn from a conversation.

        Args:
            context: Filled in by the server.
            text: The sentence, such as "The user is allergic to peanuts"; it is kept word for
                word, and the same one is not added twice.
            messages: Instead of it a conversation to learn from: objects with role and content.
            user_id: Whose memory; your token's user, or the only one there is.
            persona_id: The companion; the default one if empty.
            agent_id: The same; an unknown one is made.
            app_id: The program that it belongs to.
            run_id: The session that it belongs to.
            metadata: Free JSON that is kept with it.
            subject: Who it is about: user or ai.
            category: identity, preference, relationship, health, work_study, habit,
                emotion, event, plan, belief or other.
            event_date: YYYY-MM-DD, YYYY-MM or YYYY for something that happened or will.
        """
        scopes = {"app_id": app_id, "run_id": run_id}

        def learn(ask: RequestScope) -> dict[str, Any]:
            ids = {"user_id": user_id or _only_user(ask), "agent_id": agent_id or persona_id}
            given = {name: value for name, value in {**ids, **scopes}.items() if value}
            request = _checked(Mem0AddRequest, messages=messages, metadata=metadata, **given)
            return mem0_adding.add(ask, request)

        def keep(ask: RequestScope) -> dict[str, Any]:
            fields = {"subject": subject, "category": category, "event_date": event_date}
            request = _checked(
                AddRequest,
                user_id=user_id or _only_user(ask),
                text=text,
                metadata=metadata,
                **{name: value for name, value in fields.items() if value},
            )
            scope = {name: value for name, value in scopes.items() if value}
            categories = ask.running.memory_service.categories(request.user_id)
            draft = draft_of(request.text or "", {**request.model_dump(), **scope}, categories)
            persona = ask.agent(agent_id) if agent_id else persona_id or None
            owner = ask.owner_or_new(request.user_id, persona)
            ask.settle_in(owner)
            memory = ask.running.memory_service.add(owner, draft, actor=Actor.API)
            return MemoryOut.of(memory).model_dump(mode="json")

        return await _run(context, "add_memory", learn if messages else keep)

    @server.tool(title="Get context", structured_output=True, annotations=_READS)
    async def get_context(
        context: ToolContext,
        message: str = "",
        user_id: str = "",
        persona_id: str = "",
    ) -> dict[str, Any]:
        """Profile, diary and what a message recalls, as one block for a prompt.

        Args:
            context: Filled in by the server.
            message: What the person just said; empty for the general picture.
            user_id: Whose memories; your token's user, or the only one there is.
            persona_id: The companion; the default one if empty.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            owner = ask.owner(user_id or _only_user(ask), persona_id or None)
            return context_for(ask, owner, message[:8000], None).model_dump(mode="json")

        return await _run(context, "get_context", work)

    @server.tool(title="List memories", structured_output=True, annotations=_READS)
    async def get_memories(
        context: ToolContext,
        user_id: str = "",
        filters: dict[str, Any] | None = None,
        page: int = 1,
        page_size: int = 10,
    ) -> dict[str, Any]:
        """Memories page by page, newest first, without a question.

        Args:
            context: Filled in by the server.
            user_id: Whose memories; your token's user, or the only one there is.
            filters: As of search_memories; the user is added by itself.
            page: Counts from 1.
            page_size: At most so many, 1 to 100.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            request = _checked(Mem0ListRequest, filters=_scoped(ask, filters, user_id, ""))
            size = max(1, min(page_size, MOST))
            memories, count = mem0.matching(ask, request, page, size)
            found = [MemoryOut.of(memory).model_dump(mode="json") for memory in memories]
            return {"memories": found, "total": count, "page": page, "page_size": size}

        return await _run(context, "get_memories", work)

    @server.tool(title="One memory", structured_output=True, annotations=_READS)
    async def get_memory(memory_id: str, context: ToolContext) -> dict[str, Any]:
        """One memory by its id.

        Args:
            memory_id: As search_memories gave it.
            context: Filled in by the server.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            return MemoryOut.of(mem0.one(ask, memory_id)).model_dump(mode="json")

        return await _run(context, "get_memory", work)

    @server.tool(title="Change a memory", structured_output=True)
    async def update_memory(
        memory_id: str,
        context: ToolContext,
        text: str = "",
        metadata: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Overwrite the words of a memory, or its metadata. It can be undone on the page.

        Args:
            memory_id: As search_memories gave it.
            context: Filled in by the server.
            text: The new sentence; empty to leave it.
            metadata: The new metadata, as a whole.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            fields: dict[str, Any] = {"text": text, "metadata": metadata}
            given = {name: value for name, value in fields.items() if value}
            if not given:
                raise BadInput(code="nothing_to_change")
            owner = ask.owner_of_memory(memory_id)
            after = ask.running.memory_service.edit(owner, memory_id, actor=Actor.API, **given)
            return MemoryOut.of(after).model_dump(mode="json")

        return await _run(context, "update_memory", work)

    @server.tool(title="Delete a memory", structured_output=True, annotations=_DELETES)
    async def delete_memory(memory_id: str, context: ToolContext) -> dict[str, Any]:
        """Delete one memory, once the person agreed. It can be undone on the page.

        Args:
            memory_id: As search_memories gave it.
            context: Filled in by the server.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            return {"deleted": mem0.delete(ask, [memory_id])}

        return await _run(context, "delete_memory", work)

    @server.tool(title="Delete all memories", structured_output=True, annotations=_DELETES)
    async def delete_all_memories(
        context: ToolContext,
        user_id: str = "",
        agent_id: str = "",
        app_id: str = "",
        run_id: str = "",
    ) -> dict[str, Any]:
        """Delete every memory of a user, agent, app and run, once the person agreed.

        Args:
            context: Filled in by the server.
            user_id: Whose; without any id your token's user, or the only one there is.
            agent_id: Only with this companion.
            app_id: Only of this program.
            run_id: Only of this session.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            whose = _entities(user_id, agent_id, app_id, run_id) or {"user_id": _only_user(ask)}
            return {"deleted": mem0.delete_entities(ask, whose)}

        return await _run(context, "delete_all_memories", work)

    @server.tool(title="Delete entities", structured_output=True, annotations=_DELETES)
    async def delete_entities(
        context: ToolContext,
        user_id: str = "",
        agent_id: str = "",
        app_id: str = "",
        run_id: str = "",
    ) -> dict[str, Any]:
        """Delete all memories of each entity that is named, once the person agreed.

        Profiles and personas stay; what was deleted can be undone on the page.

        Args:
            context: Filled in by the server.
            user_id: A user.
            agent_id: A companion.
            app_id: A program.
            run_id: A session.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            named = _entities(user_id, agent_id, app_id, run_id)
            if not named:
                raise BadInput(code="entity_missing")
            for field, name in named.items():
                mem0.delete_entity(ask, field.removesuffix("_id"), name)
            return {"deleted": list(named)}

        return await _run(context, "delete_entities", work)

    @server.tool(title="List entities", structured_output=True, annotations=_READS)
    async def list_entities(context: ToolContext) -> dict[str, Any]:
        """Users, agents (companions), apps and runs (sessions) that have memories.

        Args:
            context: Filled in by the server.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            return {"entities": mem0.entities(ask)}

        return await _run(context, "list_entities", work)

    @server.tool(title="How far an addition is", structured_output=True, annotations=_READS)
    async def get_event_status(event_id: str, context: ToolContext) -> dict[str, Any]:
        """Whether what add_memory was given as messages has been learnt yet.

        Args:
            event_id: As add_memory gave it.
            context: Filled in by the server.
        """

        def work(ask: RequestScope) -> dict[str, Any]:
            return mem0_adding.event(ask, event_id)

        return await _run(context, "get_event_status", work)


async def _run(context: ToolContext, tool: str, work: Callable[[RequestScope], T]) -> T:
    request = context.request_context.request
    if request is None:
        raise ToolError("no request")
    ask: RequestScope = replace(request.scope[CALLER], route=f"MCP {tool}")
    try:
        return await to_thread.run_sync(work, ask)
    except NiannianError as error:
        raise ToolError(error_text(ask.language, error)) from None


def _only_user(ask: RequestScope) -> str:
    """Whose memories when nobody is named: the token's, or the only profile's.

    Raises:
        BadInput: ``user_id_missing``.
    """
    if ask.token is not None:
        return ask.token.user_id
    everybody = ask.running.db.users.all()
    if len(everybody) != 1:
        raise BadInput(code="user_id_missing")
    return everybody[0].id


def _entities(user_id: str, agent_id: str, app_id: str, run_id: str) -> dict[str, str]:
    given = {"user_id": user_id, "agent_id": agent_id, "app_id": app_id, "run_id": run_id}
    return _checked(EntityIds, **{n: value for n, value in given.items() if value}).named()


def _scoped(
    ask: RequestScope, filters: dict[str, Any] | None, user_id: str, persona_id: str
) -> dict[str, Any]:
    """Filters that are limited to somebody, as they say themselves or else by default.

    Raises:
        BadInput: ``user_id_missing``.
        NotFound: no such user or persona.
    """
    parts = [filters] if filters else []
    if user_id or not _names_somebody(filters):
        parts.append({"user_id": ask.user(user_id or _only_user(ask)).id})
    if persona_id:
        parts.append({"agent_id": ask.persona(persona_id)})
    return {"AND": parts}


def _names_somebody(filters: Any) -> bool:
    if isinstance(filters, list):
        return any(map(_names_somebody, filters))
    if not isinstance(filters, dict):
        return False
    return any(key in ENTITIES or _names_somebody(value) for key, value in filters.items())


def _checked(request: type[T], **fields: Any) -> T:
    try:
        return request(**fields)
    except ValidationError as error:
        # Pydantic quotes what was given; the field's name says enough.
        first = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "input"
        raise BadInput(code="field_wrong", field=field) from None


__all__ = ["CALLER", "register"]
