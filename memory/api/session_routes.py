"""Routes of conversations: sessions, their messages and traces."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from memory.api.dependencies import ForChat, RequestScope
from memory.api.fields import USER_ID, LimitQuery, MemoryPath, OwnerQuery, PersonaQuery, UserId
from memory.api.json_route import JsonRoute
from memory.api.named_sessions import session_of
from memory.api.responses.conversations import (
    DeletedMessagesData,
    FoldersData,
    MessageOut,
    MessagesData,
    RepliesData,
    SessionOut,
    SessionsData,
    TraceOut,
    message_out,
)
from memory.api.responses.envelope import Answer
from memory.db.sessions import FOLDER_LENGTH, TITLE_LENGTH
from memory.errors import BadInput, NotFound
from memory.types import EVERYTHING, MemoryFilter, Message, Owner, Rating

router = APIRouter(prefix="/api", tags=["conversations"], route_class=JsonRoute)
OwnUserQuery = Annotated[str | None, Query(pattern=USER_ID, description="Your own if left out")]
SessionPath = Annotated[
    str, Path(pattern=USER_ID, description="Its id, or (with `user_id`) your own name for it")
]


class NewSessionRequest(BaseModel):
    """A session to begin."""

    model_config = ConfigDict(extra="forbid")

    user_id: UserId
    persona_id: UserId | None = None
    title: str = Field("", max_length=TITLE_LENGTH, description="By default its first message")
    greet: bool = Field(False, description="true: the persona speaks first")


class SessionChangeRequest(BaseModel):
    """What to change of a session."""

    model_config = ConfigDict(extra="forbid")

    title: str | None = Field(None, min_length=1, max_length=TITLE_LENGTH)
    pinned: bool | None = None
    folder: str | None = Field(
        None, max_length=FOLDER_LENGTH, description="Its name; empty takes the session out"
    )


class RatingRequest(BaseModel):
    """What somebody thinks of a reply."""

    model_config = ConfigDict(extra="forbid")

    rating: Rating | None = Field(description="null takes it back")


@router.get("/sessions", summary="A user's sessions")
def sessions(
    ask: ForChat,
    user_id: OwnUserQuery = None,
    persona_id: PersonaQuery = None,
    query: Annotated[str, Query(max_length=200, description="Part of a title")] = "",
    folder: Annotated[
        str | None, Query(max_length=FOLDER_LENGTH, description="In this one; empty: in none")
    ] = None,
    limit: LimitQuery = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Answer[SessionsData]:
    """With one persona: pinned ones, then the most recently used."""
    owner = ask.owner(user_id, persona_id)
    found = ask.running.db.sessions.of(
        owner,
        query.replace("\x00", ""),
        limit + 1,
        offset,
        pinned_first=True,
        folder=None if folder is None else folder.replace("\x00", ""),
    )
    data = SessionsData(
        sessions=[SessionOut.of(session) for session in found[:limit]],
        next_offset=offset + limit if len(found) > limit else None,
    )
    return ask.answer("ok", data)


@router.get("/session-folders", summary="The folders of a user's sessions")
def folders(
    ask: ForChat,
    user_id: OwnUserQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[FoldersData]:
    """By name. A folder is there as long as a session is in it: `PATCH /api/sessions/…` with
    its name makes it."""
    found = ask.running.db.sessions.folders(ask.owner(user_id, persona_id))
    return ask.answer("listed", FoldersData(folders=found), count=len(found))


@router.post("/sessions", summary="Begin a session")
def begin(ask: ForChat, request: NewSessionRequest) -> Answer[SessionOut]:
    """Give its id to `POST /api/chat/message`, which begins one by itself if none is named."""
    owner = ask.owner_or_new(request.user_id, request.persona_id)
    ask.settle_in(owner)
    running, title = ask.running, request.title.replace("\x00", "")
    user = ask.user(owner.user_id)
    if request.greet:
        language = ask.language if user.language == "auto" else user.language
        session = running.session_opener.open(owner, language)
        if title:
            session = running.db.sessions.rename(owner, session.id, title)
    else:
        session = running.db.sessions.create(owner, title)
    return ask.answer("ok", SessionOut.of(session))


@router.get("/sessions/{session_id}", summary="One session")
def session(
    ask: ForChat,
    session_id: SessionPath,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[SessionOut]:
    """Its title and when it was last used."""
    owner, id = session_of(ask, session_id, user_id, persona_id)
    return ask.answer("ok", SessionOut.of(ask.running.db.sessions.get(owner, id)))


@router.patch("/sessions/{session_id}", summary="Rename, pin or file a session")
def change(
    ask: ForChat,
    session_id: SessionPath,
    request: SessionChangeRequest,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[SessionOut]:
    """A new title leaves its place in the list; a pinned one stands at the head; a folder
    that there isn't is made."""
    owner, id = session_of(ask, session_id, user_id, persona_id)
    sessions = ask.running.db.sessions
    if request.title is None and request.pinned is None and request.folder is None:
        raise BadInput(code="nothing_to_change")
    if request.title is not None:
        sessions.rename(owner, id, request.title.replace("\x00", ""))
    if request.pinned is not None:
        sessions.pin(owner, id, pinned=request.pinned)
    if request.folder is not None:
        sessions.file(owner, id, request.folder.replace("\x00", ""))
    return ask.answer("session_changed", SessionOut.of(sessions.get(owner, id)))


