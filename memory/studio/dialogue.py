"""Dialogue parser for trials: a pasted conversation as messages; nothing is stored."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from memory.errors import BadInput
from memory.studio.unstored import unstored_message
from memory.transfer.importers import dialogue
from memory.types import Message, Owner, Persona

PASTED = "pasted"
MOST_CHARACTERS = 30_000


def pasted_messages(
    text: str, owner: Owner, persona: Persona, zone: ZoneInfo, now: datetime
) -> tuple[Message, ...]:
    """The messages in ``text``.

    Lines such as "我：…" and "念念：…" begin a message, a line with a date says the day
    of what follows (see :mod:`memory.transfer.importers.dialogue`). Whoever isn't the persona is
    the user; text without any speaker is one message of the user.

    Args:
        text: What was pasted.
        owner: Whose conversation to take it for.
        persona: Its names are the assistant's.
        zone: For times without one of their own.
        now: The time of messages that say none (aware).

    Raises:
        BadInput: ``dialogue_empty`` or ``dialogue_long``.
    """
    if not text.strip():
        raise BadInput(code="dialogue_empty")
    if len(text) > MOST_CHARACTERS:
        raise BadInput(code="dialogue_long", given=len(text), limit=MOST_CHARACTERS)
    lines = [line for talk in dialogue.read(text).talks for line in talk.lines]
    if not lines:
        return (unstored_message(PASTED, owner, 1, "user", text.strip(), now),)
    names = {words.name.casefold() for words in persona.texts.values()}
    times = dialogue.in_order(
        (None if line.at is None else _aware(line.at, zone) for line in lines), now
    )
    return tuple(
        unstored_message(
            PASTED,
            owner,
            number,
            line.role or ("assistant" if line.speaker.casefold() in names else "user"),
            line.text,
            at,
        )
        for number, (line, at) in enumerate(zip(lines, times, strict=True), 1)
    )


def _aware(at: datetime, zone: ZoneInfo) -> datetime:
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
