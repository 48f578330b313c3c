"""Unstored talk: messages, requests and replies of conversations that are only tried."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from memory.chat.safety.attachment import attachment
from memory.chat.safety.turn_danger import TurnDanger
from memory.types import (
    Context,
    Language,
    Message,
    Owner,
    Persona,
    ReplyRequest,
    Role,
    ThoughtRetraction,
)


def unstored_message(
    session_id: str,
    owner: Owner,
    number: int,
    role: Role,
    text: str,
    at: datetime,
    care: str | None = None,
) -> Message:
    """A message of a session that isn't in the database."""
    return Message(
        id=f"{session_id}-{number}",
        session_id=session_id,
        owner=owner,
        number=number,
        role=role,
        text=text,
        created_at=at,
        care=care,
    )


def unstored_request(
    owner: Owner,
    persona: Persona,
    language: Language,
    message: str,
    history: Sequence[Message],
    context: Context,
    now: datetime,
    timezone: str,
    danger: TurnDanger,
    *,
    user_name: str = "",
    minor: bool = False,
) -> ReplyRequest:
    """What a chat model is asked where nothing is remembered and nobody reads along."""
    return ReplyRequest(
        owner=owner,
        persona=persona,
        language=language,
        message=message,
        history=tuple(history),
        context=context,
        now=now,
        timezone=timezone,
        user_name=user_name,
        care=danger.kind,
        urgent=danger.urgent,
        care_phase=danger.phase,
        remember=False,
        minor=minor,
        attachment=attachment(message),
        whole=True,
    )


def gather(pieces: Iterable[str], said: list[str]) -> None:
    """Put the pieces of a reply into ``said``; what a retraction takes back isn't in it."""
    for piece in pieces:
        if isinstance(piece, ThoughtRetraction):
            said.clear()
        said.append(piece)
