"""Answering from memory: "我对什么过敏？", "what's my dog's name?", "上周末我去了哪？"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from memory.dates import span
from memory.models.builtin.asked import ATTRIBUTES, RELATIVE, Asked
from memory.models.builtin.lines import Chooser
from memory.models.builtin.pick_memory import overlap, ranked, unique
from memory.models.builtin.reading import Reading
from memory.retell import retell, retell_dated
from memory.types import Kind, Language, Memory, ReplyRequest, Subject

MOST = 3
MOST_OF_EVERYTHING = 5

# Asked of oneself, these aren't answered with what is true of the mother.
OF_ONESELF = frozenset(["name", "birthday", "age", "home", "hometown", "job", "study", "allergy"])
SENSES = (
    r"吃|\beats?\b|food|dish",
    r"喝|\bdrinks?\b|\btea\b|coffee",
    r"听|歌|音乐|music|songs?\b|listen",
    r"看|书|读|电影|\breads?\b|books?\b|films?\b|movies?\b|watch",
)

LEAD: Mapping[Language, Mapping[str, tuple[str, ...]]] = {
    "zh": {
        "niannian": ("记得呀，", "嗯，我记得，", "这个我一直记着呢，"),
        "shenyan": ("记着呢，", "这页我折过角，", "当然，"),
        "qing": ("当然记得！", "这还能忘？", "记着呢，"),
        "": ("记得，", "我记得，"),
    },
    "en": {
        "niannian": ("I do remember: ", "Yes, I kept that: ", "Of course: "),
        "shenyan": ("I folded that corner: ", "Certainly: ", "It's on file: "),
        "qing": ("Of course I do: ", "How could I forget: ", "Got it right here: "),
        "": ("I remember: ", "Yes: "),
    },
}
FORGOT: Mapping[Language, tuple[str, ...]] = {
    "zh": (
        "这个我没有印象，你好像还没跟我说过。",
        "我翻了翻，没有找到这件事，不想乱说。",
        "这个我记不起来，可能是你没提过，也可能是我漏了。",
    ),
    "en": (
        "I have no memory of that; I don't think you've told me yet.",
        "I looked, and I couldn't find it. I'd rather not make something up.",
        "I can't recall that. Either you didn't mention it, or I missed it.",
    ),
}
TELL_ME: Mapping[Language, tuple[str, ...]] = {
    "zh": ("现在说给我听好吗？", "愿意告诉我吗？"),
    "en": ("Will you tell me now?", "Would you tell me?"),
}
FORGOT_DAYS: Mapping[Language, str] = {
    "zh": "那段时间我这里没有记下什么。",
    "en": "I have nothing written down for that time.",
}
TELL_DAYS: Mapping[Language, str] = {"zh": "你那时候在做什么？", "en": "What were you doing then?"}
FORGOT_SELF: Mapping[Language, tuple[str, ...]] = {
    "zh": ("我说过这个吗？我自己都没有印象了。",),
    "en": ("Did I say that? I have no memory of it myself.",),
}
PROFILE_NAME: Mapping[Language, str] = {
    "zh": "你的资料里写的名字是{name}。",
    "en": "Your profile says {name}.",
}
NOTHING_YET: Mapping[Language, str] = {
    "zh": "我们还没聊过多少，我对你知道得很少。想从哪里说起？",
    "en": (
        "We haven't talked much yet, so I know very little about you. Where would "
        "you like to start?"
    ),
}


def answer(question: Asked, reading: Reading, request: ReplyRequest, choose: Chooser) -> str | None:
    """The answer to a question about what is remembered; honest where there is nothing.

    None for a question about the persona of which no memory tells: its own story may.
    """
    language = reading.language
    found = _find(question, request, reading.today)
    if found:
        return _tell(found, reading, request, choose)
    if "name" in question.attributes and request.user_name:
        return PROFILE_NAME[language].format(name=request.user_name)
    if question.everything:
        return NOTHING_YET[language]
    if question.about == "ai":
        return None
    if question.days and not question.attributes:
        ask = "" if question.future else TELL_DAYS[language]
        return _join(language, FORGOT_DAYS[language], ask)
    return _join(language, choose.fresh(FORGOT[language]), choose.fresh(TELL_ME[language]))


def forgot_self(language: Language, choose: Chooser) -> str:
    """The persona can't remember having said something of itself."""
    return choose.fresh(FORGOT_SELF[language])


