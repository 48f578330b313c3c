"""Parsed file: what was found in it, before anybody decides what of it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from memory.types import (
    Batch,
    Change,
    Memory,
    Message,
    Role,
    Session,
    SettledFinding,
    Trace,
    User,
)

Part: TypeAlias = Literal["memory", "session", "message", "change", "trace", "batch", "file"]


class Format(StrEnum):
    """What kind of file it was. A format that is added says its own name."""

    NIANNIAN = "niannian"
    CSV = "csv"
    MEM0 = "mem0"
    CHATGPT = "chatgpt"
    SILLYTAVERN = "sillytavern"
    DIALOGUE = "text"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't be used; ``code`` and ``params`` as in :mod:`memory.errors`.

    ``row`` counts as the file does: lines of a text, a table or JSON lines, items of
    a JSON list from 1.
    """

    row: int
    code: str
    part: Part = "memory"
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundMemory:
    """A memory in the file. Its owner is what the file says, empty where it says nothing,
    and so is its id."""

    row: int
    memory: Memory


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a chat log.

    ``role`` is ``None`` where the file has only names. ``at`` without a time zone is
    in the user's; ``None`` where nothing says when.
    """

    row: int
    text: str
    role: Role | None = None
    speaker: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParsedConversation:
    """One conversation of a chat log."""

    row: int
    title: str
    lines: tuple[Said, ...]
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session of our own export with its messages."""

    row: int
    session: Session
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ParsedExport:
    """What our own export holds beside memories."""

    user: User | None = None
    sessions: tuple[KeptSession, ...] = ()
    changes: tuple[Change, ...] = ()
    traces: tuple[Trace, ...] = ()
    batches: tuple[Batch, ...] = ()
    settled: tuple[SettledFinding, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file as read: memories or conversations, and what is wrong in which row."""

    format: str
    memories: tuple[FoundMemory, ...] = ()
    talks: tuple[ParsedConversation, ...] = ()
    backup: ParsedExport | None = None
    wrong: tuple[Wrong, ...] = ()

    @property
    def users(self) -> tuple[str, ...]:
        """The users that memories of the file belong to, the one with most first."""
        counted = Counter(found.memory.owner.user_id for found in self.memories)
        return tuple(user for user, _ in counted.most_common())

    @property
    def speakers(self) -> tuple[str, ...]:
        """Names of speakers of whom the file doesn't say which side they are on."""
        named = (line.speaker for talk in self.talks for line in talk.lines if line.role is None)
        return tuple(dict.fromkeys(named))

    @property
    def undated(self) -> bool:
        """Whether nothing in the chat log says when it was."""
        return bool(self.talks) and not any(
            talk.at or any(line.at for line in talk.lines) for talk in self.talks
        )
