"""Chat routes, and what a chat program does with memories as well."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from memory.api.chat_stream import PING_SECONDS, begin, events, finish, in_thread, stopped
from memory.api.dependencies import ForChat
from memory.api.fields import (
    USER_ID,
    LimitQuery,
    MemoryPath,
    OwnerQuery,
    PersonaQuery,
    UserPath,
)
from memory.api.json_route import JsonRoute, quick
from memory.api.reading_routes import found, paged
from memory.api.requests import ChatRequest, Filters, SearchRequest, StopRequest
from memory.api.responses.chat import ChatAnswer, StoppedData
from memory.api.responses.envelope import Answer
from memory.api.responses.memories import ChangedData, FoundData, PageData
from memory.api.writing_routes import delete, delete_everything
from memory.chat.companion import MAX_MESSAGE

router = APIRouter(prefix="/api/chat", tags=["chat"], route_class=JsonRoute)
STREAM = {
    "text/event-stream": {
        "schema": {"type": "string"},
        "example": 'event: start\ndata: {"session_id": "…", "message_id": "…"}\n\n'
        'event: token\ndata: {"text": "记下了"}\n\n'
        'event: done\ndata: {"response": "记下了…", "session_id": "…", "memories_used": []}\n\n',
    }
}


@router.post(
    "/message",
    summary="Say something and get a reply",
    response_model=ChatAnswer,
    responses={200: {"content": STREAM}},
)
async def message(ask: ForChat, request: ChatRequest) -> ChatAnswer | Response:
    """With `"stream": true` the reply comes as server-sent events: `start`, then `token`s,
    then `done` with what the plain answer holds (or `error`). A reply is finished and kept
    in the session when the connection breaks; `POST /api/chat/stop` ends it. With `help` in
    the answer somebody may be in danger: show it first, and keep it in reach; it comes with
    every turn while the danger counts, and beside the error when the model fails. `care` is
    a gentle card, no alarm."""
    talk = await in_thread(begin, ask, request)
    if request.stream:
        # Begun here: nobody may ever ask for the first event.
        run = ask.running.replies.start(talk.turn)
        return EventSourceResponse(events(talk, run), ping=PING_SECONDS)
    return await in_thread(finish, talk)


@router.post("/stop", summary="Stop the reply that is being made in a session")
def stop(ask: ForChat, request: StopRequest) -> Answer[StoppedData]:
    """What was said so far is kept. Nothing happens where no reply is being made."""
    return stopped(ask, request)


@router.post("/search-memories", summary="Search the memories")
@quick
def search_memories(ask: ForChat, request: SearchRequest) -> Answer[FoundData]:
    """As `POST /api/memory/search`, for programs whose token is for chat."""
    return found(ask, ask.owner(request.user_id, request.persona_id), request)


@router.get("/search-memories", summary="Search the memories")
@quick
def search_by_address(
    ask: ForChat,
    query: Annotated[str, Query(min_length=1, max_length=MAX_MESSAGE)],
    user_id: Annotated[str | None, Query(pattern=USER_ID, description="Whose")] = None,
    persona_id: PersonaQuery = None,
    limit: LimitQuery = 20,
) -> Answer[FoundData]:
    """As `POST`, for what can be said in an address."""
    owner = ask.owner(user_id, persona_id)
    return found(ask, owner, SearchRequest(user_id=owner.user_id, query=query, limit=limit))


@router.get("/memories/{user_id}", summary="A user's memories, page by page")
@quick
def memories(
    ask: ForChat,
    user_id: UserPath,
    persona_id: PersonaQuery = None,
    limit: LimitQuery = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Answer[PageData]:
    """Those in force, newest first."""
    return paged(ask, ask.owner(user_id, persona_id), limit, cursor, Filters())


@router.delete("/memory/{memory_id}", summary="Forget one memory")
@quick
def forget(ask: ForChat, memory_id: MemoryPath, user_id: OwnerQuery = None) -> Answer[ChangedData]:
    """Can be undone with the ids in the answer."""
    return delete(ask, ask.owner_of_memory(memory_id, user_id), [memory_id])


@router.delete("/memories/{user_id}", summary="Forget everything with a persona")
def forget_all(
    ask: ForChat, user_id: UserPath, persona_id: PersonaQuery = None
) -> Answer[ChangedData]:
    """One group that can be undone."""
    return delete_everything(ask, ask.owner(user_id, persona_id))
