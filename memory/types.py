"""The words of the project as types (design: one name for one thing).

Everything in here is a frozen value without behaviour beyond small derived
properties. Pydantic models live where JSON enters (config, REST, exports);
inside, these dataclasses travel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
Role: TypeAlias = Literal["user", "assistant"]

DEFAULT_CATEGORIES: tuple[str, ...] = (
    "identity",
    "preference",
    "relationship",
    "health",
    "work_study",
    "habit",
    "emotion",
    "event",
    "plan",
    "belief",
    "other",
)


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
    ``created_at`` and ``updated_at`` are aware UTC datetimes. ``lead_in`` is what
    was said just before, for raw turns that can't be found by their own words
    ("Yes, last year!"): it is searched at half weight and never shown.
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
    lead_in: str = ""


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


@dataclass(frozen=True, slots=True)
class MemoryFilter:
    """What a list, count, facet or search is limited to. Empty fields don't limit.

    ``event_from``/``event_to`` are inclusive days; a memory dated ``2024-05``
    covers that whole month. ``statuses`` defaults to what is in force.
    """

    subjects: frozenset[Subject] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    categories: frozenset[str] = frozenset()
    statuses: frozenset[Status] = frozenset({Status.ACTIVE})
    event_from: date | None = None
    event_to: date | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    importance_min: int | None = None
    pinned: bool | None = None
    session_id: str | None = None
    batch_id: str | None = None
    ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. ``score`` is in [0, 1], the rest explains it."""

    memory: Memory
    score: float
    dense: float = 0.0
    cjk: float = 0.0
    words: float = 0.0
    boosts: Mapping[str, float] = field(default_factory=dict)


# --- people and conversation -------------------------------------------------


@dataclass(frozen=True, slots=True)
class User:
    """A local profile. ``region`` is an ISO 3166 country code for help lines."""

    id: str
    name: str
    created_at: datetime
    language: Literal["auto", "zh", "en"] = "auto"
    timezone: str | None = None
    region: str | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class PersonaText:
    """A persona in one language."""

    name: str
    tagline: str
    temperament: str
    speaking_style: str
    backstory: str
    opening_lines: tuple[str, ...]
    boundaries: tuple[str, ...]
    mood_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """The companion character; ``id`` is the file name and mem0's ``agent_id``."""

    id: str
    avatar: str
    texts: Mapping[Language, PersonaText]

    def text(self, language: Language) -> PersonaText:
        """The persona in ``language``."""
        return self.texts[language]


@dataclass(frozen=True, slots=True)
class Session:
    """A run of turns between one user and one persona."""

    id: str
    owner: Owner
    title: str
    created_at: datetime
    updated_at: datetime


class MessageState(StrEnum):
    """How far a message got. ``streaming`` never survives a restart."""

    DONE = "done"
    STREAMING = "streaming"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``number`` counts from 1 within its session.

    ``remember`` is false for turns that must never be extracted. ``batch_id``
    is set once the message was handed to an extraction. ``care`` marks a user
    message that was answered with help lines first. An ``opening`` line is an
    assistant message with no user message before it.
    """

    id: str
    session_id: str
    owner: Owner
    number: int
    role: Role
    text: str
    created_at: datetime
    state: MessageState = MessageState.DONE
    remember: bool = True
    batch_id: str | None = None
    care: str | None = None
    reply_to: str | None = None
    opening: bool = False


# --- context and traces ------------------------------------------------------


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
    reported them) and milliseconds."""

    message_id: str
    items: tuple[TraceItem, ...]
    created_at: datetime
    model: str = ""
    context_tokens: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    context_ms: float = 0.0
    first_token_ms: float = 0.0
    total_ms: float = 0.0


# --- models ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """All a chat model needs for one reply; ``history`` is oldest first and
    ends before ``message``. ``care`` is the kind of danger noticed, if any.
    ``system_note`` asks for something beyond an answer (e.g. suggest a pause)."""

    owner: Owner
    persona: Persona
    language: Language
    message: str
    history: tuple[Message, ...]
    context: Context
    now: datetime
    timezone: str
    user_name: str
    care: str | None = None
    system_note: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call; ``estimated`` if the endpoint didn't say."""

    prompt_tokens: int = 0
    reply_tokens: int = 0
    estimated: bool = True


