"""Chat prompt: persona, rules, context and the recent conversation."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from memory.chat.notes import person_notes
from memory.llm.prompts import Prompt, load_prompt
from memory.nlp.dates.names import WEEKDAYS
from memory.nlp.tokens import estimate
from memory.types import ByLanguage, Language, Message, MessageState, ReplyRequest

NOTES_FILE = Path(__file__).parent / "safety" / "prompt_notes.toml"

HISTORY_TOKENS = 2000
"""Estimated tokens of earlier conversation that go along; whole turns only."""

SPOKEN = frozenset({MessageState.DONE, MessageState.STOPPED, MessageState.INTERRUPTED})

NO_MEMORIES: Mapping[Language, str] = ByLanguage(
    {
        "zh": "（你还没有关于对方的记忆。）",
        "en": "(You have no memories of them yet.)",
    }
)


def chat_messages(request: ReplyRequest, prompt: Prompt | None = None) -> list[dict[str, str]]:
    """All messages of one chat request, the system message first.

    Args:
        request: What is answered, with everything at hand.
        prompt: The chat prompt in use; by default the shipped one.
    """
    language = request.language
    persona = request.persona.text(language)
    notes = [*safety_notes(request), *person_notes(request)]
    prompt = prompt or load_prompt("chat", language)
    system, last = prompt.messages(
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
    if notes and "{notes}" not in prompt.system + prompt.user:
        # An edited prompt may have lost the place for them; they go along all the same.
        system["content"] += "\n" + "\n".join(notes)
    system["content"] = system["content"].strip()
    return _merged([system, *recent(request.history), last])


def safety_notes(request: ReplyRequest) -> list[str]:
    """What the model is told while somebody may be in danger, each turn anew."""
    if request.care is None:
        return []
    table = ByLanguage(_notes())[request.language]
    if request.care_phase in ("over", "remembered"):
        # The danger isn't there any more; what is left is a way of speaking.
        return [table[request.care_phase]]
    if request.care == "distress":
        return [table["distress"]]
    kind = request.care if request.care in table else "danger"
    parts = [table["always"], table[kind]]
    if request.urgent and request.care_phase != "afterwards":
        parts.append(table["urgent"])
    if request.care_phase in ("lasting", "afterwards", "doubted", "held"):
        parts.append(table[request.care_phase])
    return parts


@cache
def _notes() -> Mapping[Language, Mapping[str, str]]:
    data = tomllib.loads(NOTES_FILE.read_text(encoding="utf-8"))
    return {"zh": data["zh"], "en": data["en"]}


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
