"""Safety watch: whether a user is in danger, across sessions, and the help they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from memory.chat.safety.course import CareStep, follow, told, window
from memory.chat.safety.help import Help, help_for
from memory.chat.safety.helplines import region_for
from memory.chat.safety.turn_danger import TurnDanger
from memory.chat.safety.window import assess_window
from memory.config import Settings
from memory.db import Database
from memory.system.clock import Clock
from memory.types import CarePhase, CareState, Language, Message, Owner, User


class SafetyWatch:
    """Follows the danger of each user: reads and keeps its state, counts alarms, gives help."""

    def __init__(self, *, settings: Settings, db: Database, clock: Clock) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock

    def in_danger(self, user_id: str) -> CareState | None:
        """The danger of a user that counts now, noticed with whichever persona; or None."""
        return self._in_force(self._db.safety.state(user_id))

    def help_in_reach(self, user: User, language: Language) -> Help | None:
        """The help that stays on the screen of a user in danger; None if they aren't."""
        state = self.in_danger(user.id)
        return self._help(user, language, state.kind, state.urgent) if state else None

    def follow(
        self, owner: Owner, session_id: str, text: str, history: Sequence[Message], now: datetime
    ) -> CareStep:
        """What a new message does to the danger of its user; stores nothing.

        Args:
            owner: Who says it, and to whom.
            session_id: Where.
            text: The message.
            history: The session before it, oldest first.
            now: When it was said, aware.
        """
        state = self._db.safety.state(owner.user_id)
        texts = window(history, text, state, now)
        step = follow(owner, session_id, texts, state, now, assess_window)
        return replace(step, told=told(history, state))

    def again(self, user_id: str, message: Message, history: Sequence[Message]) -> CareStep:
        """The step of a message answered once more: what it did it did when it was said."""
        state = self._db.safety.state(user_id)
        held = self._in_force(state)
        phase: CarePhase | None = "sign" if message.care else "lasting" if held else None
        return CareStep(message.care, held, phase, told=told(history, state))

    def keep(self, owner: Owner, step: CareStep, at: datetime, language: Language) -> None:
        """Store what a message did: the state, a new alarm's count, and that its user is young."""
        if step.changed and step.state is not None:
            self._db.safety.keep_state(step.state)
        if step.rises and step.sign is not None:
            user = self._db.users.get(owner.user_id)
            region = region_for(user, self._settings.timezone, language)
            self._db.operators.count_alarm(at.astimezone(UTC).date(), step.sign, region)
        if step.young and not self._db.users.get(owner.user_id).minor:
            self._db.operators.set_age(owner.user_id, minor=True, source="said")

    def helps(
        self, user: User, language: Language, danger: TurnDanger
    ) -> tuple[Help | None, Help | None]:
        """What is shown beside a reply: an alarm's help, or the gentle card."""
        if danger.kind is None or danger.phase == "over":
            return None, None
        help = self._help(user, language, danger.kind, danger.urgent)
        return (None, help) if danger.kind == "distress" else (help, None)

    def _in_force(self, state: CareState | None) -> CareState | None:
        return state if state is not None and state.holds(self._clock()) else None

    def _help(self, user: User, language: Language, kind: str, urgent: bool) -> Help:
        timezone = self._settings.timezone
        return help_for(kind, language, user=user, timezone=timezone, urgent=urgent)
