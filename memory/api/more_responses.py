"""Response models of extractions, statistics, users and the machine itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from memory.api.responses import MemoryOut, UsedOut
from memory.types import Kind, Subject


class OperationOut(BaseModel):
    """One item in the form of the extraction contract (docs/extraction.md).

    ``id`` numbers a memory in ``known``; ``source`` counts the messages from 1.
    """

    action: Literal["ADD", "UPDATE", "DELETE"]
    id: int | None = None
    text: str | None = None
    subject: Subject | None = None
    kind: Kind | None = None
    category: str | None = None
    event_date: str | None = None
    importance: int | None = None
    source: list[int] = []


class KnownOut(BaseModel):
    """An existing memory under the number by which operations name it."""

    id: int
    memory_id: str
    text: str


class RefusedOut(BaseModel):
    """A proposal that would not be remembered, and why."""

    operation: OperationOut
    reason: str


class ExtractData(BaseModel):
    """What an extraction of these messages would do. Nothing was stored."""

    operations: list[OperationOut] = Field(description="As they would be applied")
    known: list[KnownOut]
    proposed: list[OperationOut] = Field(description="As the model said them")
    refused: list[RefusedOut]
    skipped: int = Field(description="Proposals that were known already")
    raw: str = Field(description="The model's reply, word for word; empty for the rules")
    repairs: list[str] = Field(description="What had to be done to read it")
    corrected: dict[str, int]
    model: str
    builtin: bool
    milliseconds: float


class ProcessData(BaseModel):
    """What was owed and what came of it."""

    done: bool = Field(description="false: it takes longer and goes on in the background")
    unfinished: int = Field(
        description="Messages that are still to be learnt from because their reply hasn't ended"
    )
    set_aside: int = Field(
        description="Batches that couldn't be worked through three times; only `retry` takes "
        "them up again"
    )
    batches: int
    added: int
    updated: int
    superseded: int
    closed: int
    archived: int
    queued: int
    phase: str
    error: str | None


class StatsData(BaseModel):
    """The memories in figures."""

    total_memories: int
    date_distribution: dict[str, dict[str, int]] = Field(
        description="By day: `stored` and `event`",
        examples=[{"stored": {"2025-10-18": 3}, "event": {"2025-10-17": 1}}],
    )
    category_distribution: dict[str, int]
    subject_distribution: dict[str, int]
    kind_distribution: dict[str, int]
    status_distribution: dict[str, int]
    pinned: int
    last_week: int = Field(
        description="Stored on the last seven days of the user's zone, today included"
    )


class ContextData(BaseModel):
    """What a model would read of the memories for a message."""

    context: str
    tokens: int
    budget: int
    complete: bool = Field(description="Everything remembered fitted in")
    memories: list[UsedOut]


class DiaryData(BaseModel):
    """The two readable texts: lasting facts by category, events by date."""

    text: str = Field(description="Both as Markdown")
    profile: dict[str, list[MemoryOut]]
    diary: dict[str, list[MemoryOut]]


class UserOut(BaseModel):
    """A profile."""

    user_id: str
    name: str
    language: str
    timezone: str | None
    region: str | None
    created_at: datetime
    demo: bool


class UsersData(BaseModel):
    """Those whom you may see."""

    users: list[UserOut]
    total: int
    next_cursor: str | None


class LineOut(BaseModel):
    """One sentence about a person and the memory that it is."""

    text: str
    memory_id: str
    category: str


class PersonOut(BaseModel):
    """Somebody in their life."""

    label: str = Field(examples=["豆豆"])
    lines: list[LineOut]


class ProfileData(BaseModel):
    """A person as their memories show them; by rules, nothing made up."""

    user: UserOut
    summary: str
    vital: list[LineOut] = Field(description="What must not be forgotten")
    key_interests: list[LineOut]
    dislikes: list[LineOut]
    people: list[PersonOut]
    habits: list[LineOut]
    interaction_patterns: dict[str, Any] = Field(
        description="Messages, sessions, active days, busiest hour and weekday (0 is Monday)"
    )
    counts: dict[str, int]


class AccessOut(BaseModel):
    """An entry of the access log."""

    at: datetime
    action: Literal["view", "change", "chat", "erase"]
    by_user_id: str = Field(description="Empty where there are no accounts")
    by_token_id: str | None = Field(description="The API token, if it was a program")
    persona_id: str | None
    what: str = Field(description="The route, the tool or the page")


class AccessData(BaseModel):
    """Who did what with a person's data, newest first."""

    user_id: str
    entries: list[AccessOut]
    next_cursor: int | None


class ErasedData(BaseModel):
    """Everything about this person is gone; it can't be undone."""

    user_id: str
    memories: int


class ImportedData(BaseModel):
    """What an import did or would do."""

    dry_run: bool
    format: str
    counts: dict[str, int]
    group_id: str | None
    wrong: list[dict[str, Any]] = Field(description="Rows that can't be used, with the reason")


class PartOut(BaseModel):
    """How one part is."""

    state: Literal["ok", "builtin", "changed", "failed", "stopped"]
    latency_ms: float
    detail: str = ""


class HealthOut(BaseModel):
    """Whether the process answers and can work."""

    status: Literal["ok", "degraded", "failed"]
    version: str
    timestamp: datetime
    message: str = ""


class HealthDetailOut(HealthOut):
    """How each part is."""

    parts: dict[str, PartOut]
