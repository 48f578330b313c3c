"""Memory types: the memory, its owner, and filters that choose some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, TypeAlias, get_args

from memory.types.conditions import Condition
from memory.types.languages import Language
from memory.types.triples import Triple

Role: TypeAlias = Literal["user", "assistant"]

Opinion: TypeAlias = Literal["positive", "negative", "very_negative"]
"""What somebody thinks of a memory."""

OPINIONS: tuple[Opinion, ...] = get_args(Opinion)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people think of a memory.

    ``opinion`` is the latest word on the memory itself. ``replies`` counts the replies with
    a thumb up in whose context it was, less those with a thumb down.
    """

    opinion: Opinion | None = None
    replies: int = 0


class Subject(StrEnum):
    """Who a memory is about."""

    USER = "user"
    AI = "ai"


class Kind(StrEnum):
    """Constant facts (恒常) and dated events (时序)."""

    CONSTANT = "constant"
    TEMPORAL = "temporal"


class Status(StrEnum):
    """Whether a memory is in force.

    ``superseded`` and ``archived`` memories are kept and can be brought back;
    ``closed`` is a plan that was cancelled. Only ``active`` ones are recalled.
    """

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    ARCHIVED = "archived"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """The pair a memory belongs to. Every read and write goes through it."""

    user_id: str
    persona_id: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a memory came from; all empty for one added by hand."""

    session_id: str | None = None
    message_ids: tuple[str, ...] = ()
    batch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """One self-contained sentence with its metadata.

    ``event_date`` is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` in the user's time
    zone: the day it happened or will happen, not the day it was stored.
    ``created_at`` and ``updated_at`` are aware UTC datetimes. ``safety`` is the kind of
    danger that the messages behind it speak of: a memory with such a mark is never a
    plan, never cheered on, never recited, and while it is in a context help is offered.

    ``metadata`` is free JSON of at most 16 KB that programs keep with a memory.
    ``app_id`` and ``run_id`` are mem0's scopes beside user and persona; ``run_id`` is
    kept where a program chose it, else the session of ``source`` stands for it. After
    ``expiration_date`` (``YYYY-MM-DD``) a memory isn't recalled any more. The words of an
    ``immutable`` one stay as they are. ``relations`` are those that a model found in the
    text; where there are none, rules read them (:mod:`memory.memories.graph.reading`).
    """

    id: str
    owner: Owner
    text: str
    subject: Subject
    kind: Kind
    category: str
    created_at: datetime
    updated_at: datetime
    event_date: str | None = None
    importance: int = 3
    pinned: bool = False
    status: Status = Status.ACTIVE
    language: Language = "zh"
    source: Source = field(default_factory=Source)
    supersedes: str | None = None
    superseded_by: str | None = None
    safety: str | None = None
    # Left out of the hash: a dictionary has none.
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    app_id: str | None = None
    run_id: str | None = None
    expiration_date: str | None = None
    immutable: bool = False
    relations: tuple[Triple, ...] = ()

    @property
    def scope_run(self) -> str | None:
        """mem0's ``run_id``: the run that a program chose, else the session."""
        return self.run_id or self.source.session_id

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expiration_date is not None and self.expiration_date < today.isoformat()


@dataclass(frozen=True, slots=True)
class MemoryDraft:
    """A memory that has not been stored yet: no id, no times."""

    text: str
    subject: Subject
    kind: Kind
    category: str = "other"
    event_date: str | None = None
    importance: int = 3
    pinned: bool = False
    language: Language | None = None
    source: Source = field(default_factory=Source)
    safety: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    app_id: str | None = None
    run_id: str | None = None
    expiration_date: str | None = None
    immutable: bool = False
    created_at: datetime | None = None


GIVEN_FIELDS = (
    "text",
    "subject",
    "kind",
    "category",
    "event_date",
    "importance",
    "pinned",
    "safety",
    "metadata",
    "app_id",
    "run_id",
    "expiration_date",
    "immutable",
)
"""What somebody gives or changes of a memory; the rest is kept about it."""


@dataclass(frozen=True, slots=True)
class MemoryFilter:
    """What a list, count, facet or search is limited to. Empty fields don't limit.

    ``event_from``/``event_to`` are inclusive days; a memory dated ``2024-05``
    covers that whole month. ``statuses`` defaults to what is in force. ``safety`` chooses
    those with the mark of a danger, or those without. ``where`` is a condition on any
    field, metadata included.
    """

    subjects: frozenset[Subject] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    categories: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset({Status.ACTIVE})
    personas: frozenset[str] = frozenset()
    event_from: date | None = None
    event_to: date | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    importance_min: int | None = None
    pinned: bool | None = None
    safety: bool | None = None
    session_id: str | None = None
    batch_id: str | None = None
    ids: frozenset[str] | None = None
    where: Condition | None = None


EVERYTHING = MemoryFilter(statuses=frozenset(Status))
"""In force or not."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. ``score`` is in [0, 1], the rest explains it."""

    memory: Memory
    score: float
    dense: float = 0.0
    cjk: float = 0.0
    words: float = 0.0
    boosts: Mapping[str, float] = field(default_factory=dict)
