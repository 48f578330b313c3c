"""Response models of users: statistics, context, diary, profile, accesses, imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from memory.api.responses.chat import UsedOut
from memory.api.responses.memories import MemoryOut


class StatsData(BaseModel):
    """The memories in figures."""

    user_id: str
    total_memories: int
    date_distribution: dict[str, int] = Field(
        description="By the day they were stored", examples=[{"2025-10-18": 3}]
    )
    event_distribution: dict[str, int] = Field(
        description="By the day they happened or will happen", examples=[{"2025-10-17": 1}]
    )
    category_distribution: dict[str, int] = Field(
        description="What is filed under `other` counts by `metadata.category`, if it has one"
    )
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
    tenant_id: str | None
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
        description="Messages, sessions, active days, busiest hour and weekday (0 is Monday), "
        "most common categories, characters of a memory on average"
    )
    counts: dict[str, int]
    generated_at: datetime


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
