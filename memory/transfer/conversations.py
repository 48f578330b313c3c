"""Conversation import: conversations of other programs as sessions with messages."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from memory.db import title_of
from memory.transfer.importers.dialogue import in_order
from memory.transfer.parsed import ParsedConversation, ParsedFile, Said
from memory.transfer.preview import Options
from memory.types import Batch, BatchState, Message, Owner, Role, Session

_NAMES = uuid.UUID("6f1a3f2e-6e0c-4a63-9a4f-6d9d0b9a7c11")
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Seated:
    """A conversation as it would be stored; ``rows[i]`` is where ``messages[i]`` stands."""

    row: int
    session: Session
    messages: tuple[Message, ...]
    rows: tuple[int, ...]
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class ConversationScene:
    """Who talks with whom, and when an undated conversation was."""

    owner: Owner
    user_name: str
    persona_names: Collection[str]
    zone: ZoneInfo
    now: datetime


def roles(parsed: ParsedFile, scene: ConversationScene, options: Options) -> Mapping[str, Role]:
    """The side of each speaker whom the file only names."""
    personas = {name.casefold() for name in scene.persona_names}
    found: dict[str, Role] = {}
    for name in parsed.speakers:
        if options.speaker is not None:
            found[name] = "user" if name == options.speaker else "assistant"
        elif name.casefold() in personas:
            found[name] = "assistant"
        elif name.casefold() == scene.user_name.casefold():
            found[name] = "user"
    if options.speaker is None:
        clear = set(found.values())
        clear |= {line.role for talk in parsed.talks for line in talk.lines if line.role}
        for name in parsed.speakers:
            if name not in found:
                # Who speaks first in what somebody brings along is mostly they themselves.
                found[name] = "assistant" if "user" in clear else "user"
                clear.add(found[name])
    return found


def seated(
    parsed: ParsedFile, scene: ConversationScene, options: Options
) -> Iterator[Seated | ParsedConversation]:
    """Each conversation as a session; one in which the user says nothing as it is."""
    sides = roles(parsed, scene, options)
    for talk in parsed.talks:
        if options.talks is None or talk.row in options.talks:
            made = _seated(talk, sides, scene, options)
            yield made or talk


def _seated(
    talk: ParsedConversation, sides: Mapping[str, Role], scene: ConversationScene, options: Options
) -> Seated | None:
    spoken = [(line, line.role or sides.get(line.speaker, "assistant")) for line in talk.lines]
    if not any(role == "user" for _, role in spoken):
        return None
    session_id = _session_id(scene.owner, talk, spoken)
    batch_id = None if options.extract else str(uuid.uuid5(_NAMES, f"{session_id}/batch"))
    times = in_order(
        (_utc(line.at, scene.zone) for line in talk.lines), _start(talk, scene, options)
    )
    messages: list[Message] = []
    asked: str | None = None
    for number, ((line, role), at) in enumerate(zip(spoken, times, strict=True), 1):
        message = Message(
            id=str(uuid.uuid5(_NAMES, f"{session_id}/{number}")),
            session_id=session_id,
            owner=scene.owner,
            number=number,
            role=role,
            text=line.text,
            created_at=at,
            batch_id=batch_id,
            reply_to=asked if role == "assistant" else None,
            opening=role == "assistant" and asked is None,
        )
        asked = message.id if role == "user" else asked
        messages.append(message)
    first = next(line.text for line, role in spoken if role == "user")
    title = " ".join(talk.title.split())[:TITLE_LENGTH] or title_of(first)
    session = Session(session_id, scene.owner, title, times[0], times[-1])
    handled = batch_id and Batch(
        id=batch_id,
        owner=scene.owner,
        session_id=session_id,
        state=BatchState.DONE,
        created_at=scene.now,
        finished_at=scene.now,
        outcome={"imported": True},
    )
    rows = tuple(line.row for line in talk.lines)
    return Seated(talk.row, session, tuple(messages), rows, handled or None)


def _session_id(owner: Owner, talk: ParsedConversation, spoken: list[tuple[Said, Role]]) -> str:
    """The same for the same words, so that a file brought twice is told."""
    digest = hashlib.sha256(f"{owner.user_id}\0{owner.persona_id}\0{talk.title}".encode())
    for line, role in spoken:
        digest.update(f"\0{role}\0{line.text}".encode())
    return str(uuid.uuid5(_NAMES, digest.hexdigest()))


def _start(talk: ParsedConversation, scene: ConversationScene, options: Options) -> datetime:
    said = _utc(talk.at, scene.zone)
    if said is not None:
        return said
    latest = scene.now - timedelta(seconds=len(talk.lines))
    if options.day is None:
        return latest
    return min(latest, datetime.combine(options.day, time(12), tzinfo=scene.zone).astimezone(UTC))


def _utc(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