@router.delete("/sessions/{session_id}", summary="Delete a session with its messages")
def delete_session(
    ask: ForChat,
    session_id: SessionPath,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[SessionOut]:
    """For good. What was learnt of it stays; extract first what is pending."""
    owner, id = session_of(ask, session_id, user_id, persona_id)
    gone = ask.running.db.sessions.get(owner, id)
    ask.running.db.sessions.delete(owner, id)
    return ask.answer("session_deleted", SessionOut.of(gone))


@router.get("/sessions/{session_id}/messages", summary="The messages of a session, page by page")
def messages(
    ask: ForChat,
    session_id: SessionPath,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
    limit: LimitQuery = 50,
    before: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="Only messages with smaller numbers")
    ] = None,
) -> Answer[MessagesData]:
    """The last ones, oldest first; go on with `next_before` until it is null."""
    owner, id = session_of(ask, session_id, user_id, persona_id)
    db = ask.running.db
    found = db.messages.of(owner, id, limit=limit + 1, before_number=before)
    shown = found[-limit:]
    data = MessagesData(
        session=SessionOut.of(db.sessions.get(owner, id)),
        messages=_with_memories(ask, owner, id, shown),
        total=db.messages.count(owner, id),
        next_before=shown[0].number if len(found) > limit else None,
    )
    return ask.answer("listed", data, count=data.total)


@router.get("/messages", summary="Replies that somebody judged")
def rated(
    ask: ForChat,
    user_id: OwnUserQuery = None,
    persona_id: PersonaQuery = None,
    rating: Annotated[Rating | None, Query(description="Either, if left out")] = None,
    limit: LimitQuery = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Answer[RepliesData]:
    """Of all sessions, the latest first; each with the memories that it used."""
    owner = ask.owner(user_id, persona_id)
    found = ask.running.db.branches.rated(
        [owner.user_id], rating, limit + 1, offset, personas=[owner.persona_id]
    )
    data = RepliesData(
        messages=[
            out
            for message in found[:limit]
            for out in _with_memories(ask, owner, message.session_id, [message])
        ],
        next_offset=offset + limit if len(found) > limit else None,
    )
    return ask.answer("listed", data, count=len(data.messages))


@router.get("/messages/{message_id}", summary="One message")
def message(ask: ForChat, message_id: MemoryPath) -> Answer[MessageOut]:
    """With the ids of the memories that it used and of those that came from it."""
    owner = ask.owner_of_message(message_id)
    found = ask.running.db.messages.get(owner, message_id)
    (out,) = _with_memories(ask, owner, found.session_id, [found])
    return ask.answer("ok", out)


@router.get("/messages/{message_id}/trace", summary="What shaped a reply")
def trace(ask: ForChat, message_id: MemoryPath) -> Answer[TraceOut]:
    """The memories in its context, why, with scores, tokens and times. A message of the user,
    or an opening line, has none: 404."""
    owner = ask.owner_of_message(message_id)
    found = ask.running.db.traces.get(owner, message_id)
    if found is None:
        raise NotFound(code="trace_not_found")
    return ask.answer("ok", TraceOut.of(found))


@router.put("/messages/{message_id}/rating", summary="Say what a reply is worth")
def rate(ask: ForChat, message_id: MemoryPath, request: RatingRequest) -> Answer[MessageOut]:
    """`up` or `down`: it moves the memories that were in its context very gently in searches.
    What somebody said themselves can't be judged."""
    owner = ask.owner_of_message(message_id)
    db = ask.running.db
    if db.messages.get(owner, message_id).role == "user":
        raise BadInput(code="rating_of_reply")
    db.branches.rate(owner, message_id, request.rating)
    found = db.messages.get(owner, message_id)
    (out,) = _with_memories(ask, owner, found.session_id, [found])
    return ask.answer("ok", out)


@router.delete("/messages/{message_id}", summary="Delete a message")
def delete_message(
    ask: ForChat,
    message_id: MemoryPath,
    forget: Annotated[
        bool, Query(description="true: what was learnt from it alone goes as well")
    ] = False,
) -> Answer[DeletedMessagesData]:
    """For good: a user's message with its replies, or a reply alone. Forgetting can be undone."""
    owner = ask.owner_of_message(message_id)
    done = ask.running.memory_service.retraction.delete_message(owner, message_id, forget=forget)
    data = DeletedMessagesData(
        message_ids=[message.id for message in done.messages],
        forgotten=done.forgotten,
        group_id=done.group_id,
    )
    return ask.answer("messages_deleted", data, count=len(data.message_ids))


def _with_memories(
    ask: RequestScope, owner: Owner, session_id: str, shown: list[Message]
) -> list[MessageOut]:
    running = ask.running
    traces = running.db.traces.of(owner, [m.id for m in shown if m.role != "user"])
    learnt: dict[str, list[str]] = defaultdict(list)
    here = MemoryFilter(session_id=session_id, statuses=EVERYTHING.statuses)
    for memory in running.store.reads.matching(owner, here):
        for id in memory.source.message_ids:
            learnt[id].append(memory.id)
    return [
        message_out(
            one,
            [item.memory_id for item in found.items] if (found := traces.get(one.id)) else [],
            learnt[one.id],
            traced=one.id in traces,
        )
        for one in shown
    ]


__all__ = ["router"]
