"""Help in reach: the first words and the numbers for one danger, in one language."""

from __future__ import annotations

from dataclasses import dataclass

from memory.care.helplines import CareKind, Helpline, helplines, region_of
from memory.care.openings import opening
from memory.types import Language, User

# Which order of lines a danger gets; all others get the crisis lines first.
_ORDER: dict[str, CareKind] = {"danger": "danger", "self_harm": "self_harm"}


# Where police and ambulance have numbers of their own, a body in danger needs the second.
_BODY = frozenset({"suicide", "self_harm"})
_AMBULANCE = ("急救", "救护", "Ambulance")


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
        kind: A :data:`memory.care.assessment.RiskKind`.
        language: In which the person wrote.
        user: Their region, or else their time zone, says whom they can call.
        timezone: Of the installation, for a user without one.
        urgent: Something is happening right now.
    """
    region = user.region or region_of(user.timezone or timezone, language)
    lines = helplines(region, language, _ORDER.get(kind, "suicide"))
    if urgent:
        lines = tuple(sorted(lines, key=lambda line: _urgent_rank(line, kind)))
    return Help(kind, urgent, language, opening(kind, language, urgent=urgent), lines)


def _urgent_rank(line: Helpline, kind: str) -> tuple[bool, bool]:
    ambulance = any(word in line.name for word in _AMBULANCE)
    return line.kind != "emergency", kind in _BODY and not ambulance
