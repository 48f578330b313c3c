"""Conversation types: users, personas, sessions and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

from memory.types.attachments import Attachment
from memory.types.languages import FALLBACK, Language
from memory.types.memories import Owner, Role

NAME_LENGTH = 80
"""Characters of a user's name."""
CONTACT_LENGTH = 200
"""Characters of an emergency contact."""

Rating: TypeAlias = Literal["up", "down"]
"""What somebody thinks of a reply."""

AgeSource: TypeAlias = Literal["said", "stated", "designer"]
"""From whom it is known whether a user is under 18: a message, the statement at the
first visit, or a designer who put it right."""


@dataclass(frozen=True, slots=True)
class User:
    """A profile. ``region`` is an ISO 3166 country code for help lines.

    ``login`` is who this is to the login provider; ``None`` for a local profile.
    ``minor``: under 18; ``None`` where nobody said. ``emergency_contact`` is free text
    that the person left; nothing is ever sent to it by itself. ``tenant_id`` is whose user
    this is, where a program serves several tenants.
    """

    id: str
    name: str
    created_at: datetime
    language: Literal["auto"] | Language = "auto"
    timezone: str | None = None
    region: str | None = None
    demo: bool = False
    role: Literal["person", "designer"] = "person"
    login: str | None = None
    minor: bool | None = None
    age_at: datetime | None = None
    age_source: AgeSource | None = None
    emergency_contact: str | None = None
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class PersonaText:
    """A persona in one language.

    ``example_lines`` are exchanges that show its voice, ``what somebody says => what it
    answers``; a model learns a voice from them sooner than from its description.
    """

    name: str
    tagline: str
    temperament: str
    speaking_style: str
    backstory: str
    opening_lines: tuple[str, ...]
    boundaries: tuple[str, ...]
    mood_lines: tuple[str, ...] = ()
    example_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Persona:
    """The companion character; ``id`` is the file name and mem0's ``agent_id``."""

    id: str
    avatar: str
    texts: Mapping[Language, PersonaText]

    def text(self, language: Language) -> PersonaText:
        """The persona in ``language``; in English if it has no text of it."""
        return self.texts.get(language) or self.texts[FALLBACK]


SUMMARY_LENGTH = 2000
"""Characters of a summary, however it was made."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What the older turns of a session were about.

    ``upto`` is the number of the last message in it; ``edited`` says that a person wrote
    this text. The tokens are those of all requests that went into it.
    """

    text: str
    upto: int
    updated_at: datetime
    edited: bool = False
    prompt_tokens: int = 0
    reply_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A run of turns between one user and one persona.

    ``summary`` stands for the turns that no longer go along with a message; ``folder`` is
    the name of the one that somebody put it in.
    """

    id: str
    owner: Owner
    title: str
    created_at: datetime
    updated_at: datetime
    pinned: bool = False
    folder: str = ""
    summary: SessionSummary | None = None


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
    assistant message with no user message before it. ``text`` holds a line for each of
    the ``attachments``, before what was typed.

    ``parent_id`` is the message that this one follows; several with one parent are its
    versions, of which one is in force. ``aside`` is the step in which a version was set
    aside, ``kept_state`` its state before. ``original`` is what a reply said before
    somebody wrote it differently, ``rating`` what they think of it.
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
    parent_id: str | None = None
    aside: str | None = None
    kept_state: MessageState | None = None
    original: str | None = None
    rating: Rating | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def typed(self) -> str:
        """The text without the lines that stand for attachments."""
        text = self.text
        for attachment in self.attachments:
            if not attachment.mark:
                continue
            text = text.removeprefix(attachment.mark).removeprefix("\n")
        return text
