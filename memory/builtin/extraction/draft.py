"""Extraction draft: what a rule found, before it becomes an operation of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from memory.types import Kind, Subject


@dataclass(frozen=True, slots=True)
class Draft:
    """One proposed memory.

    Attributes:
        clause: As it was said, where no rule read it: the classifier decides about it.
        own: Whether it names its subject or carries a date. If not, ``more`` can only
            be appended to what was said just before.
        more: What would be appended.
    """

    text: str
    category: str
    importance: int = 3
    subject: Subject = Subject.USER
    kind: Kind = Kind.CONSTANT
    event_date: str | None = None
    clause: str = ""
    own: bool = True
    more: str = ""

    @property
    def unread(self) -> bool:
        """Whether no rule read it."""
        return bool(self.clause)

    def with_feeling(self, feeling: str, said_on: date) -> Draft:
        """This event with how the speaker feels about it.

        What is still to come stays a plan: the feeling is only beside it.
        """
        ahead = self.category == "plan" or (self.event_date or "") > f"{said_on}"
        return replace(
            self,
            text=self.text + feeling,
            category=self.category if ahead else "emotion",
            importance=max(self.importance, 3),
        )


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Something planned is off. ``about`` is what ("面试"), ``day`` when, if said."""

    about: str
    day: str | None
    otherwise: Draft


@dataclass(frozen=True, slots=True)
class Retracted:
    """The speaker took back what was said before ("开玩笑的")."""


@dataclass(frozen=True, slots=True)
class Denied:
    """What held before holds no more. ``fact`` says what, without its subject ("住在北京")."""

    fact: str


Finding = Draft | Cancelled | Retracted | Denied


def last_read(found: Sequence[Finding]) -> int | None:
    """Place of the last finding but for clauses that no rule read."""
    for place in range(len(found) - 1, -1, -1):
        finding = found[place]
        if not (isinstance(finding, Draft) and finding.unread):
            return place
    return None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules know beyond the message itself.

    ``speaker`` is how the speaker of the message is written in memories: the user, or
    the persona's name. ``people`` maps names met in this batch to how they belong to
    the speaker ("小李": "用户的朋友小李").
    """

    said_on: date
    speaker: str
    people: dict[str, str] = field(default_factory=dict)


__all__ = ["Cancelled", "Denied", "Draft", "Finding", "Retracted", "Scene", "last_read"]
