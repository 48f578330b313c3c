"""Batches, memories and operations for the tests of this package, in one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from memory.chat.personas import load_personas
from memory.nlp.language import detect
from memory.types import (
    Action,
    ExtractionRequest,
    Kind,
    Language,
    Memory,
    Message,
    Operation,
    Owner,
    Role,
    Subject,
)

OWNER = Owner("u1", "niannian")
PERSONA = load_personas()["niannian"]
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2024, 10, 18)
"""A Friday."""
NOW = datetime(2024, 10, 18, 13, 0, tzinfo=UTC)

USER, AI = Subject.USER, Subject.AI
CONSTANT, TEMPORAL = Kind.CONSTANT, Kind.TEMPORAL


def message(number: int, role: Role, text: str, day: date = DAY) -> Message:
    said = datetime.combine(day, time(12), ZONE).astimezone(UTC) + timedelta(seconds=number)
    return Message(f"m{number}", "s1", OWNER, number, role, text, said)


def talk(*lines: str, day: date = DAY) -> tuple[Message, ...]:
    """``"我叫小林"`` is the user's, ``"> 你好"`` the persona's."""
    return tuple(
        message(number, "assistant", line.removeprefix("> "), day)
        if line.startswith("> ")
        else message(number, "user", line, day)
        for number, line in enumerate(lines, 1)
    )


def batch(
    *lines: str,
    known: tuple[Memory, ...] = (),
    language: Language | None = None,
    day: date = DAY,
    max_memories: int = 8,
) -> ExtractionRequest:
    messages = talk(*lines, day=day)
    return ExtractionRequest(
        owner=OWNER,
        persona=PERSONA,
        language=language or detect(lines[0] if lines else "中"),
        messages=messages,
        known=known,
        timezone="Asia/Shanghai",
        user_name="小林",
        max_memories=max_memories,
    )


def add(
    text: str,
    subject: Subject | None = USER,
    kind: Kind | None = CONSTANT,
    category: str | None = "other",
    event_date: str | None = None,
    importance: int | None = 3,
    source: tuple[int, ...] = (1,),
) -> Operation:
    return Operation(
        Action.ADD, text, None, subject, kind, category, event_date, importance, source
    )


def memory(
    text: str,
    subject: Subject = USER,
    kind: Kind = CONSTANT,
    category: str = "other",
    event_date: str | None = None,
    id: str = "old",
    importance: int = 3,
    pinned: bool = False,
) -> Memory:
    then = NOW - timedelta(days=100)
    return Memory(
        id=id,
        owner=OWNER,
        text=text,
        subject=subject,
        kind=kind,
        category=category,
        created_at=then,
        updated_at=then,
        event_date=event_date,
        importance=importance,
        pinned=pinned,
        language=detect(text),
    )
