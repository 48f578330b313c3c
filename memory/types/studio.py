"""Studio types: prompts and personas in versions, and what comes of trying them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from memory.types.languages import Language
from memory.types.memories import Owner, Role

TextKind: TypeAlias = Literal["extract", "chat", "persona"]


@dataclass(frozen=True, slots=True)
class StudioText:
    """One saved version of a prompt or a persona.

    ``name`` is the language of a prompt, or a persona's id. Of all versions of a
    text at most one is ``active``; where none is, the shipped file is in use.
    """

    id: str
    kind: TextKind
    name: str
    body: str
    created_at: datetime
    note: str = ""
    active: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """A moment of a conversation: what was said, and the message that wants a reply.

    One of a real session names the message (``owner`` and ``message_id``) and holds no
    words of its own; a written one holds all of them and is nobody's. ``history`` is oldest
    first; ``memories`` are sentences about the user that are remembered then.
    """

    id: str
    name: str
    language: Language
    message: str = ""
    history: tuple[tuple[Role, str], ...] = ()
    memories: tuple[str, ...] = ()
    user_name: str = ""
    owner: Owner | None = None
    message_id: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrialSide:
    """What one side of a trial spoke with, as it was then.

    ``prompt`` and ``persona`` are the whole texts; ``prompt`` is empty where rules speak,
    who read none.
    """

    label: str
    model: str
    persona_id: str
    persona: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class TriedReply:
    """What one side said, or the code of what went wrong."""

    text: str = ""
    error: str = ""
    milliseconds: float = 0.0
    prompt_tokens: int = 0
    reply_tokens: int = 0


TrialRating: TypeAlias = Literal["a", "b", "same", "neither"]
TRIAL_RATINGS: tuple[TrialRating, ...] = get_args(TrialRating)
"""Which reply is better: that of one side, both as good, or both not good."""


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """The replies of all sides to one situation, and which of them is better."""

    number: int
    situation_id: str
    name: str
    message: str
    replies: tuple[TriedReply, ...]
    rating: TrialRating | None = None
    owner: Owner | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyTrial:
    """Sides compared on situations of one language; kept with its answers.

    ``number`` counts the trials of an installation.
    """

    id: str
    number: int
    language: Language
    sides: tuple[TrialSide, ...]
    created_at: datetime
    answers: tuple[TrialAnswer, ...] = ()

    def tally(self) -> dict[TrialRating, int]:
        """How often each rating was given."""
        return {
            value: sum(answer.rating == value for answer in self.answers) for value in TRIAL_RATINGS
        }