class ReplyStream(Protocol):
    """Pieces of a reply as they come; ``usage`` is final once exhausted."""

    @property
    def usage(self) -> Usage: ...

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None: ...


class ChatModel(Protocol):
    """What speaks: a language model behind an endpoint, or the built-in rules."""

    @property
    def name(self) -> str: ...

    @property
    def is_builtin(self) -> bool: ...

    def reply(self, request: ReplyRequest) -> ReplyStream: ...


class Embedder(Protocol):
    """Texts to dense vectors. ``name`` is recorded with the collection."""

    @property
    def name(self) -> str: ...

    @property
    def dims(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> list[list[float]]: ...


# --- extraction --------------------------------------------------------------


class Action(StrEnum):
    """What an extraction proposes for one memory."""

    ADD = "ADD"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Operation:
    """One item of an extraction reply (the contract in docs/extraction.md).

    ``id`` is the small integer under which an existing memory was shown;
    ``source`` holds message numbers of the batch (1 is its first message).
    Fields that the reply left out are ``None``; deciding fills them in.
    """

    action: Action
    text: str = ""
    id: int | None = None
    subject: Subject | None = None
    kind: Kind | None = None
    category: str | None = None
    event_date: str | None = None
    importance: int | None = None
    source: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractionRequest:
    """A whole batch for one extraction.

    ``known`` are the nearest existing memories; ``known[i]`` is shown as
    ``i + 1``. ``messages`` are in order; ``messages[i]`` is number ``i + 1``.
    """

    owner: Owner
    persona: Persona
    language: Language
    messages: tuple[Message, ...]
    known: tuple[Memory, ...]
    timezone: str
    user_name: str
    categories: tuple[str, ...] = DEFAULT_CATEGORIES
    max_memories: int = 8


@dataclass(frozen=True, slots=True)
class ExtractionReply:
    """What an extraction model answered and what was read from it.

    ``repairs`` names, in order, what the reader had to do to read it.
    """

    operations: tuple[Operation, ...]
    raw: str = ""
    repairs: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    calls: int = 1


class ExtractionModel(Protocol):
    """Dialogue to proposed operations: a language model or the built-in rules.

    Raises :class:`memory.errors.ModelError` when the endpoint fails and
    :class:`memory.errors.UnreadableReply` when nothing could be read twice.
    """

    @property
    def name(self) -> str: ...

    @property
    def is_builtin(self) -> bool: ...

    def extract(self, request: ExtractionRequest) -> ExtractionReply: ...


# --- changes -----------------------------------------------------------------


class ChangeAction(StrEnum):
    """What happened to a memory."""

    ADD = "add"
    EDIT = "edit"
    MERGE = "merge"
    SUPERSEDE = "supersede"
    CLOSE = "close"
    ARCHIVE = "archive"
    RESTORE = "restore"
    PIN = "pin"
    DELETE = "delete"


class Actor(StrEnum):
    """Who changed a memory."""

    EXTRACTION = "extraction"
    HAND = "hand"
    API = "api"
    IMPORT = "import"
    UNDO = "undo"
    DEMO = "demo"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the journal: enough to redo and to undo.

    ``before``/``after`` are whole memories (``None``: did not exist / no longer
    exists). ``group_id`` ties the changes of one batch or one bulk action.
    ``applied`` is false between writing the journal and writing the store;
    start-up applies what is still owed. ``undone_by`` is the change that undid it.
    """

    id: str
    owner: Owner
    memory_id: str
    action: ChangeAction
    actor: Actor
    at: datetime
    before: Memory | None
    after: Memory | None
    group_id: str | None = None
    applied: bool = False
    undone_by: str | None = None


class BatchState(StrEnum):
    """Where a batch stands."""

    PENDING = "pending"
    WORKING = "working"
    RETRY = "retry"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Batch:
    """The turns handed to one extraction.

    ``next_at`` is the earliest next try; ``error`` is a code of
    :mod:`memory.errors` plus detail, never message text.
    """

    id: str
    owner: Owner
    session_id: str
    state: BatchState
    created_at: datetime
    message_ids: tuple[str, ...] = ()
    attempts: int = 0
    next_at: datetime | None = None
    error: str | None = None
    finished_at: datetime | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)
