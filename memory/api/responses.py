"""Response models: what programs get."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from memory.chat.safety import Help, Helpline
from memory.types import Hit, Kind, Language, Memory, Status, Subject, TraceItem

D = TypeVar("D")


class Answer(BaseModel, Generic[D]):
    """The envelope of every answer but the chat's own."""

    success: Literal[True] = True
    message: str = Field(description="One sentence for people", examples=["ok"])
    data: D
    timestamp: datetime


class Problem(BaseModel):
    """What went wrong, in one sentence in the language that was asked for."""

    success: Literal[False] = False
    message: str = Field(examples=["It can't be found; perhaps it was deleted."])
    error: str = Field(description="A code for programs", examples=["memory_not_found"])
    timestamp: datetime


class SourceOut(BaseModel):
    """Where a memory came from; empty for one added by hand or over the API."""

    session_id: str | None = None
    message_ids: list[str] = []
    batch_id: str | None = None


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
    language: Language
    created_at: datetime
    updated_at: datetime
    supersedes: str | None = None
    superseded_by: str | None = None
    metadata: dict[str, Any] = Field(default={}, description="Free JSON that programs keep")
    app_id: str | None = None
    run_id: str | None = None
    expiration_date: str | None = None
    immutable: bool = False
    source: SourceOut

    @classmethod
    def of(cls, memory: Memory) -> MemoryOut:
        """A memory as the API says it."""
        return cls(**_plain(memory))


class FoundOut(MemoryOut):
    """A search result: the memory, how well it fits, and what it was found by."""

    score: float = Field(description="0 to 1")
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
            reason=best if signals[best] > 0 else "boosts",
            signals={
                name: round(value, 4) for name, value in {**signals, **hit.boosts}.items() if value
            },
        )


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


class HelplineOut(BaseModel):
    """Whom to call."""

    kind: str = Field(
        description="emergency, crisis, violence, youth, poison, consular, directory or fallback"
    )
    name: str
    number: str
    hours: str
    languages: list[str] = Field(description="Those that are answered", examples=[["zh"]])
    speaks: bool = Field(description="Whether the language of the message is among them")
    note: str = Field(description="What to know before calling, such as the languages; or empty")
    url: str

    @classmethod
    def of(cls, line: Helpline) -> HelplineOut:
        """A line as the API says it."""
        return cls(
            kind=line.kind,
            name=line.name,
            number=line.number,
            hours=line.hours,
            languages=list(line.languages),
            speaks=line.speaks,
            note=line.note,
            url=line.url,
        )


class HelpOut(BaseModel):
    """Whom to call when somebody is in danger; show this before the reply.

    It comes with every turn for as long as the danger counts: keep it in reach.
    """

    kind: str = Field(
        description="suicide, self_harm, danger (from others), friend or threat (to others)"
    )
    urgent: bool = Field(description="Something is happening now: the first line comes first")
    language: Language = Field(description="Of the opening and the names: the message's")
    opening: str
    lines: list[HelplineOut]

    @classmethod
    def of(cls, help: Help) -> HelpOut:
        """The help as the API says it."""
        return cls(
            kind=help.kind,
            urgent=help.urgent,
            language=help.language,
            opening=help.opening,
            lines=[HelplineOut.of(line) for line in help.lines],
        )


class GentleOut(BaseModel):
    """The gentle card: no alarm, and nothing that has to be shown at once.

    ``lines`` are for whoever opens the card.
    """

    level: Literal["gentle"] = "gentle"
    language: Language
    opening: str
    lines: list[HelplineOut]

    @classmethod
    def of(cls, gentle: Help) -> GentleOut:
        """The card as the API says it."""
        return cls(
            language=gentle.language,
            opening=gentle.opening,
            lines=[HelplineOut.of(line) for line in gentle.lines],
        )


class NoticeOut(BaseModel):
    """Fixed words that have to be shown with this turn, where others are served."""

    kind: str = Field(description="ai: this is a program; break: time to rest")
    text: str


class ChatAnswer(BaseModel):
    """A reply."""

    success: Literal[True] = True
    response: str = Field(examples=["记下了：花生一口都不能碰。"])
    session_id: str
    message_id: str
    memories_used: list[UsedOut]
    timestamp: datetime
    metadata: dict[str, Any] | None = None
    help: HelpOut | None = None
    notices: list[NoticeOut] = []
    care: GentleOut | None = None
    usage: dict[str, float] = Field(description="Tokens and milliseconds of this turn")


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

    memories: list[MemoryOut]
    added: int
    group_id: str | None = Field(None, description="Undoes it")
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
        "id": memory.id,
        "text": memory.text,
        "user_id": memory.owner.user_id,
        "persona_id": memory.owner.persona_id,
        "subject": memory.subject,
        "kind": memory.kind,
        "category": memory.category,
        "event_date": memory.event_date,
        "importance": memory.importance,
        "pinned": memory.pinned,
        "safety": memory.safety,
        "status": memory.status,
        "language": memory.language,
        "created_at": memory.created_at,
        "updated_at": memory.updated_at,
        "supersedes": memory.supersedes,
        "superseded_by": memory.superseded_by,
        "metadata": memory.metadata,
        "app_id": memory.app_id,
        "run_id": memory.scope_run,
        "expiration_date": memory.expiration_date,
        "immutable": memory.immutable,
        "source": SourceOut(
            session_id=memory.source.session_id,
            message_ids=list(memory.source.message_ids),
            batch_id=memory.source.batch_id,
        ),
    }
