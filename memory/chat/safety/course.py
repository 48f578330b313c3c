"""Course of a danger: what each message of the user does to the state of care (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memory.chat.safety.assessment import Assessment, heaviest
from memory.chat.safety.over import ending, without_ending
from memory.types import URGENT_FRESH, URGENT_LASTS, CarePhase, CareState, Message, Owner

WINDOW = 6
"""How many of the user's messages are looked at together, the new one included."""

ENOUGH_DOUBTS = 2
"""Waved away in passing so often, a danger in which nothing was done is over."""

Assess = Callable[[Sequence[str]], Assessment]


@dataclass(frozen=True, slots=True)
class CareStep:
    """What a message did.

    Attributes:
        sign: The kind of danger that the message itself speaks of, or ``distress``.
        state: The state after it; None if there never was one.
        phase: What the turn is, None where nothing is the matter.
        changed: Whether ``state`` has to be stored.
        rises: Whether the danger begins, becomes pressing or gives way to a heavier one with
            this message: one more alarm.
        young: Whether one of the texts tells that the writer is under 18.
        told: The heaviest danger that earlier messages of the session speak of and that was
            never said to be past, however long ago; None if there is none.
    """

    sign: str | None = None
    state: CareState | None = None
    phase: CarePhase | None = None
    changed: bool = False
    rises: bool = False
    young: bool = False
    told: str | None = None


def window(
    history: Sequence[Message], text: str, state: CareState | None, now: datetime
) -> list[str]:
    """The texts to look at together, ``text`` last.

    What was said before a danger was over, or so long ago that it would be over by
    now, doesn't come up again.

    Args:
        history: The session so far, oldest first.
        text: The new message.
        state: As it was stored, in force or not.
        now: When the message was said.
    """
    said = [m for m in _not_past(history, state) if now - m.created_at < URGENT_LASTS]
    late = said[-WINDOW + 1 :]
    # "I took them" is understood by what was said of dying, however long ago.
    signs = [m for m in said if m.care not in (None, "distress") and m not in late]
    return [*(message.text for message in [*signs[-1:], *late]), text]


def told(history: Sequence[Message], state: CareState | None) -> str | None:
    """The heaviest danger that a session's messages speak of, unless it was said to be past.

    A model that reads them again a week later must not take them for plans either.

    Args:
        history: The session so far, oldest first.
        state: As it was stored, in force or not.
    """
    signs = {message.care for message in _not_past(history, state)} - {None, "distress"}
    return heaviest(sign for sign in signs if sign) if signs else None


def _not_past(history: Sequence[Message], state: CareState | None) -> list[Message]:
    """The user's messages since they last said that a danger is past."""
    since = state.over_at if state is not None else None
    mine = [message for message in history if message.role == "user"]
    return mine if since is None else [one for one in mine if one.created_at > since]


def follow(
    owner: Owner,
    session_id: str,
    texts: Sequence[str],
    state: CareState | None,
    now: datetime,
    assess: Assess,
) -> CareStep:
    """What the newest of ``texts`` does to ``state``.

    Args:
        owner: Who says it, and to whom.
        session_id: Where.
        texts: As :func:`window` gives them.
        state: As it was stored, in force or not.
        now: When it was said.
        assess: :func:`memory.chat.safety.window.assess_window`.
    """
    newest = texts[-1]
    held = state if state is not None and state.holds(now) else None
    said = ending(newest, held.kind) if held is not None else None
    rest = assess([without_ending(newest)]) if said is not None else Assessment()
    if rest.alarms:
        # "It was a joke, but I did take them": the end isn't what counts.
        said = None
    # What alarms alone alarms in its window too, so most messages are looked at once.
    whole = assess(texts) if said is None else rest
    alone = assess([newest]) if whole.kind is not None and len(texts) > 1 else whole
    # Urgent by what was just said, not by what somebody has recovered from since.
    rises = whole.alarms and (
        held is None or (whole.urgent and not held.urgent and not assess(texts[:-1]).urgent)
    )
    if said is None and (alone.alarms or rises):
        return _noticed(owner, session_id, alone if alone.alarms else whole, whole, held, now)
    if held is None:
        # The gentle card comes with the message that gives cause for it, not with each after.
        distressed = alone.kind == "distress" or (
            whole.kind == "distress" and assess(texts[:-1]).kind != "distress"
        )
        sign = "distress" if distressed else None
        return CareStep(sign, None, "sign" if distressed else None, young=whole.young)
    if said is None:
        fresh = held.urgent_at is None or now - held.urgent_at < URGENT_FRESH
        return CareStep(alone.kind, held, "lasting" if fresh else "afterwards", young=whole.young)
    return replace(_ended(held, clear=said == "clear", now=now), young=whole.young)


def _noticed(
    owner: Owner,
    session_id: str,
    sign: Assessment,
    whole: Assessment,
    held: CareState | None,
    now: datetime,
) -> CareStep:
    kind = sign.kind or "suicide"
    urgent = sign.urgent or whole.urgent
    before = held.kind if held is not None else kind
    # One's own danger isn't forgotten over a friend's.
    heavier = heaviest([kind, before])
    state = CareState(
        owner=owner,
        session_id=session_id,
        kind=heavier,
        since=held.since if held is not None else now,
        sign_at=now,
        urgent_at=now if urgent else held.urgent_at if held is not None else None,
        young=whole.young or (held is not None and held.young),
    )
    rises = held is None or (urgent and not held.urgent) or heavier != before
    return CareStep(kind, state, "sign", changed=True, rises=rises, young=whole.young)


def _ended(held: CareState, *, clear: bool, now: datetime) -> CareStep:
    """What becomes of a danger that the person says is past."""
    doubts = held.doubts + 1
    if held.urgent_at is not None and now - held.urgent_at < URGENT_LASTS:
        if clear and held.kind == "friend":
            # Found is found: nothing presses any more, and somebody still has to stay.
            found = replace(held, urgent_at=None, doubts=doubts)
            return CareStep(None, found, "held", changed=True)
        return CareStep(None, held, "held")
    # Safe for tonight isn't yet safe from somebody.
    clear = clear and held.kind not in ("danger", "friend")
    if clear or doubts >= ENOUGH_DOUBTS:
        return CareStep(None, replace(held, over_at=now, doubts=doubts), "over", changed=True)
    return CareStep(None, replace(held, doubts=doubts), "doubted", changed=True)
