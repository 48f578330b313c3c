"""Risk assessment: what kind of danger the last messages speak of, and how pressing it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from memory.types import SAFETY_KINDS, RiskKind


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
    return stored if stored in SAFETY_KINDS else "suicide"


def heaviest(kinds: Iterable[str]) -> str:
    """The most serious of the kinds; those that a later version knows come last.

    Example: ``heaviest(["friend", "suicide"])`` is ``"suicide"``.
    """
    known: dict[str, int] = {kind: place for place, kind in enumerate(SAFETY_KINDS)}
    return min(kinds, key=lambda kind: known.get(kind, len(known)))
