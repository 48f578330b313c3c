"""Session opening: a new session and the persona's first line in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta

from memory.chat.greeting import OpeningLine, first_greeting, gentle_opening, opening_line
from memory.config import Settings
from memory.db import Database
from memory.errors import StoreError
from memory.nlp.dates import span
from memory.system.clock import Clock
from memory.types import (
    Kind,
    Language,
    Memory,
    MemoryFilter,
    MessageState,
    Owner,
    Persona,
    Reason,
    Session,
    Trace,
    TraceItem,
)
from memory.vector_store.store import MemoryStore

log = logging.getLogger(__name__)

AROUND_TODAY = timedelta(days=7)
"""Events at most so far away are something to open with."""

KNOWN_CATEGORIES = frozenset({"identity", "relationship"})
"""Categories of constant facts that a greeting may be built on."""


class SessionOpener:
    """Opens sessions."""

    def __init__(
        self,
        *,
        settings: Settings,
        db: Database,
        store: MemoryStore,
        personas: Mapping[str, Persona],
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._db = db
        self._store = store
        self._personas = personas
        self._clock = clock

    def open(self, owner: Owner, language: Language) -> Session:
        """Start a session with an opening line from what is remembered.

        Raises:
            NotFound: no such user or persona.
        """
        user = self._db.users.get(owner.user_id)
        persona = self._personas[owner.persona_id]
        session = self._db.sessions.create(owner)
        now = self._clock()
        zone = self._settings.zone_for(user)
        today = now.astimezone(zone).date()
        state = self._db.safety.state(owner.user_id)
        # The danger is the person's: a new session isn't a new day.
        lingers = state is not None and state.lingers(now)
        memories = [] if lingers else self._memories(owner, today)
        if lingers or any(_on_its_day(memory, today) for memory in memories):
            line = OpeningLine(gentle_opening(persona.id, language, seed=session.id))
        elif not memories and not self._db.messages.has_said(owner):
            line = OpeningLine(first_greeting(persona, language, user.name))
        else:
            line = opening_line(persona, language, memories, today, seed=session.id, zone=zone)
        message = self._db.messages.add(
            owner, session.id, "assistant", line.text, state=MessageState.DONE, opening=True
        )
        used = [memory for memory in memories if memory.id in line.memory_ids]
        if used:
            items = tuple(TraceItem.of(memory, Reason.DIARY) for memory in used)
            self._db.traces.save(owner, Trace(message_id=message.id, items=items, created_at=now))
        return self._db.sessions.get(owner, session.id)

    def _memories(self, owner: Owner, today: date) -> list[Memory]:
        """What there is to open with: who they are, and the events around ``today``."""
        near = MemoryFilter(
            kinds=frozenset({Kind.TEMPORAL}),
            event_from=today - AROUND_TODAY,
            event_to=today + AROUND_TODAY,
        )
        known = MemoryFilter(kinds=frozenset({Kind.CONSTANT}), categories=KNOWN_CATEGORIES)
        try:
            return [
                *self._store.reads.matching(owner, near, limit=50),
                *self._store.reads.matching(owner, known, limit=100),
            ]
        except StoreError:
            # A companion that can't remember for the moment still says hello.
            log.warning("opening without memories: the store can't be read", exc_info=True)
            return []


def _on_its_day(memory: Memory, today: date) -> bool:
    """Whether ``memory`` comes from a danger and its day is today, or was or will be next."""
    if memory.safety is None or memory.event_date is None or len(memory.event_date) < 10:
        return False
    start, _ = span(memory.event_date)
    return abs((start - today).days) <= 1
