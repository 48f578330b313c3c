"""A whole talk with the built-in companion, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from memory.builtin.chat import BuiltinChat
from memory.builtin.extraction import BuiltinExtraction
from memory.chat.personas import load_personas
from memory.chat.safety.course import CareStep, follow, window
from memory.chat.safety.window import assess_window
from memory.nlp.language import detect
from memory.types import (
    CareState,
    Context,
    ContextItem,
    Kind,
    Language,
    Memory,
    Message,
    Owner,
    Reason,
    ReplyRequest,
    Source,
    Subject,
)

START = datetime(2026, 11, 20, 10, tzinfo=UTC)  # a Friday, 18:00 in Shanghai
PERSONAS = load_personas()


def item(
    text: str,
    *,
    about: str = "user",
    on: str | None = None,
    category: str = "other",
    importance: int = 3,
    source: Source | None = None,
    reason: Reason = Reason.PROFILE,
) -> ContextItem:
    """A memory as it lies in the context."""
    at = START - timedelta(days=10)
    memory = Memory(
        id=f"m-{text[:20]}",
        owner=Owner("u", "niannian"),
        text=text,
        subject=Subject(about),
        kind=Kind.TEMPORAL if on else Kind.CONSTANT,
        category=category,
        created_at=at,
        updated_at=at,
        event_date=on,
        importance=importance,
        language=detect(text),
        source=source or Source(),
    )
    return ContextItem(memory, reason, text, 8)


def request(
    text: str,
    *,
    history: Sequence[Message] = (),
    items: Sequence[ContextItem] = (),
    persona: str = "niannian",
    language: Language = "zh",
    now: datetime = START,
    user_name: str = "小满",
    remember: bool = True,
    state: CareState | None = None,
) -> ReplyRequest:
    step = step_of(text, history, state, now)
    held = step.state if step.phase else None
    return ReplyRequest(
        owner=Owner("u", persona),
        persona=PERSONAS[persona],
        language=language,
        message=text,
        history=tuple(history),
        context=Context(tuple(items), "", 0, 1500, True),
        now=now,
        timezone="Asia/Shanghai",
        user_name=user_name,
        care=(step.sign if step.phase == "sign" else held.kind if held else None),
        urgent=bool(held and held.urgent),
        care_phase=step.phase,
        remember=remember,
    )


def step_of(
    text: str, history: Sequence[Message], state: CareState | None, now: datetime
) -> CareStep:
    """What a message does to the state of care."""
    texts = window(history, text, state, now)
    return follow(Owner("u", "niannian"), "s", texts, state, now, assess_window)


def reply(text: str, **rest: object) -> str:
    return "".join(BuiltinChat(BuiltinExtraction()).reply(request(text, **rest)))  # type: ignore[arg-type]


class Talk:
    """Says things one after the other and keeps the history."""

    def __init__(
        self,
        *,
        persona: str = "niannian",
        language: Language = "zh",
        items: Sequence[ContextItem] = (),
        user_name: str = "小满",
    ) -> None:
        self.persona = persona
        self.language = language
        self.items = items
        self.user_name = user_name
        self.history: list[Message] = []
        self.replies: list[str] = []
        self.state: CareState | None = None

    def say(self, text: str) -> str:
        now = START + timedelta(minutes=len(self.history))
        step = step_of(text, self.history, self.state, now)
        answer = reply(
            text,
            history=self.history,
            items=self.items,
            persona=self.persona,
            language=self.language,
            user_name=self.user_name,
            now=now,
            state=self.state,
        )
        self.state = step.state if step.changed else self.state
        number = len(self.history)
        owner = Owner("u", self.persona)
        for offset, role, said in ((1, "user", text), (2, "assistant", answer)):
            self.history.append(
                Message(
                    id=f"t{number + offset}",
                    session_id="s",
                    owner=owner,
                    number=number + offset,
                    role=role,  # type: ignore[arg-type]
                    text=said,
                    created_at=now,
                    care=step.sign if role == "user" else None,
                )
            )
        self.replies.append(answer)
        return answer
