"""Extraction prompt: the rules, what is known, the numbered batch.

Everything that people wrote goes in as JSON strings, one line each, so that no
message can end its quotation or pass for a further one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from memory.llm.prompts import Prompt, load_prompt
from memory.nlp.dates.names import SHORT_WEEKDAYS
from memory.types import ByLanguage, ExtractionRequest, Kind, Language, Memory, Message

LONGEST_MESSAGE = 4000
"""Characters of one message; of a longer one the beginning and the end go along."""

LONGEST_BEFORE = 200
"""Characters of a message before the batch."""
BEFORE: Mapping[Language, str] = ByLanguage(
    {
        "zh": "此前说过的（只用来看懂下面的“那里、她”，不要记）：",
        "en": 'Said before (only to understand "there" and "she" below; remember nothing of it):',
    }
)
WISHES: Mapping[Language, tuple[str, str, str, str]] = ByLanguage(
    {
        "zh": (
            "另外的要求（输出格式不变）：",
            "关于 ai 的记忆：",
            "只记与此有关的：",
            "不要记与此有关的：",
        ),
        "en": (
            "Further wishes (the form of the answer stays as it is):",
            "Memories about the ai: ",
            "Remember only what has to do with: ",
            "Remember nothing that has to do with: ",
        ),
    }
)
NOTHING: Mapping[Language, str] = ByLanguage({"zh": "（无）", "en": "(none)"})
SPEAKERS = {"user": "user", "assistant": "ai"}
COMPLAINTS: Mapping[str, Mapping[Language, str]] = {
    "unreadable": ByLanguage(
        {
            "zh": "上面的回答里没有可读的 JSON（为空、中断或格式不对）。"
            '请只回答一个 JSON 对象：{"memories": [...]}，没有可记的就回答 {"memories": []}。',
            "en": "The answer above holds no readable JSON (it is empty, cut off or malformed). "
            'Answer with one JSON object only: {"memories": [...]}, or {"memories": []} for none.',
        }
    ),
    "language": ByLanguage(
        {
            "zh": "text 的语言不对：来源消息是什么语言，记忆就用什么语言写，不要翻译。"
            "中文消息写成“用户……”这样的中文句子。请重新回答整个 JSON 对象。",
            "en": "The texts are in the wrong language: write each memory in the language of the "
            "message it comes from, don't translate. Answer with the whole JSON object again.",
        }
    ),
}


def build_messages(
    request: ExtractionRequest, prompt: Prompt | None = None
) -> list[dict[str, str]]:
    """The messages of one extraction request.

    Args:
        request: The batch, what is known, and whose they are.
        prompt: An edited prompt; by default the file for the batch's language.
    """
    prompt = prompt or load_prompt("extract", request.language)
    zone = ZoneInfo(request.timezone)
    system, user = prompt.messages(
        persona=request.persona.text(request.language).name,
        user_name=quoted(request.user_name),
        timezone=request.timezone,
        categories=", ".join(_categories(request)),
        max_memories=str(request.max_memories),
        known="\n".join(known_line(i, m) for i, m in enumerate(request.known, 1))
        or NOTHING[request.language],
        before=_before(request, zone),
        messages="\n".join(
            message_line(number, message, zone, request.language)
            for number, message in enumerate(request.messages, 1)
        ),
    )
    return [{**system, "content": system["content"] + _wishes(request)}, user]


def with_complaint(
    messages: Sequence[Mapping[str, str]], reply: str, language: Language, why: str = "unreadable"
) -> list[dict[str, str]]:
    """``messages`` asked once more; ``why`` (see ``COMPLAINTS``) the ``reply`` is of no use."""
    said = [{"role": "assistant", "content": reply[:2000]}] if reply.strip() else []
    reason = COMPLAINTS[why][language]
    return [*(dict(m) for m in messages), *said, {"role": "user", "content": reason}]


def said_on(message: Message, zone: ZoneInfo) -> date:
    """The day of a message for the user."""
    return message.created_at.astimezone(zone).date()


def _categories(request: ExtractionRequest) -> Iterator[str]:
    """``travel ("Journeys made and planned")``; those that there always are by name alone."""
    described = {c.name: c.description for c in request.settings.categories}
    for name in request.categories:
        description = described.get(name)
        yield f"{name} ({quoted(description)})" if description else name


def _wishes(request: ExtractionRequest) -> str:
    """What an operator, a user or a request asks for, after the rules that always hold."""
    settings, say = request.settings, WISHES[request.language]
    wishes = (
        *("- " + line for line in settings.custom_instructions.splitlines() if line.strip()),
        settings.agent_custom_instructions and f"- {say[1]}{settings.agent_custom_instructions}",
        settings.includes and f"- {say[2]}{settings.includes}",
        settings.excludes and f"- {say[3]}{settings.excludes}",
    )
    lines = [line for line in wishes if line]
    return "\n\n" + "\n".join([say[0], *lines]) if lines else ""


def _before(request: ExtractionRequest, zone: ZoneInfo) -> str:
    """A few messages before the batch, without numbers: nothing is remembered of them."""
    if not request.before:
        return ""
    lines = [
        message_line("-", message, zone, request.language, LONGEST_BEFORE)
        for message in request.before
    ]
    return "\n" + "\n".join([BEFORE[request.language], *lines]) + "\n"


def message_line(
    number: int | str,
    message: Message,
    zone: ZoneInfo,
    language: Language,
    longest: int = LONGEST_MESSAGE,
) -> str:
    """``3 user 2024-10-18 周五 21:05 "我对花生过敏"``."""
    at = message.created_at.astimezone(zone)
    day = at.date()
    text = message.text
    if len(text) > longest:
        text = f"{text[: longest * 3 // 4]} … {text[-longest // 4 :]}"
    weekday = SHORT_WEEKDAYS[language][day.weekday()]
    return f"{number} {SPEAKERS[message.role]} {day} {weekday} {at:%H:%M} {quoted(text)}"


def known_line(number: int, memory: Memory) -> str:
    """``2 "用户去了西湖" (temporal 2024-10-17)``."""
    dated = f" {memory.event_date}" if memory.event_date else ""
    note = f" (temporal{dated})" if memory.kind is Kind.TEMPORAL else ""
    return f"{number} {quoted(memory.text)}{note}"


def quoted(text: str) -> str:
    """``text`` as one JSON string on one line."""
    line = json.dumps(text, ensure_ascii=False)
    # JSON leaves these two alone, but some readers take them for line ends.
    return line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
