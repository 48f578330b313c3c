"""Danger of a turn: what counts in it, by what was said now, before, or is remembered."""

from __future__ import annotations

from dataclasses import dataclass

from memory.chat.safety.assessment import heaviest
from memory.chat.safety.course import CareStep
from memory.types import CarePhase, Context


@dataclass(frozen=True, slots=True)
class TurnDanger:
    """What counts in one turn: of which kind, how pressing, and since when."""

    kind: str | None = None
    urgent: bool = False
    phase: CarePhase | None = None


def danger_of(step: CareStep, context: Context) -> TurnDanger:
    """The danger of a turn: by what was said now, or else earlier in the session or remembered."""
    state, phase = step.state, step.phase
    if phase is not None and state is not None:
        alarming = phase == "sign" and step.sign not in (None, "distress")
        # Who is in danger and speaks of somebody else is asked how they are themselves.
        beside = step.sign == "friend" and state.kind != "friend"
        kind = step.sign if alarming and not beside else state.kind
        return TurnDanger(kind, state.urgent and phase != "over", phase)
    if phase is not None:
        return TurnDanger(step.sign, False, phase)
    before = [step.told, *(item.memory.safety for item in context.items)]
    kinds = [kind for kind in before if kind]
    return TurnDanger(heaviest(kinds), False, "remembered") if kinds else TurnDanger()
