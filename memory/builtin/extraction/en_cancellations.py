"""English cancellations: plans that are off or were moved."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re

from memory.builtin.extraction.draft import Cancelled, Draft, Scene
from memory.builtin.extraction.en_subjects import subject_of
from memory.builtin.extraction.en_text import conjugated, third_person
from memory.builtin.extraction.en_words import USER
from memory.nlp import dates
from memory.nlp.dates import DateMention
from memory.types import Kind

_I = re.IGNORECASE
_CANCELLED = re.compile(
    r"(?:(?:my|the|our|that|this) )?(?P<about>[\w' -]{3,50}?) (?:was|got|has been|is|has just been|were|just got|have been)(?: just)? (?:cancell?ed|called off|off(?! (?:to|for|on|work|school|duty)\b)|scrapped)(?: .{0,30})?",
    _I,
)
_I_CANCELLED = re.compile(
    r"(?:i|we|they)(?:'ve| have| had to| just)* (?:cancell?ed|called off|cancel|call off) (?:my |the |our )?(?P<about>[\w' -]{3,50})",
    _I,
)
_NOT_GOING = re.compile(
    r"(?:i|we)(?:'m| am|'re| are)? (?:not|no longer) (?:going|doing|attending|flying|travell?ing|moving|taking|having)(?: to| on| with)?(?: go| do| take| the| my)* ?(?P<about>[\w' -]{3,50}?)(?: any ?more| after all)",
    _I,
)
_POSTPONED = re.compile(
    r"(?:(?:my|the|our) )?(?P<about>[\w' -]{3,40}?) (?:was|got|has been|is|were)(?: just| been)? (?:moved|postponed|rescheduled|pushed|delayed|shifted)(?: back| forward)? (?:to|until|till)\b",
    _I,
)


def called_off(clause: str, mentions: list[DateMention], scene: Scene) -> Cancelled | None:
    """What ``clause`` says is off ("the interview was cancelled") or moved."""
    bare = clause
    for mention in reversed(mentions):
        bare = bare[: mention.begin] + bare[mention.stop :]
    bare = " ".join(bare.split())
    moved = _postponed(bare)
    if moved and mentions:
        target = mentions[-1].towards(future=True)
        text = f"{USER}'s {moved} was moved to {dates.absolute(target, scene.said_on, 'en')}"
        draft = Draft(text, "plan", 3, kind=Kind.TEMPORAL, event_date=target.date_str)
        return Cancelled(moved, None, draft)
    what = _cancelled(bare)
    if what is None:
        return None
    day = mentions[0].towards(future=True) if mentions else None
    event_date = day.date_str if day else scene.said_on.isoformat()
    when = f" on {dates.absolute(day, scene.said_on, 'en')}" if day else ""
    what = re.sub(r"^(?:my|the|our) ", "", what)
    text = f"{USER}'s {what}{when} was cancelled"
    if re.search(r"\b(?:not|no longer)\b", bare):
        text = f"{USER} {third_person(conjugated(subject_of(bare, USER, scene).predicate))}{when}"
    otherwise = Draft(
        text,
        "event",
        2,
        kind=Kind.TEMPORAL,
        event_date=event_date,
    )
    return Cancelled(what, day.date_str if day else None, otherwise)


def _cancelled(clause: str) -> str | None:
    for pattern in (_I_CANCELLED, _NOT_GOING, _CANCELLED):
        match = pattern.fullmatch(clause)
        if match:
            return match["about"].strip()
    return None


def _postponed(clause: str) -> str | None:
    match = _POSTPONED.match(clause)
    return match["about"].strip() if match else None
