"""Context and trace types: what a model read for one reply, and what is kept of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memory.types.memories import Hit, Kind, Memory, Subject


class Reason(StrEnum):
    """Why a memory was in the context of a reply."""

    PINNED = "pinned"
    PROFILE = "profile"
    DIARY = "diary"
    RECALL = "recall"


@dataclass(frozen=True, slots=True)
class ContextItem:
    """A memory as it went into the context. ``line`` is what the model read."""

    memory: Memory
    reason: Reason
    line: str
    tokens: int
    score: float | None = None
    hit: Hit | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """Profile, diary and recall packed into a token budget.

    ``text`` is the quoted block for the prompt; ``dropped`` are candidates
    that fell out at the budget, best first; ``complete`` says that everything
    remembered fitted and no query was needed.
    """

    items: tuple[ContextItem, ...]
    text: str
    tokens: int
    budget: int
    complete: bool
    milliseconds: float = 0.0
    dropped: tuple[ContextItem, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceItem:
    """One memory in a trace: a copy, so that it outlives later edits."""

    memory_id: str
    text: str
    subject: Subject
    kind: Kind
    category: str
    event_date: str | None
    reason: Reason
    score: float | None = None

    @classmethod
    def of(cls, memory: Memory, reason: Reason, score: float | None = None) -> TraceItem:
        """A copy of what ``memory`` says now."""
        return cls(
            memory_id=memory.id,
            text=memory.text,
            subject=memory.subject,
            kind=memory.kind,
            category=memory.category,
            event_date=memory.event_date,
            reason=reason,
            score=score,
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """What shaped one reply: memories, tokens (estimated unless the endpoint
    reported them), milliseconds, seconds of audio that were transcribed for it, and what
    went along of older turns. ``document_tokens`` and ``picture_tokens`` are part of the
    prompt's, always estimated."""

    message_id: str
    items: tuple[TraceItem, ...]
    created_at: datetime
    model: str = ""
    context_tokens: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    document_tokens: int = 0
    picture_tokens: int = 0
    audio_seconds: float = 0.0
    context_ms: float = 0.0
    first_token_ms: float = 0.0
    total_ms: float = 0.0
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """How often a memory was in the context of a reply, and when last (aware)."""

    count: int
    last: datetime
