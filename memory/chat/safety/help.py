"""Help in reach: the first words and the numbers for one danger, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from memory.chat.safety.assessment import risk_kind
from memory.chat.safety.crisis_messages import opening
from memory.chat.safety.helplines import Helpline, helplines, region_for
from memory.types import Language, User


@dataclass(frozen=True, slots=True)
class Help:
    """What somebody in danger is shown.

    Attributes:
        kind: What the danger is.
        urgent: Something is happening right now; the emergency number is the first line.
        language: Of the opening and of the lines' names.
        opening: What is said first.
        lines: Whom to call, the first one first.
    """

    kind: str
    urgent: bool
    language: Language
    opening: str
    lines: tuple[Helpline, ...]


def help_for(
    kind: str, language: Language, *, user: User, timezone: str, urgent: bool = False
) -> Help:
    """The help for a danger of ``kind`` where the user is.

    Args:
        kind: A :data:`memory.types.RiskKind`, as stored.
        language: In which the person wrote.
        user: Their region, or else their time zone, says whom they can call.
        timezone: Of the installation, for a user without one.
        urgent: Something is happening right now.
    """
    region = region_for(user, timezone, language)
    lines = helplines(region, language, risk_kind(kind), urgent=urgent, young=bool(user.minor))
    return Help(kind, urgent, language, opening(kind, language, urgent=urgent), lines)
