"""Demo seeder: writes one user's demo story into the database and the store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from memory.db import Database
from memory.extraction.worker import ExtractionWorker
from memory.memories import MemoryService
from memory.nlp.dates.names import MONTHS
from memory.nlp.words import han_pairs
from memory.types import (
    Actor,
    Change,
    ChangeAction,
    Kind,
    Language,
    Memory,
    Message,
    MessageState,
    Owner,
    Persona,
    Reason,
    Source,
    Status,
    Subject,
    Trace,
    TraceItem,
)

BETWEEN_MESSAGES = timedelta(seconds=47)
TRACE_ITEMS = 4
"""Recalled ones in the trace of a reply, beside those that are pinned."""

_DAY_MARK = re.compile(r"\{d([+-]\d+)?\}")


class DemoServices(Protocol):
    """What of the container is needed here."""

    @property
    def db(self) -> Database:
        """Users, sessions, messages and the journal."""

    @property
    def memory_service(self) -> MemoryService:
        """What changes memories."""

    @property
    def extraction_worker(self) -> ExtractionWorker:
        """What would extract the story's sessions a second time."""

    @property
    def clock(self) -> Callable[[], datetime]:
        """The present moment, aware."""

    def erase_user(self, user_id: str) -> None:
        """Erase everything about a user."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One memory of the story, with what ties it to others."""

    memory: Memory
    key: str | None
    replaces: str | None
    closed: bool
    batch_id: str | None


