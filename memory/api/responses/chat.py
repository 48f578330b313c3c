"""Response models of replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from memory.api.responses.safety import GentleOut, HelpOut
from memory.types import Kind, Subject, TraceItem


class UsedOut(BaseModel):
    """A memory that shaped a reply."""

    memory_id: str
    text: str
    subject: Subject
    kind: Kind
    category: str
    event_date: str | None
    reason: str = Field(description="pinned, profile, diary or recall")
    score: float | None

    @classmethod
    def of(cls, item: TraceItem) -> UsedOut:
        """A line of a trace as the API says it."""
        return cls(
            memory_id=item.memory_id,
            text=item.text,
            subject=item.subject,
            kind=item.kind,
            category=item.category,
            event_date=item.event_date,
            reason=item.reason.value,
            score=item.score,
        )


class SummaryOut(BaseModel):
    """What the older turns of a session were about; it goes along with each message."""

    session_id: str
    text: str
    upto: int = Field(description="Number of the last message in it")
    edited: bool = Field(description="A person wrote this text")
    updated_at: datetime
    prompt_tokens: int = Field(description="Of all requests that went into it")
    reply_tokens: int


class NoticeOut(BaseModel):
    """Fixed words that have to be shown with this turn, where others are served."""

    kind: str = Field(description="ai: this is a program; break: time to rest")
    text: str


class ChatAnswer(BaseModel):
    """A reply."""

    success: Literal[True] = True
    response: str = Field(examples=["记下了：花生一口都不能碰。"])
    user_id: str
    session_id: str = Field(description="As it was given, or the id of the new one")
    message_id: str
    memories_used: list[str] = Field(description="Their ids")
    memories: list[UsedOut] = Field(description="The same, with text, score and reason")
    timestamp: datetime
    metadata: dict[str, Any] | None = None
    help: HelpOut | None = None
    notices: list[NoticeOut] = []
    care: GentleOut | None = None
    usage: dict[str, float] = Field(description="Tokens and milliseconds of this turn")


class StoppedData(BaseModel):
    """A reply that was stopped."""

    message_id: str | None = Field(description="null: no reply was being made")
    response: str = Field(description="What was said so far")


class AudioAnswer(BaseModel):
    """What was heard, and the reply to it."""

    success: Literal[True] = True
    transcript: str
    seconds: float = Field(description="Of the recording; 0 where nothing tells")
    reply: ChatAnswer | None = Field(None, description="None with `send=false`")
