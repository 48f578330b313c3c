"""Model ports: chat models and embedders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from memory.types.attachments import Attachment
from memory.types.care import CarePhase
from memory.types.context import Context
from memory.types.conversation import Message, Persona
from memory.types.languages import Language
from memory.types.memories import Owner

if TYPE_CHECKING:
    from memory.types.extraction import Mood


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """All a chat model needs for one reply; ``history`` is oldest first and
    ends before ``message``. ``care`` is the kind of danger that counts in this turn,
    ``urgent`` whether something is happening right now, and ``care_phase`` what the
    turn is, seen from the danger; ``remember`` is false for a turn of which nothing will
    be kept. ``minor``: the user is under 18. ``attachment`` is what the message says of
    the bond with the companion (:mod:`memory.chat.safety.attachment`). ``whole``: nobody
    reads along, so that pieces may come late. ``earlier_answers`` to the same message are
    those that somebody wanted another one for. ``attachments`` are what was given with the
    message, and after them what was given lately. ``summary`` tells of the turns before
    ``history``."""

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
    urgent: bool = False
    care_phase: CarePhase | None = None
    remember: bool = True
    minor: bool = False
    attachment: str | None = None
    whole: bool = False
    mood: Mood | None = None
    earlier_answers: tuple[str, ...] = ()
    summary: str = ""
    attachments: tuple[Attachment, ...] = ()


class ThoughtRetraction(str):
    """An empty piece of a reply: all that was said before it turned out to be a thought."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one model call; ``estimated`` if the endpoint didn't say. Those of documents
    and pictures are part of the prompt's, and always estimated."""

    prompt_tokens: int = 0
    reply_tokens: int = 0
    estimated: bool = True
    document_tokens: int = 0
    picture_tokens: int = 0


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


EmbeddingPurpose: TypeAlias = Literal["query", "passage"]
"""What a vector is for: some models want a question marked as one, and a text as one."""


class Embedder(Protocol):
    """Texts to dense vectors. ``name`` is recorded with the collection."""

    @property
    def name(self) -> str: ...

    @property
    def dims(self) -> int: ...

    def embed(
        self, texts: Sequence[str], purpose: EmbeddingPurpose = "passage"
    ) -> list[list[float]]: ...