def _find(question: Asked, request: ReplyRequest, today: date) -> list[Memory]:
    pool = [item for item in request.context.items if _about(item.memory, question.about)]
    memories = unique(item.memory for item in pool)
    if question.everything and question.about != "ai":
        known = [m for m in memories if m.subject is Subject.USER]
        known.sort(
            key=lambda m: (
                m.kind is Kind.TEMPORAL,
                m.category != "identity",
                not m.pinned,
                -m.importance,
                m.id,
            )
        )
        return known[:MOST_OF_EVERYTHING]
    if question.days:
        within = [m for m in memories if _within(m, question.days)]
        within.sort(key=lambda m: (-overlap(m, question.wanted), m.event_date or "", m.id))
        if within and not question.wanted:
            return within[:MOST]
        best = [m for m in within if overlap(m, question.wanted)]
        if best or within:
            return (best or within)[:MOST]
    by_attribute = _by_attribute(question, memories, today)
    if by_attribute is not None:
        return by_attribute
    scored = ranked(pool, question.wanted)
    if not scored:
        return []
    top = scored[0][0]
    return unique(memory for score, memory in scored if score >= max(1.0, top - 1.2))[:MOST]


def _by_attribute(question: Asked, memories: Sequence[Memory], today: date) -> list[Memory] | None:
    """Memories that hold a well-known thing; None if no such thing was asked for."""
    patterns = {key: memory for key, _, memory in ATTRIBUTES}
    for key in question.attributes:
        if key == "plan":
            coming = [m for m in memories if _ahead(m, today) and m.subject is Subject.USER]
            coming.sort(key=lambda m: (-overlap(m, question.wanted), m.event_date or "", m.id))
            return coming[:MOST]
        pattern = patterns[key]
        if not pattern:
            continue
        fits = [m for m in memories if re.search(pattern, m.text)]
        if key in OF_ONESELF and not question.relative:
            fits = [m for m in fits if not re.search(RELATIVE, m.text[:24])]
        if key in {"like", "dislike"}:
            fits = _same_sense(question, fits)
        if key == "pet":
            fits = [m for m in fits if all(re.search(kind, m.text) for kind in question.species)]
        fits.sort(
            key=lambda m: (
                -overlap(m, question.wanted),
                m.kind is Kind.TEMPORAL,
                -m.importance,
                m.id,
            )
        )
        if question.about == "both":
            mine = [m for m in fits if m.subject is Subject.AI]
            return [*[m for m in fits if m.subject is Subject.USER][:2], *mine[:2]]
        if fits:
            best = overlap(fits[0], question.wanted)
            same = [m for m in fits if overlap(m, question.wanted) == best]
            return same[: 1 if key in {"name", "birthday", "age", "home", "pet"} else MOST]
        return []
    return None


def _same_sense(question: Asked, fits: list[Memory]) -> list[Memory]:
    """Of tastes those that were asked for: what one eats isn't what one listens to."""
    for verbs in SENSES:
        if re.search(verbs, question.text):
            return [m for m in fits if re.search(verbs, m.text)]
    if question.wanted:
        return [m for m in fits if overlap(m, question.wanted)]
    return fits


def _about(memory: Memory, about: str) -> bool:
    if about == "both":
        return True
    return memory.subject is (Subject.AI if about == "ai" else Subject.USER)


def _within(memory: Memory, days: tuple[date, date]) -> bool:
    if memory.event_date is None:
        return False
    try:
        start, end = span(memory.event_date)
    except ValueError:
        return False
    return start <= days[1] and end >= days[0]


def _ahead(memory: Memory, today: date) -> bool:
    if memory.event_date is None:
        return memory.category == "plan"
    try:
        return span(memory.event_date)[1] >= today
    except ValueError:
        return False


def _tell(found: Sequence[Memory], reading: Reading, request: ReplyRequest, choose: Chooser) -> str:
    language = reading.language
    voices = LEAD[language]
    lead = choose.fresh(voices.get(request.persona.id, voices[""]), "lead")
    told = [
        retell_dated(memory, request.persona, reading.today)
        if memory.event_date
        else retell(memory, request.persona)
        for memory in found
    ]
    if language == "zh":
        return f"{lead}{'；'.join(told)}。"
    told = [text[0].lower() + text[1:] if text.startswith("On ") else text for text in told]
    return f"{lead}{'; '.join(told)}."


def _join(language: Language, *parts: str) -> str:
    return ("" if language == "zh" else " ").join(part for part in parts if part)
