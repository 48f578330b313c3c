"""Routes of the rolling summary: what the older turns of a session were about."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter

from memory.api.dependencies import ForChat, RequestScope
from memory.api.fields import OwnerQuery, PersonaQuery, SessionPath
from memory.api.json_route import JsonRoute, quick
from memory.api.named_sessions import session_of
from memory.api.requests import SummaryRequest
from memory.api.responses.chat import SummaryOut
from memory.api.responses.envelope import Answer
from memory.errors import NotFound
from memory.types import Owner, SessionSummary

router = APIRouter(prefix="/api/chat/summary", tags=["chat"], route_class=JsonRoute)


@router.get("/{session_id}", summary="What the older turns of a session were about")
@quick
def summary(
    ask: ForChat,
    session_id: SessionPath,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[SummaryOut]:
    """Made in the background once a session is long, by the language model; a session
    without one answers 404."""
    _, id, found = _found(ask, session_id, user_id, persona_id)
    return ask.answer("summary", _out(id, found))


@router.put("/{session_id}", summary="Change the summary of a session")
@quick
def edit(
    ask: ForChat,
    session_id: SessionPath,
    request: SummaryRequest,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[SummaryOut]:
    """The next one is made of this text and the turns after it."""
    owner, id, found = _found(ask, session_id, user_id, persona_id)
    now = ask.running.clock()
    changed = replace(found, text=request.text.strip(), edited=True, updated_at=now)
    ask.running.db.sessions.summarise(owner, id, changed)
    return ask.answer("summary_changed", _out(id, changed))


@router.delete("/{session_id}", summary="Forget the summary of a session")
@quick
def forget(
    ask: ForChat,
    session_id: SessionPath,
    user_id: OwnerQuery = None,
    persona_id: PersonaQuery = None,
) -> Answer[None]:
    """It is made anew after the next turn, of the messages that are still there."""
    owner, id, _ = _found(ask, session_id, user_id, persona_id)
    ask.running.db.sessions.summarise(owner, id, None)
    return ask.answer("summary_forgotten", None)


def _found(
    ask: RequestScope, session_id: str, user_id: str | None, persona_id: str | None
) -> tuple[Owner, str, SessionSummary]:
    owner, id = session_of(ask, session_id, user_id, persona_id)
    found = ask.running.db.sessions.get(owner, id).summary
    if found is None:
        raise NotFound(code="summary_not_found")
    return owner, id, found


def _out(session_id: str, summary: SessionSummary) -> SummaryOut:
    return SummaryOut(
        session_id=session_id,
        text=summary.text,
        upto=summary.upto,
        edited=summary.edited,
        updated_at=summary.updated_at,
        prompt_tokens=summary.prompt_tokens,
        reply_tokens=summary.reply_tokens,
    )
