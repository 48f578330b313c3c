"""State of care: that somebody is in danger, since when, and how pressing it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args

from memory.types.memories import Owner

CARE_LASTS = timedelta(hours=24)
"""How long help stays in reach after the last sign of danger."""

URGENT_FRESH = timedelta(hours=3)
"""For so long after something was taken or done each turn asks for the emergency call."""

CARE_LINGERS = timedelta(days=3)
"""How long after the last sign opening lines stay calm, unless the person said that it is past:
what was said may not be a memory yet."""

URGENT_LASTS = timedelta(hours=12)
"""For so long after something was taken or done no word of the person's ends it."""

RiskKind: TypeAlias = Literal["suicide", "self_harm", "danger", "threat", "friend", "distress"]
"""What a danger is, the heaviest first.

``danger``: somebody hurts, threatens or stalks the writer. ``threat``: the writer speaks
of hurting others. ``friend``: somebody else is in danger and the writer worries.
``distress``: the middle band, which gets a gentle card instead of an alarm.
"""

SAFETY_KINDS: tuple[RiskKind, ...] = get_args(RiskKind)
"""The kinds that a memory can be marked with, the heaviest first."""

CarePhase: TypeAlias = Literal[
    "sign", "lasting", "afterwards", "doubted", "held", "over", "remembered"
]
"""What a turn is, as seen from the danger.

``sign``: the message itself speaks of danger. ``lasting``: it was spoken of before.
``afterwards``: the same, some hours after something was taken or done.
``doubted``: the danger was taken back in passing ("only joking"), which is not yet the
end. ``held``: the person says that it is past, too soon after something was taken or
done. ``over``: the person says that it is past, and it is. ``remembered``: a marked
memory is in the context or an older message of the session spoke of danger, nothing else.
"""


@dataclass(frozen=True, slots=True)
class CareState:
    """What was noticed of somebody in danger, and what has become of it.

    The danger is the person's, not the persona's: a state found with one persona counts
    with all of them, and in each new session.

    Attributes:
        owner: The pair in whose session the last sign was.
        session_id: That session.
        kind: What the danger is (a :data:`RiskKind`).
        since: When the first sign was.
        sign_at: When the last sign was.
        urgent_at: When something was last known to be happening (pills taken, bleeding);
            None if nothing is.
        young: The person told that they are under 18.
        doubts: How often the danger was taken back in passing since the last sign.
        over_at: When it ended by the person's own word; None while it hasn't.
    """

    owner: Owner
    session_id: str
    kind: str
    since: datetime
    sign_at: datetime
    urgent_at: datetime | None = None
    young: bool = False
    doubts: int = 0
    over_at: datetime | None = None

    @property
    def urgent(self) -> bool:
        """Whether something is happening now: the emergency number comes first."""
        return self.urgent_at is not None

    def holds(self, now: datetime) -> bool:
        """Whether the danger still counts at ``now``."""
        return self.over_at is None and now - self.sign_at < CARE_LASTS

    def lingers(self, now: datetime) -> bool:
        """Whether it counts, or ended by time alone and not long ago."""
        return self.over_at is None and now - self.sign_at < CARE_LINGERS
