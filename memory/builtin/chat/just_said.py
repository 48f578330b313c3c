"""Session memory: what was said in this conversation before it became memories.

The rules that will make memories of it later read it here already, so that an
answer has the same clean sentence. What they leave alone is quoted as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from memory.builtin.chat import en, zh
from memory.builtin.chat.asked import MemoryQuestion
from memory.builtin.chat.pick_memory import ASKS_SOMETHING, unique
from memory.nlp.dates import resolve
from memory.nlp.words import telling_words
from memory.types import (
    Action,
    ContextItem,
    ExtractionModel,
    ExtractionRequest,
    Kind,
    Language,
    Memory,
    Message,
    Operation,
    Reason,
    ReplyRequest,
    Source,
    Subject,
)

LONGEST_QUOTE: Mapping[Language, int] = {"zh": 40, "en": 120}

# What a sentence looks like that tells the thing asked for, in the user's own words.
TELLS: Mapping[str, str] = {
    "pet": r"(?:狗|猫|兔|鸟|龟|宠物|它).{0,8}叫(?!了|我|人|车)|\b(?:called|name(?:'s| is)|named)\b",
    "birthday": (
        r"生日(?:是|在)|\d{1,2}月\d{1,2}[日号]?.{0,4}(?:生|出生)|birthday(?:'s| is)|born (?:on|in)"
    ),
    "age": r"我(?:今年)?\d{1,3}岁?|\bi(?:'m| am) \d+",
    "allergy": r"过敏|不能吃|不耐受?|忌口|吃素|allerg|intoleran|can'?t eat|vegan|vegetarian",
    "home": r"我.{0,4}(?:住|搬)|\bi (?:live|moved)\b",
    "hometown": r"老家|我是.{2,5}人|来自|\bfrom\b|grew up",
    "job": r"我(?:是|做|在).{1,12}|\bi(?:'m| am) an? \w+|\bi work\b",
    "study": r"专业|大学|学校|我(?:在)?[学读]|\bi study|major",
    "plant": r"[养种]了?.{0,3}盆|[养种].{0,4}花|开花|orchid|roses?\b|tulip|\bplants?\b|flower|fern",
    "like": r"我.{0,6}(?:喜欢|爱)|\bi .{0,12}(?:like|love|enjoy)|favou?rite",
    "dislike": r"我.{0,4}(?:讨厌|不喜欢|受不了|怕)|\bi .{0,12}(?:hate|dislike|can'?t stand|afraid)",
}


@dataclass(frozen=True, slots=True)
class SessionMemories:
    """What this talk will be remembered as, and which memories it puts right or ends."""

    items: tuple[ContextItem, ...] = ()
    gone: frozenset[str] = frozenset()


def heard(request: ReplyRequest, listener: ExtractionModel | None) -> SessionMemories:
    """What the talk so far says, as it will be remembered; nothing without a listener."""
    if listener is None or not request.history:
        return SessionMemories()
    known = tuple(unique(item.memory for item in request.context.items))
    # Not to be remembered means not written down; in this talk it was said all the same.
    # What was said of a danger isn't read back to anybody.
    messages = tuple(
        replace(message, remember=True) for message in request.history if not message.care
    )
    operations = _extracted(request, listener, messages, known)
    gone = frozenset(known[one.id - 1].id for one in operations if one.id)
    found = [
        _memory(operation, number, messages, request)
        for number, operation in enumerate(operations, 1)
        if operation.action is not Action.DELETE and operation.text
    ]
    # Said later counts more: it may correct what was said first.
    items = (ContextItem(memory, Reason.RECALL, memory.text, 0) for memory in reversed(found))
    return SessionMemories(tuple(items), gone)


def heard_now(request: ReplyRequest, listener: ExtractionModel) -> list[Operation]:
    """What the message itself will be remembered as, as far as that can be told."""
    message = Message(
        id="now",
        session_id="now",
        owner=request.owner,
        number=1,
        role="user",
        text=request.message,
        created_at=request.now,
    )
    operations = _extracted(request, listener, (*request.history[-1:], message), ())
    newest = 1 + len(request.history[-1:])
    return [one for one in operations if one.text and newest in one.source]


def _extracted(
    request: ReplyRequest,
    listener: ExtractionModel,
    messages: tuple[Message, ...],
    known: tuple[Memory, ...],
) -> tuple[Operation, ...]:
    return listener.extract(
        ExtractionRequest(
            owner=request.owner,
            persona=request.persona,
            language=request.language,
            messages=messages,
            known=known,
            timezone=request.timezone,
            user_name=request.user_name,
        )
    ).operations


def quoted(question: MemoryQuestion, request: ReplyRequest, language: Language) -> str | None:
    """The user's sentence of this talk that answers ``question``, word for word.

    None where no sentence holds what is asked for.
    """
    if question.about == "ai" or question.everything:
        return None
    best: tuple[int, str] | None = None
    for message in reversed(request.history):
        if message.role != "user" or message.care:
            continue
        for sentence in _sentences(message.text):
            day = message.created_at.astimezone(ZoneInfo(request.timezone)).date()
            score = _score(sentence, question, day)
            if score and (best is None or score > best[0]):
                best = (score, sentence)
    if best is None or len(best[1]) > LONGEST_QUOTE[language]:
        return None
    return best[1]


def _score(sentence: str, question: MemoryQuestion, said_on: date) -> int:
    """How well a sentence answers; 0 if it doesn't."""
    wanted = question.wanted
    plain = sentence.lower().replace("’", "'")
    if question.species and not all(re.search(kind, plain) for kind in question.species):
        return 0
    shared = len(telling_words(sentence) & wanted)
    for key in question.attributes:
        if key == "name":
            named = zh.name_given(sentence) or en.name_given(sentence)
            return 10 if named else 0
        if key in TELLS:
            return 5 + shared if re.search(TELLS[key], plain) else 0
    if question.days:
        start, end = question.days
        dated = resolve(sentence, said_on)
        return 5 + shared if any(m.start <= end and m.end >= start for m in dated) else 0
    least = 1 if len(wanted) < 3 else 2
    return shared if shared >= least else 0


def _sentences(text: str) -> list[str]:
    """The statements of a message; its questions tell nothing."""
    whole = re.findall(r"[^。！？!?\n.]+[。！？!?.]*", text)
    parts = [part.strip() for part in whole]
    return [part.rstrip("。.!！") for part in parts if not ASKS_SOMETHING.search(part)]


def _memory(
    operation: Operation, number: int, messages: tuple[Message, ...], request: ReplyRequest
) -> Memory:
    sources = [messages[place - 1].id for place in operation.source if 0 < place <= len(messages)]
    return Memory(
        id=f"said-{number}",
        owner=request.owner,
        text=operation.text,
        subject=operation.subject or Subject.USER,
        kind=operation.kind or Kind.CONSTANT,
        category=operation.category or "other",
        created_at=request.now,
        updated_at=request.now,
        event_date=operation.event_date,
        importance=operation.importance or 3,
        language=request.language,
        source=Source(message_ids=tuple(sources)),
    )
