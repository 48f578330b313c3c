"""Where texts from outside enter: one function a door, for tests of what a text may cost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime

from components.markdown_escape import plain, shorten
from components.reply_text import reply_markdown
from memory.builtin.chat import BuiltinChat
from memory.builtin.extraction import BuiltinExtraction
from memory.chat import safety
from memory.chat.follow_ups import en as plans_en
from memory.chat.follow_ups import zh as plans_zh
from memory.chat.personas import load_personas
from memory.errors import BadInput
from memory.extraction.parsing import read_reply
from memory.extraction.validation import guard
from memory.memories.people import people
from memory.memories.relations.relations import Statement, relate
from memory.memories.review.sentences import sentences
from memory.nlp import dates, smalltalk
from memory.nlp.language import detect
from memory.nlp.rephrase import retell, retell_dated
from memory.nlp.tokens import estimate
from memory.transfer import read
from memory.types import (
    Action,
    Context,
    ContextItem,
    ExtractionRequest,
    Kind,
    Language,
    Memory,
    Message,
    Operation,
    Owner,
    Reason,
    ReplyRequest,
    Role,
    Subject,
)
from memory.vector_store.search.sparse import encode_memory, encode_query

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
OWNER = Owner("u", "niannian")
PERSONA = load_personas()["niannian"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _message(text: str, number: int = 1, role: Role = "user") -> Message:
    return Message(f"m{number}", "s", OWNER, number, role, text, NOW)


def _memory(text: str, dated: bool = False) -> Memory:
    return Memory(
        id="m",
        owner=OWNER,
        text=text,
        subject=Subject.USER,
        kind=Kind.TEMPORAL if dated else Kind.CONSTANT,
        category="other",
        created_at=NOW,
        updated_at=NOW,
        event_date=TODAY.isoformat() if dated else None,
        language=detect(text),
    )


def _extraction(text: str) -> ExtractionRequest:
    return ExtractionRequest(
        OWNER, PERSONA, detect(text), (_message(text),), (), "Asia/Shanghai", ""
    )


def _operation(text: str, dated: bool = False) -> Operation:
    kind, day = (Kind.TEMPORAL, TODAY.isoformat()) if dated else (Kind.CONSTANT, None)
    return Operation(Action.ADD, text, None, Subject.USER, kind, "other", day, 3, (1,))


def _chat(message: str, said_before: str = "", remembered: str = "") -> None:
    """The built-in companion's reply; it reads the talk so far with its own extraction."""
    history = (_message(said_before), _message("嗯嗯，我在听。", 2, "assistant"))
    memory = _memory(remembered or "用户对花生过敏")
    item = ContextItem(memory, Reason.PROFILE, memory.text, 8)
    request = ReplyRequest(
        owner=OWNER,
        persona=PERSONA,
        language=detect(message or remembered or said_before),
        message=message,
        history=history if said_before else (),
        context=Context((item,), memory.text, 8, 1_000, complete=True),
        now=NOW,
        timezone="Asia/Shanghai",
        user_name="小满",
    )
    "".join(BuiltinChat(BuiltinExtraction()).reply(request))


def _guarded(text: str) -> None:
    guard([_operation(text), _operation(f"用户{text}", dated=True)], _extraction(text))


def _related(text: str) -> None:
    new, old = (
        Statement(f"用户{rest}", rest, Subject.USER, Kind.CONSTANT, "other", None)
        for rest in (text, f"{text}了")
    )
    relate(new, old, TODAY)


def _in_strings(text: str) -> Iterator[str]:
    """Replies of a model with ``text`` in each place that it fills."""
    item = {"text": text, "event_date": text, "category": text, "importance": text, "id": text}
    yield json.dumps({"memories": [item], "mood": text}, ensure_ascii=False)
    yield f'{{"memories": [{{"text": "{text}", "event_date": "{text}"}}, {text}]'
    yield f"```json\n{text}\n```\n- {text}"


def _read_reply(text: str) -> None:
    for raw in (text, *_in_strings(text)):
        read_reply(raw, known=3, today=TODAY)


def _read_file(data: str, name: str) -> None:
    with suppress(BadInput):
        read(data.encode("utf-8", "replace"), name, now=NOW)


def _read_csv(text: str) -> None:
    quoted = text.replace('"', '""')
    _read_file(f'text,created_at\n"{quoted}","{quoted}"\n', "a.csv")
    _read_file(f"text,created_at\n{text},{text}\n", "a.csv")


def _read_json(text: str) -> None:
    said = {"role": "user", "content": text, "timestamp": text}
    for value in ([said], {"messages": [said]}, [{"memory": text, "created_at": text}]):
        _read_file(json.dumps(value), "a.json")
    _read_file(f'[{{"role": "user", "content": {text}', "a.json")
    _read_file(json.dumps({"mes": text, "name": text, "send_date": text}) + "\n", "a.jsonl")


def _read_dialogue(text: str) -> None:
    _read_file(text, "a.txt")
    _read_file(f"我：{text}\n念念：{text}\n{text} 10:30\n{text}", "a.txt")


ENTRY_POINTS: dict[str, Callable[[str], object]] = {
    "language": detect,
    "tokens": estimate,
    "care": safety.assess,
    "care, what it talks to": safety.is_ai_question,
    "dates, zh": lambda text: dates.resolve(text, TODAY, "zh"),
    "dates, en": lambda text: dates.resolve(text, TODAY, "en"),
    "dates of a query": lambda text: dates.query_range(text, TODAY),
    "search, query": encode_query,
    "search, memory": lambda text: encode_memory(text, TODAY.isoformat()),
    "search, small talk": smalltalk.without,
    "chat, message": _chat,
    "chat, history": lambda text: _chat("我刚才说了什么？", said_before=text),
    "chat, memory": lambda text: _chat("你还记得我的事吗？", remembered=text),
    "extraction": lambda text: BuiltinExtraction().extract(_extraction(text)),
    "extraction, validation": _guarded,
    "extraction, relations": _related,
    "extraction, parsing": _read_reply,
    "import, dialogue": _read_dialogue,
    "import, CSV": _read_csv,
    "import, JSON": _read_json,
    "retelling": lambda text: retell(_memory(text), PERSONA),
    "retelling, dated": lambda text: retell_dated(_memory(text, dated=True), PERSONA, TODAY),
    "people": lambda text: people([_memory(text)]),
    "plans, zh": plans_zh.told_as_past,
    "plans, en": plans_en.told_as_past,
    "review": sentences,
    "page, reply": reply_markdown,
    "page, one line": lambda text: (plain(text), shorten(text, 80)),
}

ORDINARY = (
    "我今天和小李去爬山了，好累，下周五要面试。你还记得我妈妈的生日吗？",
    "I like pizza a lot, and my sister moved to Leeds last week. Do you remember my name?",
)
"""Messages on which every door does its usual work."""
