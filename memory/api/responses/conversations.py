"""Response models of conversations: sessions, messages, traces, personas."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from memory.api.responses.chat import UsedOut
from memory.types import Message, MessageState, Persona, Rating, Session, Trace
from memory.types.languages import Language


class SessionOut(BaseModel):
    """A run of turns between one user and one persona."""

    session_id: str
    user_id: str
    persona_id: str
    title: str = Field(description="Empty until somebody says something")
    pinned: bool = Field(description="Kept at the head of the list")
    folder: str = Field(description="Empty: in none")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, session: Session) -> SessionOut:
        """A session as the API says it."""
        return cls(
            session_id=session.id,
            user_id=session.owner.user_id,
            persona_id=session.owner.persona_id,
            title=session.title,
            pinned=session.pinned,
            folder=session.folder,
            created_at=session.created_at,
            updated_at=session.updated_at,
        )


class SessionsData(BaseModel):
    """Sessions, the most recently used first."""

    sessions: list[SessionOut]
    next_offset: int | None = Field(description="Give it back as `offset`; null at the end")


class FoldersData(BaseModel):
    """The names of the folders that have a session in them."""

    folders: list[str]


class MessageOut(BaseModel):
    """One message. ``number`` counts from 1 within its session."""

    message_id: str
    session_id: str
    number: int
    role: Literal["user", "assistant"]
    text: str
    created_at: datetime
    state: MessageState = Field(description="streaming: a reply that is still being said")
    reply_to: str | None = Field(description="The message that this one answers")
    opening: bool = Field(description="true: the persona spoke first")
    remember: bool = Field(description="false: no memory is ever made of it")
    care: str | None = Field(description="The kind of danger that was heard in it")
    rating: Rating | None = Field(description="What the user thinks of a reply")
    memories_used: list[str] = Field(description="Ids of what was in a reply's context")
    memories_learnt: list[str] = Field(description="Ids of what is remembered because of it")
    trace: str | None = Field(description="Where a reply's trace is read")


class MessagesData(BaseModel):
    """The last messages of a session, oldest first."""

    session: SessionOut
    messages: list[MessageOut]
    total: int
    next_before: int | None = Field(
        description="Give it back as `before` for the messages before; null at the beginning"
    )


class TraceOut(BaseModel):
    """What shaped one reply."""

    message_id: str
    model: str = Field(description="Empty: the built-in companion")
    created_at: datetime
    memories: list[UsedOut] = Field(description="As they were then")
    usage: dict[str, float] = Field(description="Tokens and milliseconds")

    @classmethod
    def of(cls, trace: Trace) -> TraceOut:
        """A trace as the API says it."""
        return cls(
            message_id=trace.message_id,
            model=trace.model,
            created_at=trace.created_at,
            memories=[UsedOut.of(item) for item in trace.items],
            usage=usage_of(trace),
        )


class RepliesData(BaseModel):
    """Replies of several sessions, the latest first."""

    messages: list[MessageOut]
    next_offset: int | None = Field(description="Give it back as `offset`; null at the end")


class DeletedMessagesData(BaseModel):
    """Messages that are gone for good, and memories that went with them."""

    message_ids: list[str]
    forgotten: int = Field(description="Memories that were learnt from these messages alone")
    group_id: str | None = Field(description="Undoes what happened to memories")


class PersonaOut(BaseModel):
    """A companion, in the language that was asked for."""

    persona_id: str
    name: str
    tagline: str
    temperament: str
    speaking_style: str
    backstory: str
    opening_lines: list[str]
    avatar: str = Field(description="Where its drawing (SVG) is read")

    @classmethod
    def of(cls, persona: Persona, language: Language) -> PersonaOut:
        """A persona as the API says it."""
        text = persona.text(language)
        return cls(
            persona_id=persona.id,
            name=text.name,
            tagline=text.tagline,
            temperament=text.temperament,
            speaking_style=text.speaking_style,
            backstory=text.backstory,
            opening_lines=list(text.opening_lines),
            avatar=f"/api/personas/{persona.id}/avatar",
        )


class PersonasData(BaseModel):
    """Those that one can talk with, the default one first."""

    personas: list[PersonaOut]


def message_out(
    message: Message, used: list[str], learnt: list[str], *, traced: bool
) -> MessageOut:
    """A message as the API says it."""
    return MessageOut(
        message_id=message.id,
        session_id=message.session_id,
        number=message.number,
        role=message.role,
        text=message.text,
        created_at=message.created_at,
        state=message.state,
        reply_to=message.reply_to,
        opening=message.opening,
        remember=message.remember,
        care=message.care,
        rating=message.rating,
        memories_used=used,
        memories_learnt=learnt,
        trace=f"/api/messages/{message.id}/trace" if traced else None,
    )


def usage_of(trace: Trace) -> dict[str, float]:
    """Tokens and milliseconds of a reply."""
    return {
        "context_tokens": trace.context_tokens,
        "prompt_tokens": trace.prompt_tokens,
        "reply_tokens": trace.reply_tokens,
        "context_ms": round(trace.context_ms, 1),
        "first_token_ms": round(trace.first_token_ms, 1),
        "total_ms": round(trace.total_ms, 1),
    }
