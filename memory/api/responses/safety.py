"""Response models of help for somebody who may be in danger."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from memory.chat.safety import Help, Helpline
from memory.types import Language


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
