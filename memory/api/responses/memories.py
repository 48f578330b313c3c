"""Response models of memories: one, found, changed, their history."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from memory.i18n import KnownLanguage
from memory.types import EntityType, Hit, Kind, Memory, Opinion, Status, Subject


class SourceOut(BaseModel):
    """Where a memory came from; empty for one added by hand or over the API."""

    session_id: str | None = None
    message_ids: list[str] = []
    batch_id: str | None = None


class TripleOut(BaseModel):
    """What a memory connects."""

    source: str = Field(description="user, ai or a name")
    relationship: str
    target: str
    source_type: EntityType
    target_type: EntityType
    ended: bool = False


class MemoryOut(BaseModel):
    """One memory."""

    id: str
    text: str = Field(examples=["用户对花生过敏"])
    user_id: str
    persona_id: str
    subject: Subject
    kind: Kind
    category: str = Field(examples=["health"])
    event_date: str | None = Field(examples=["2025-10-18"])
    importance: int
    pinned: bool
    safety: str | None = Field(
        None, description="The kind of danger it comes from: never cheer it on or recite it"
    )
    status: Status
    language: KnownLanguage
    created_at: datetime
    updated_at: datetime
    supersedes: str | None = None
    superseded_by: str | None = None
    metadata: dict[str, Any] = Field(default={}, description="Free JSON that programs keep")
    app_id: str | None = None
    run_id: str | None = None
    expiration_date: str | None = None
    immutable: bool = False
    relations: list[TripleOut] = Field(
        default=[], description="What a model found it to connect; see `/api/graph` for everything"
    )
    source: SourceOut

    @classmethod
    def of(cls, memory: Memory) -> MemoryOut:
        """A memory as the API says it."""
        return cls(**_plain(memory))


class FoundOut(MemoryOut):
    """A search result: the memory, how well it fits, and what it was found by."""

    score: float = Field(description="0 to 1")
    relevance_score: float = Field(description="The same, for programs that call it so")
    reason: Literal["words", "characters", "meaning", "boosts"] = Field(
        description="What it was found by most"
    )
    signals: dict[str, float] = Field(description="Everything that went into the score")

    @classmethod
    def hit(cls, hit: Hit) -> FoundOut:
        """A search result as the API says it."""
        signals = {"words": hit.words, "characters": hit.cjk, "meaning": hit.dense}
        best = max(signals, key=lambda name: signals[name])
        return cls(
            **_plain(hit.memory),
            score=round(hit.score, 4),
            relevance_score=round(hit.score, 4),
            reason=best if signals[best] > 0 else "boosts",
            signals={
                name: round(value, 4) for name, value in {**signals, **hit.boosts}.items() if value
            },
        )


class FoundData(BaseModel):
    """Search results, best first."""

    memories: list[FoundOut]
    total: int = Field(description="How many are in this answer")


class PageData(BaseModel):
    """A page of memories, newest first."""

    memories: list[MemoryOut]
    total: int = Field(description="How many there are in all")
    next_cursor: str | None = Field(description="Give it back for the next page; null at the end")


class AddedData(BaseModel):
    """What is remembered now; ``added`` of it is new, the rest was known already."""

    user_id: str = ""
    memory_id: str | None = Field(None, description="Of the one that was given as text")
    content: str | None = Field(None, description="Its text")
    memories: list[MemoryOut]
    added: int
    group_id: str | None = Field(None, description="Undoes it")
    group_ids: list[str] = Field([], description="Undo it, where several users got memories")
    session_id: str | None = None
    batch_ids: list[str] = []
    pending: bool = Field(False, description="true: the extraction goes on in the background")
    metadata: dict[str, Any] | None = None


class ChangedData(BaseModel):
    """What was changed, with the ids that undo takes."""

    changed: int
    memory_ids: list[str]
    change_ids: list[str]
    group_id: str | None = Field(description="Undoes all of it at once")


class FeedbackData(BaseModel):
    """What somebody thinks of a memory."""

    memory_id: str
    feedback: Opinion | None
    reason: str | None


class CleanupData(ChangedData):
    """Memories that a clean-up deleted, or would delete."""

    dry_run: bool
    days_old: int
    kept_pinned: int = Field(description="Old enough, but pinned")
    memories: list[MemoryOut] = Field(description="The first 50 of them")


class ChangeOut(BaseModel):
    """One line of a memory's history."""

    id: str
    memory_id: str
    action: str
    actor: str
    at: datetime
    before: MemoryOut | None
    after: MemoryOut | None
    group_id: str | None
    undone_by: str | None


class HistoryData(BaseModel):
    """Every change of one memory, newest first."""

    memory_id: str
    changes: list[ChangeOut]


class UndoneData(BaseModel):
    """What undid it; these are changes and can be undone too."""

    changes: list[ChangeOut]


def _plain(memory: Memory) -> dict[str, Any]:
    return {
        **{name: getattr(memory, name) for name in _SHARED},
        "user_id": memory.owner.user_id,
        "persona_id": memory.owner.persona_id,
        "run_id": memory.scope_run,
        "relations": [
            TripleOut.model_validate(triple, from_attributes=True) for triple in memory.relations
        ],
        "source": SourceOut.model_validate(memory.source, from_attributes=True),
    }


_SHARED = MemoryOut.model_fields.keys() & {field.name for field in fields(Memory)}
