"""Extraction types: from dialogue to proposed operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from memory.types.categories import DEFAULT_CATEGORIES
from memory.types.conversation import Message, Persona
from memory.types.extraction_settings import NO_SETTINGS, ExtractionSettings
from memory.types.languages import Language
from memory.types.memories import Kind, Memory, Owner, Subject
from memory.types.models import Usage
from memory.types.triples import Triple

MAX_MEMORIES = 8
"""Memories of one batch at most, unless said otherwise."""


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
    relations: tuple[Triple, ...] = ()


MOOD_MOST = 2
"""Moods are rated from minus this (very bad) to this (very good)."""


@dataclass(frozen=True, slots=True)
class Mood:
    """How the user felt in a batch: ``score`` from -2 to 2, and a word for it if given."""

    score: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class ExtractionRequest:
    """A whole batch for one extraction.

    ``known`` are the nearest existing memories; ``known[i]`` is shown as
    ``i + 1``. ``messages`` are in order; ``messages[i]`` is number ``i + 1``.
    ``before`` are a few messages before them, for what "there" and "she" point to; nothing
    is remembered of those. ``settings`` are the wishes that hold for this batch.
    """

    owner: Owner
    persona: Persona
    language: Language
    messages: tuple[Message, ...]
    known: tuple[Memory, ...]
    timezone: str
    user_name: str
    categories: tuple[str, ...] = DEFAULT_CATEGORIES
    settings: ExtractionSettings = NO_SETTINGS
    max_memories: int = MAX_MEMORIES
    before: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtractionReply:
    """What an extraction model answered and what was read from it.

    ``repairs`` names, in order, what the reader had to do to read it. ``mood`` is
    the user's in this batch; ``None`` where nothing was said of it.
    """

    operations: tuple[Operation, ...]
    raw: str = ""
    repairs: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    calls: int = 1
    mood: Mood | None = None


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
