"""Situations: moments of conversations that chat prompts and personas are tried on.

Three kinds: those that come with the program (``situations.toml``), those that a designer
writes, and real ones, which are a message of a session and what came before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from memory.chat import context_text
from memory.chat.companion import HISTORY_MESSAGES
from memory.chat.context import ContextBuilder
from memory.chat.safety.course import follow, window
from memory.chat.safety.turn_danger import danger_of
from memory.chat.safety.window import assess_window
from memory.config import Settings
from memory.db import Database
from memory.errors import BadInput
from memory.nlp.tokens import estimate
from memory.studio.unstored import unstored_message, unstored_request
from memory.types import (
    Context,
    ContextItem,
    Kind,
    Language,
    Memory,
    Message,
    Owner,
    Persona,
    Reason,
    ReplyRequest,
    Role,
    Situation,
    Subject,
)

SHIPPED_FILE = Path(__file__).parent / "situations.toml"
_NOBODY = "situation"
_STEP = timedelta(minutes=1)
MOST_MEMORIES = 30
MOST_MESSAGES = 60
LONGEST_MEMORY = 300


@dataclass(frozen=True, slots=True)
class RememberedLine:
    """A sentence that is remembered in a shipped situation, and days from today, if any."""

    text: str
    category: str = "other"
    days: int | None = None


def shipped(language: Language) -> list[Situation]:
    """The situations that come with the program; those in English where there are none."""
    return [_shipped(one, language) for one in _file().get(language, _file()["en"])]


def written(
    name: str,
    language: Language,
    messages: Sequence[Message],
    memories: Sequence[str],
    user_name: str,
) -> Situation:
    """A situation from a conversation that somebody wrote down; nothing is stored.

    Args:
        name: How designers call it; what the user says last if empty.
        language: In which it is.
        messages: In order; what follows the user's last message is left out.
        memories: Sentences about the user.
        user_name: How the persona knows them.

    Raises:
        BadInput: ``situation_empty`` (the user says nothing), ``situation_memories`` or
            ``situation_long``.
    """
    lines = [" ".join(line.split()) for line in memories if line.strip()]
    if len(lines) > MOST_MEMORIES or any(len(line) > LONGEST_MEMORY for line in lines):
        raise BadInput(code="situation_memories", limit=MOST_MEMORIES, longest=LONGEST_MEMORY)
    last = max((place for place, m in enumerate(messages) if m.role == "user"), default=None)
    if last is None:
        raise BadInput(code="situation_empty")
    if last >= MOST_MESSAGES:
        raise BadInput(code="situation_long", limit=MOST_MESSAGES)
    said = messages[last].text
    return Situation(
        id="",
        name=" ".join(name.split()) or said,
        language=language,
        message=said,
        history=tuple((m.role, m.text) for m in messages[:last]),
        memories=tuple(lines),
        user_name=user_name,
    )


class SituationReader:
    """Builds from a situation the request that a chat model gets for its reply."""

    def __init__(self, db: Database, contexts: ContextBuilder, settings: Settings) -> None:
        self._db = db
        self._contexts = contexts
        self._settings = settings

    def request(self, situation: Situation, persona: Persona, now: datetime) -> ReplyRequest:
        """What ``persona`` is asked in it.

        A real one is as of when it was said, with what is remembered today: a memory that was
        corrected or forgotten since isn't used again.

        Raises:
            NotFound: the message was deleted.
            StoreError: the memories can't be read.
        """
        if situation.owner is None:
            return self._written(situation, persona, now)
        return self._real(situation.owner, situation, persona)

    def _real(self, owner: Owner, situation: Situation, persona: Persona) -> ReplyRequest:
        message = self._db.messages.get(owner, situation.message_id or "")
        before = self._db.messages.of(
            owner, message.session_id, limit=HISTORY_MESSAGES, before_number=message.number
        )
        user = self._db.users.get(owner.user_id)
        history = tuple(one for one in before if one.text)
        zone = self._settings.zone_for(user)
        context = self._contexts.build(
            owner,
            message.text,
            today=message.created_at.astimezone(zone).date(),
            language=situation.language,
            budget=self._settings.context_tokens,
            history_texts=tuple(one.text for one in history[-2:]),
            now=message.created_at,
        )
        return _asked(
            owner,
            situation.language,
            persona,
            message.typed or message.text,
            history,
            context,
            message.created_at,
            str(zone),
            user.name,
            minor=bool(user.minor),
        )

    def _written(self, situation: Situation, persona: Persona, now: datetime) -> ReplyRequest:
        owner = Owner(_NOBODY, persona.id)
        start = now - len(situation.history) * _STEP
        history = tuple(
            unstored_message(_NOBODY, owner, number, role, text, start + number * _STEP)
            for number, (role, text) in enumerate(situation.history)
        )
        return _asked(
            owner,
            situation.language,
            persona,
            situation.message,
            history,
            _context(owner, situation, now, self._settings),
            now,
            str(self._settings.zone),
            situation.user_name,
        )


def _asked(
    owner: Owner,
    language: Language,
    persona: Persona,
    message: str,
    history: tuple[Message, ...],
    context: Context,
    now: datetime,
    timezone: str,
    user_name: str,
    *,
    minor: bool = False,
) -> ReplyRequest:
    texts = window(history, message, None, now)
    danger = danger_of(follow(owner, _NOBODY, texts, None, now, assess_window), context)
    return unstored_request(
        owner,
        persona,
        language,
        message,
        history,
        context,
        now,
        timezone,
        danger,
        user_name=user_name,
        minor=minor,
    )


def _context(owner: Owner, situation: Situation, now: datetime, settings: Settings) -> Context:
    lines = _remembered(situation)
    today = now.astimezone(settings.zone).date()
    items = []
    for number, line in enumerate(lines):
        dated = line.days is not None
        memory = Memory(
            id=f"{_NOBODY}-{number}",
            owner=owner,
            text=line.text,
            subject=Subject.USER,
            kind=Kind.TEMPORAL if dated else Kind.CONSTANT,
            category=line.category,
            created_at=now,
            updated_at=now,
            event_date=(today + timedelta(line.days or 0)).isoformat() if dated else None,
            language=situation.language,
        )
        words = context_text.line(memory, today, situation.language)
        reason = Reason.DIARY if dated else Reason.PROFILE
        items.append(ContextItem(memory, reason, words, estimate(words)))
    text = context_text.render(items, situation.language)
    return Context(tuple(items), text, estimate(text), settings.context_tokens, complete=True)


def _remembered(situation: Situation) -> list[RememberedLine]:
    known = _lines().get(situation.id)
    return known or [RememberedLine(text) for text in situation.memories]


def _shipped(one: dict[str, Any], language: Language) -> Situation:
    *before, said = one["talk"]
    roles: tuple[Role, Role] = ("assistant", "user")
    history = tuple(
        (roles[(len(before) - place) % 2], text) for place, text in enumerate(before, 1)
    )
    return Situation(
        id=one["id"],
        name=one["name"],
        language=language,
        message=said,
        history=history,
        memories=tuple(memory["text"] for memory in one.get("memories", ())),
        user_name=one["user_name"],
    )


@cache
def _lines() -> dict[str, list[RememberedLine]]:
    return {
        one["id"]: [RememberedLine(**memory) for memory in one["memories"]]
        for some in _file().values()
        for one in some
        if "memories" in one
    }


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(SHIPPED_FILE.read_text(encoding="utf-8"))
