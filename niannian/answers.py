"""Answer types: what the API says, as typed dictionaries.

A server that is newer may say more than is named here; nothing is lost on the way.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

Subject = Literal["user", "ai"]
Kind = Literal["constant", "temporal"]
ExportFormat = Literal["json", "csv", "markdown"]


class Source(TypedDict):
    """Where a memory came from; empty for one added by hand or by a program."""

    session_id: str | None
    message_ids: list[str]
    batch_id: str | None


class Relation(TypedDict):
    """What a memory connects; ``source`` is ``user``, ``ai`` or a name."""

    source: str
    relationship: str
    target: str
    source_type: str
    target_type: str
    ended: bool


class Memory(TypedDict):
    """One memory. Times are ISO 8601, ``event_date`` is a day, month or year."""

    id: str
    text: str
    user_id: str
    persona_id: str
    subject: Subject
    kind: Kind
    category: str
    event_date: str | None
    importance: int
    pinned: bool
    safety: str | None
    status: str
    language: str
    created_at: str
    updated_at: str
    supersedes: str | None
    superseded_by: str | None
    metadata: dict[str, Any]
    app_id: str | None
    run_id: str | None
    expiration_date: str | None
    immutable: bool
    relations: list[Relation]
    source: Source


class FoundMemory(Memory):
    """A search result; ``score`` is 0 to 1 and means the same in every search."""

    score: float
    relevance_score: float
    reason: str
    signals: dict[str, float]


class Page(TypedDict):
    """Memories, newest first; go on with ``next_cursor`` until it is ``None``."""

    memories: list[Memory]
    total: int
    next_cursor: str | None


class Added(TypedDict):
    """What is remembered now; ``added`` of it is new."""

    user_id: str
    memory_id: str | None
    content: str | None
    memories: list[Memory]
    added: int
    group_id: str | None
    group_ids: list[str]
    session_id: str | None
    batch_ids: list[str]
    pending: bool
    metadata: dict[str, Any] | None


class Changed(TypedDict):
    """What was changed; ``group_id`` undoes all of it."""

    changed: int
    memory_ids: list[str]
    change_ids: list[str]
    group_id: str | None


class Change(TypedDict):
    """One line of a memory's history."""

    id: str
    memory_id: str
    action: str
    actor: str
    at: str
    before: Memory | None
    after: Memory | None
    group_id: str | None
    undone_by: str | None


class Used(TypedDict):
    """A memory in the context of a reply, as it was then."""

    memory_id: str
    text: str
    subject: Subject
    kind: Kind
    category: str
    event_date: str | None
    reason: str
    score: float | None


class Context(TypedDict):
    """What a model would read for a message."""

    context: str
    tokens: int
    budget: int
    complete: bool
    memories: list[Used]


class Processed(TypedDict):
    """What an extraction did; with ``done: False`` it goes on in the background."""

    done: bool
    unfinished: int
    set_aside: int
    batches: int
    queued: int
    phase: str
    error: str | None
    added: int
    updated: int
    superseded: int
    closed: int
    archived: int


class Reply(TypedDict):
    """A reply. With ``help`` somebody may be in danger: show that first."""

    success: bool
    response: str
    user_id: str
    session_id: str
    message_id: str
    memories_used: list[str]
    memories: list[Used]
    timestamp: str
    metadata: dict[str, Any] | None
    help: dict[str, Any] | None
    notices: list[dict[str, str]]
    care: dict[str, Any] | None
    usage: dict[str, float]


class Stopped(TypedDict):
    """A reply that was stopped; ``message_id`` is ``None`` where none was being made."""

    message_id: str | None
    response: str


class Session(TypedDict):
    """A run of turns between one user and one persona."""

    session_id: str
    user_id: str
    persona_id: str
    title: str
    pinned: bool
    folder: str
    created_at: str
    updated_at: str


class Sessions(TypedDict):
    """Sessions, the most recently used first."""

    sessions: list[Session]
    next_offset: int | None


class Message(TypedDict):
    """One message of a session."""

    message_id: str
    session_id: str
    number: int
    role: Literal["user", "assistant"]
    text: str
    created_at: str
    state: str
    reply_to: str | None
    opening: bool
    remember: bool
    care: str | None
    rating: Literal["up", "down"] | None
    memories_used: list[str]
    memories_learnt: list[str]
    trace: str | None


class Messages(TypedDict):
    """The last messages of a session, oldest first."""

    session: Session
    messages: list[Message]
    total: int
    next_before: int | None


class Trace(TypedDict):
    """What shaped a reply."""

    message_id: str
    model: str
    created_at: str
    memories: list[Used]
    usage: dict[str, float]


class User(TypedDict):
    """A profile."""

    user_id: str
    name: str
    language: str
    timezone: str | None
    region: str | None
    tenant_id: str | None
    created_at: str
    demo: bool


class Imported(TypedDict):
    """What an import did or would do."""

    dry_run: bool
    format: str
    counts: dict[str, int]
    group_id: str | None
    wrong: list[dict[str, Any]]


class Event(TypedDict):
    """One event of a streamed reply: ``start``, ``token``, ``retract`` or ``done``."""

    event: str
    data: dict[str, Any]
