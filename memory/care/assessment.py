"""Risk assessment: what kind of danger the last messages speak of, and how pressing it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

RiskKind: TypeAlias = Literal["suicide", "self_harm", "danger", "friend", "threat", "distress"]
"""What the danger is.

``danger``: somebody hurts, threatens or stalks the writer. ``friend``: somebody else is
in danger and the writer worries. ``threat``: the writer speaks of hurting others.
``distress``: the middle band, which gets a gentle card instead of an alarm.
"""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was noticed in a window of the user's last messages.

    Example: after "I already took half of them" following "I want to die" it is
    ``Assessment("suicide", urgent=True)``.

    Attributes:
        kind: None where nothing was noticed.
        urgent: Something is happening now (pills taken, bleeding, no answer any more):
            the emergency number comes first.
        young: The writer tells that they are under 18.
    """

    kind: RiskKind | None = None
    urgent: bool = False
    young: bool = False

    @property
    def alarms(self) -> bool:
        """Whether help lines are shown; ``distress`` gets the gentle card only."""
        return self.kind is not None and self.kind != "distress"


def risk_kind(stored: str) -> RiskKind:
    """A kind as it was stored; one that a later version wrote still gets the crisis lines."""
    return cast(RiskKind, stored) if stored in get_args(RiskKind) else "suicide"