class DemoSeeder:
    """Writes one user's story with one persona into the database and the store."""

    def __init__(
        self, house: DemoServices, owner: Owner, user: Mapping[str, Any], persona: Persona
    ) -> None:
        self._house = house
        self._owner = owner
        self._language: Language = user["language"]
        self._zone = ZoneInfo(user["timezone"])
        self._persona = persona
        self._now = house.clock().astimezone(UTC)
        self._today = self._now.astimezone(self._zone).date()

    def tell(self, part: Mapping[str, Any]) -> None:
        """Write one part: its memories, sessions, batches and traces."""
        told = [self._memory(entry, entry["at"]) for entry in part["memories"]]
        talks: list[tuple[str, list[Message], list[_Told]]] = []
        moods: dict[str, Mapping[str, Any]] = {}
        for session in part.get("session", ()):
            talks.append(self._session(session))
            told += talks[-1][2]
            moods[talks[-1][0]] = dict(session["mood"])
        changes = list(self._changes(told))
        for batch_id, _, mine in talks:
            ids = {entry.memory.id for entry in mine}
            self._house.memory_service.commit(
                [change for change in changes if change.memory_id in ids],
                finish_batch=batch_id,
                outcome={"demo": True, "mood": moods[batch_id]},
            )
        spoken = {entry.memory.id for _, _, mine in talks for entry in mine}
        self._house.memory_service.commit([c for c in changes if c.memory_id not in spoken])
        for _, messages, mine in talks:
            self._traces(messages, [*told], {entry.memory.id for entry in mine})

    # --- sessions -----------------------------------------------------------------

    def _session(self, session: Mapping[str, Any]) -> tuple[str, list[Message], list[_Told]]:
        begun = self._at(session["day"], session["time"])
        db, owner = self._house.db, self._owner
        made = db.sessions.create(owner, session["title"], created_at=begun)
        messages: list[Message] = []
        name = self._persona.text(self._language).name
        for index, line in enumerate(session["lines"]):
            speaker, text = re.split(r"：|: ", line, maxsplit=1)
            role = "assistant" if speaker == name else "user"
            asked = messages[-1].id if messages and role == "assistant" else None
            messages.append(
                db.messages.add(
                    owner,
                    made.id,
                    "assistant" if role == "assistant" else "user",
                    text,
                    state=MessageState.DONE,
                    reply_to=asked,
                    opening=role == "assistant" and not messages,
                    created_at=begun + index * BETWEEN_MESSAGES,
                )
            )
        batch = db.batches.make(owner, made.id)
        batch_id = batch.id if batch else ""
        told = [
            self._memory(entry, session["day"], messages, batch_id, begun)
            for entry in session["memories"]
        ]
        return batch_id, messages, told

    def _traces(self, messages: Sequence[Message], told: Sequence[_Told], new: set[str]) -> None:
        """Which memories the replies had before them: what was known on that day."""
        asked = ""
        for message in messages:
            if message.role != "assistant" or message.opening:
                asked = message.text
                continue
            known = [
                entry.memory
                for entry in told
                if entry.memory.created_at < message.created_at and entry.memory.id not in new
            ]
            items = tuple(TraceItem.of(*found) for found in _recalled(known, asked))
            if items:
                self._house.db.traces.save(
                    self._owner,
                    Trace(
                        message_id=message.id,
                        items=items,
                        model="demo",
                        created_at=message.created_at,
                    ),
                )

    # --- memories -----------------------------------------------------------------

    def _memory(
        self,
        entry: Mapping[str, Any],
        day: int,
        messages: Sequence[Message] = (),
        batch_id: str = "",
        begun: datetime | None = None,
    ) -> _Told:
        at = begun + timedelta(minutes=12) if begun else self._at(day, "21:40")
        source = Source()
        if messages:
            ids = tuple(messages[number - 1].id for number in entry.get("from", ()))
            source = Source(messages[0].session_id, ids, batch_id or None)
        on = entry.get("on")
        text = self._dated(entry["text"], on)
        memory = Memory(
            id=str(
                uuid5(
                    NAMESPACE_URL, f"{self._owner.user_id}/{self._owner.persona_id}/{entry['text']}"
                )
            ),
            owner=self._owner,
            text=text,
            subject=Subject(entry["about"]),
            kind=Kind.CONSTANT if on is None else Kind.TEMPORAL,
            category=entry["as"],
            created_at=at,
            updated_at=at,
            event_date=None if on is None else (self._today + timedelta(days=on)).isoformat(),
            importance=entry.get("weight", 3),
            pinned=entry.get("pinned", False),
            language=self._language,
            source=source,
        )
        return _Told(
            memory, entry.get("key"), entry.get("replaces"), entry.get("closed", False), batch_id
        )

    def _changes(self, told: Sequence[_Told]) -> Iterator[Change]:
        """The journal of the story in the order of its days."""
        by_key = {entry.key: entry.memory for entry in told if entry.key}
        for entry in sorted(told, key=lambda entry: entry.memory.created_at):
            memory = entry.memory
            old = by_key.get(entry.replaces or "")
            if old is not None:
                memory = replace(memory, supersedes=old.id)
                gone = replace(
                    old,
                    status=Status.SUPERSEDED,
                    superseded_by=memory.id,
                    updated_at=memory.created_at,
                )
                yield self._change(ChangeAction.SUPERSEDE, old, gone)
            yield self._change(ChangeAction.ADD, None, memory)
            if entry.closed:
                closed = memory.created_at + timedelta(days=2)
                shut = replace(memory, status=Status.CLOSED, updated_at=closed)
                yield self._change(ChangeAction.CLOSE, memory, shut)

    def _change(self, action: ChangeAction, before: Memory | None, after: Memory) -> Change:
        name = f"{after.id}/{action}"
        return Change(
            id=str(uuid5(NAMESPACE_URL, name)),
            owner=self._owner,
            memory_id=after.id,
            action=action,
            actor=Actor.DEMO,
            at=after.updated_at,
            before=before,
            after=after,
        )

    # --- days ---------------------------------------------------------------------

    def _at(self, day: int, clock: str) -> datetime:
        """A time of day ``day`` days from today, in UTC and never in the future."""
        on = self._today + timedelta(days=day)
        local = datetime.combine(on, time.fromisoformat(clock), tzinfo=self._zone)
        return min(local.astimezone(UTC), self._now - timedelta(hours=1))

    def _dated(self, text: str, on: int | None) -> str:
        def spoken(match: re.Match[str]) -> str:
            days = int(match[1]) if match[1] else (on or 0)
            return _absolute(self._today + timedelta(days=days), self._language)

        return _DAY_MARK.sub(spoken, text)


def _recalled(known: Sequence[Memory], asked: str) -> list[tuple[Memory, Reason]]:
    """What a reply had at hand: what is pinned, then what shares most with the message."""
    pinned = [memory for memory in known if memory.pinned]
    near = {memory.id: _shared(memory.text, asked) for memory in known if not memory.pinned}
    ranked = sorted(
        (memory for memory in known if near.get(memory.id)),
        key=lambda memory: (-near[memory.id], -memory.importance, memory.id),
    )
    found = [(memory, Reason.PINNED) for memory in pinned]
    return found + [(memory, Reason.RECALL) for memory in ranked[:TRACE_ITEMS]]


def _shared(one: str, other: str) -> int:
    """How many pairs of characters, or words of some length, two sentences share."""
    return len(_tokens(one) & _tokens(other))


def _tokens(text: str) -> set[str]:
    words = set(re.findall(r"[a-z]{4,}", text.lower())) - {"user", "that", "with", "have", "this"}
    return words.union(han_pairs(text.replace("用户", " ")))


def _absolute(day: date, language: Language) -> str:
    """A date that still means the same when read later."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
