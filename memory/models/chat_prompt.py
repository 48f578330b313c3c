"""What the chat model reads: persona, rules, context, the recent conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from memory.models.chat_notes import person_notes
from memory.prompting import Prompt, load_prompt
from memory.tokens import estimate
from memory.types import Language, Message, MessageState, ReplyRequest

HISTORY_TOKENS = 2000
"""Estimated tokens of earlier conversation that go along; whole turns only."""

SPOKEN = frozenset({MessageState.DONE, MessageState.STOPPED, MessageState.INTERRUPTED})

WEEKDAYS: Mapping[Language, Sequence[str]] = {
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
NO_MEMORIES: Mapping[Language, str] = {
    "zh": "（你还没有关于对方的记忆。）",
    "en": "(You have no memories of them yet.)",
}
CARE: Mapping[Language, str] = {
    "zh": "注意：对方刚才的话里可能有危险。求助热线已经显示给对方，不用再念号码。"
    "先关心人：说你在听，问现在是否安全，请对方联系身边信任的人或热线。不谈别的。",
    "en": "Note: what was just said may mean danger. Help lines are already shown, don't repeat "
    "the numbers. Care for the person first: say that you are listening, ask whether they are safe "
    "right now, and encourage them to reach someone they trust or a help line. Nothing else.",
}


def chat_messages(request: ReplyRequest, prompt: Prompt | None = None) -> list[dict[str, str]]:
    """All messages of one chat request, the system message first.

    Args:
        request: What is answered, with everything at hand.
        prompt: The chat prompt in use; by default the shipped one.
    """
    language = request.language
    persona = request.persona.text(language)
    notes = [CARE[language]] if request.care else []
    notes += person_notes(request)
    system, last = (prompt or load_prompt("chat", language)).messages(
        persona=persona.name,
        tagline=persona.tagline,
        temperament=persona.temperament,
        speaking_style=persona.speaking_style,
        backstory=persona.backstory.strip(),
        boundaries="\n".join(f"- {line}" for line in persona.boundaries),
        # A name is the user's own words too: quoted, it stays a name.
        user_name=json.dumps(request.user_name, ensure_ascii=False),
        now=say_now(request.now, request.timezone, language),
        context=request.context.text or NO_MEMORIES[language],
        notes="\n".join(notes),
        message=request.message,
    )
    system["content"] = system["content"].strip()
    return _merged([system, *recent(request.history), last])


def say_now(now: datetime, timezone: str, language: Language) -> str:
    """``2024-10-18 星期五 21:05`` in the user's time zone."""
    local = now.astimezone(ZoneInfo(timezone))
    return f"{local:%Y-%m-%d} {WEEKDAYS[language][local.weekday()]} {local:%H:%M}"


def recent(history: Sequence[Message], budget: int = HISTORY_TOKENS) -> list[dict[str, str]]:
    """The latest whole turns of ``history`` that fit into ``budget`` tokens."""
    turns: list[list[Message]] = []
    for message in history:
        if message.state not in SPOKEN or not message.text:
            continue
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(message)
    kept: list[Message] = []
    for turn in reversed(turns):
        budget -= sum(estimate(message.text) for message in turn)
        if budget < 0:
            break
        kept = turn + kept
    return [{"role": message.role, "content": message.text} for message in kept]


def _merged(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Neighbours of the same role as one: some endpoints insist on taking turns."""
    merged: list[dict[str, str]] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            text = f"{merged[-1]['content']}\n\n{message['content']}"
            merged[-1] = {"role": message["role"], "content": text}
        else:
            merged.append(dict(message))
    return merged
