"""Questions about the persona: its day, its likes, what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from memory.builtin.chat.about_me_words import (
    AGAIN,
    AI,
    AI_SHORT,
    ASKS_BACK,
    ASKS_CAN,
    ASKS_DAY,
    ASKS_EATEN,
    ASKS_EXPERIENCE,
    ASKS_FEELINGS,
    ASKS_HOW,
    ASKS_MODEL,
    ASKS_MORE,
    ASKS_NOW,
    ASKS_OPINION,
    ASKS_SKILL,
    ASKS_WHO,
    CAN,
    EATEN,
    FEELS,
    LIKES,
    MODEL,
    QUIET_DAY,
    SKILL,
    TASTES,
    TOPICS,
    UNSURE,
    WHO,
)
from memory.builtin.chat.lines import Chooser
from memory.builtin.chat.own_day import at_hour, fact, of_day
from memory.builtin.chat.pick_memory import unique
from memory.builtin.chat.reading import MessageReading
from memory.chat import safety
from memory.nlp.dates import query_range, span
from memory.nlp.rephrase import retell, retell_dated
from memory.types import Kind, Language, Memory, Persona, ReplyRequest, Subject


@dataclass(frozen=True, slots=True)
class Told:
    """What the persona says of itself; ``hand_back``: "and you?" may follow."""

    text: str
    hand_back: bool = False


def about_me(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> Told | None:
    """The answer to a question about the persona; None if the message is none."""
    plain = reading.text.lower().replace("’", "'").strip()
    what = _what_i_am(plain, reading, request, choose)
    if what:
        return Told(what)
    if re.search(ASKS_BACK, plain):
        return Told(_back(reading, request, choose))
    life = _my_life(plain, reading, request, choose)
    return Told(life, hand_back=True) if life else None


def unsure(told: Told) -> bool:
    """Whether the persona's life holds no answer."""
    return told.text in UNSURE.values()


def what_i_am(language: Language, request: ReplyRequest, choose: Chooser) -> str:
    """That it is an AI, and that rules speak; shorter the second time."""
    full = AI[language].format(name=request.persona.text(language).name)
    return AI_SHORT[language] if choose.said_before(full) else full


def _what_i_am(
    plain: str, reading: MessageReading, request: ReplyRequest, choose: Chooser
) -> str | None:
    """An AI, its name, what it can do, which model speaks; views it doesn't have."""
    language = reading.language
    text = request.persona.text(language)
    if safety.is_ai_question(reading.text):
        return what_i_am(language, request, choose)
    if re.search(ASKS_MODEL, plain) and reading.question:
        return MODEL[language]
    if re.search(ASKS_CAN, plain):
        return CAN[language]
    if re.search(ASKS_WHO, plain):
        return WHO[language].format(name=text.name, tagline=text.tagline.rstrip("。."))
    if re.search(ASKS_FEELINGS, plain):
        return FEELS[language]
    if re.search(ASKS_EATEN, plain):
        return EATEN[language]
    if re.search(ASKS_SKILL, plain):
        return SKILL[language]
    if re.search(ASKS_OPINION, plain):
        return choose.react("opinion", {})
    if re.search(ASKS_EXPERIENCE, plain):
        return choose.react("experience", {})
    return None


def _my_life(
    plain: str, reading: MessageReading, request: ReplyRequest, choose: Chooser
) -> str | None:
    """Its day, its whereabouts, its likes."""
    persona, language = request.persona, reading.language
    past = _past_day(plain, reading, request)
    if past:
        return past
    if re.search(ASKS_NOW, plain):
        now = at_hour(persona.id, reading.hour, language)
        return _first_person(now, language) if now else QUIET_DAY[language]
    if re.search(ASKS_HOW, plain):
        how = fact(persona.id, "how", language) or QUIET_DAY[language]
        day = own_day(reading, request, choose)
        return _join(language, how, "" if choose.said_before(day) else day)
    if re.search(ASKS_DAY, plain):
        return own_day(reading, request, choose)
    if re.search(ASKS_MORE, plain):
        more = _further(request, reading)
        if more:
            return more
    if _asks_you(plain, language) and (reading.question or "喜欢" in plain):
        return _fact(plain, language, request)
    return None


def own_day(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str:
    """What the persona did today: what it already told is kept to."""
    told = [m for m in _ai_memories(request) if m.event_date == reading.today.isoformat()]
    language = reading.language
    if told:
        return _sentence(
            "；".join(retell_dated(m, request.persona, reading.today) for m in told[:2])
            if language == "zh"
            else "; ".join(retell_dated(m, request.persona, reading.today) for m in told[:2]),
            language,
        )
    day = of_day(request.persona.id, reading.today, language)
    if day is None:
        return QUIET_DAY[language]
    return f"{AGAIN[language]}{day}" if choose.said_before(day) else day


def like_of_topic(intent: str, request: ReplyRequest, language: Language) -> str | None:
    """The persona's own taste on a topic of small talk, from memory first."""
    keys = {"food": "food", "music": "music", "book": "book", "film": "film", "pet": "pet",
            "sport": "sport", "weather": "weather", "travel": "travel"}  # fmt: skip
    key = keys.get(intent)
    return (
        _known(key, request, language) or fact(request.persona.id, key, language) if key else None
    )


def _fact(plain: str, language: Language, request: ReplyRequest) -> str:
    for key, question, _ in TOPICS:
        if re.search(question, plain):
            known = _known(key, request, language)
            return known or fact(request.persona.id, key, language) or UNSURE[language]
    liked = [m for m in _ai_memories(request) if m.category == "preference"]
    if liked and re.search(r"喜欢|爱|like|love|favou?rite", plain):
        return _sentence(retell(liked[0], request.persona), language)
    if re.search(r"喜欢|爱|like|love|favou?rite|enjoy", plain):
        return fact(request.persona.id, "hobby", language) or UNSURE[language]
    return UNSURE[language]


def _known(key: str, request: ReplyRequest, language: Language) -> str | None:
    """A lasting memory about the persona on this topic, in its own words."""
    holds = next((memory for name, _, memory in TOPICS if name == key), None)
    if holds is None:
        return None
    fits = [
        memory
        for memory in _ai_memories(request)
        if memory.kind is Kind.CONSTANT
        and memory.language == language
        and re.search(holds, memory.text, re.IGNORECASE)
        and (key not in TASTES or re.search(LIKES, memory.text, re.IGNORECASE))
    ]
    fits.sort(key=lambda memory: (memory.category != "preference", -memory.importance, memory.id))
    return _sentence(retell(fits[0], request.persona), language) if fits else None


def _back(reading: MessageReading, request: ReplyRequest, choose: Chooser) -> str:
    """ "And you?": the persona's side of what was just talked about."""
    language = reading.language
    for message in reversed(request.history[-4:]):
        plain = message.text.lower()
        for key, question, _ in TOPICS:
            if re.search(question, plain) and key not in {"home", "job", "friend", "family"}:
                known = _known(key, request, language)
                found = known or fact(request.persona.id, key, language)
                if found and not choose.said_before(found):
                    return found
    return own_day(reading, request, choose)


def _past_day(plain: str, reading: MessageReading, request: ReplyRequest) -> str | None:
    """ "你昨天做了什么" / "what did you do yesterday"."""
    language = reading.language
    asks = (
        (
            r"你.{0,3}(?:昨天|前天|周末|上周|上个月).{0,8}(?:什么|啥|哪|怎么|吗|没)|"
            r"(?:昨天|前天|周末|上周)你"
        )
        if language == "zh"
        else (
            r"\b(?:did|were|was) you\b.*\b(?:yesterday|weekend|last|on \w+day)|your "
            r"(?:weekend|yesterday)"
        )
    )
    if not re.search(asks, plain):
        return None
    days = query_range(reading.text, reading.today, language)
    if days is None or days[1] >= reading.today:
        return None
    for memory in _ai_memories(request):
        if memory.event_date and _inside(memory, days):
            return _sentence(retell_dated(memory, request.persona, reading.today), language)
    return _told_of(request.persona, days[0], reading) or UNSURE[language]


def _told_of(persona: Persona, day: date, reading: MessageReading, more: int = 0) -> str | None:
    """What was done on ``day``, said on the day of the reading."""
    told = of_day(persona.id, day, reading.language, more)
    away = (reading.today - day).days
    if told is None or away == 0:
        return told
    if reading.language == "zh":
        when = {1: "昨天", 2: "前天"}.get(away, f"{day.month}月{day.day}日")
        return told.replace("我今天", f"我{when}", 1)
    when = "Yesterday" if away == 1 else f"On {day:%B} {day.day},"
    return told.replace("Today", when, 1)


def _inside(memory: Memory, days: tuple[date, date]) -> bool:
    try:
        start, end = span(memory.event_date or "")
    except ValueError:
        return False
    return start <= days[1] and end >= days[0]


def _ai_memories(request: ReplyRequest) -> list[Memory]:
    found = unique(item.memory for item in request.context.items)
    return [memory for memory in found if memory.subject is Subject.AI]


def _asks_you(plain: str, language: Language) -> bool:
    if language == "zh":
        return bool(re.search(r"你", plain)) and not re.search(
            r"我|建议|办法|主意|你(?:知道|能|可以|帮|说|觉得|认为|会不会|猜|看(?!过|书|电影|剧))",
            plain,
        )
    return bool(
        re.search(
            (
                r"\b(?:do|are|did|have|is|what'?s|where|who|how|which|what) (?:\w+ "
                r"){0,3}(?:you|your)\b"
            ),
            plain,
        )
    ) and not re.search(
        r"\b(?:can|could|would|will) you\b|(?:advice|tips|ideas?)\b|"
        r"do you (?:know|think|mean|want)|\bmy\b|\bme\b|\bi\b",
        plain,
    )


def _further(request: ReplyRequest, reading: MessageReading) -> str | None:
    """Another thing of the day that was just told of; None if none was."""
    last = next((m for m in reversed(request.history) if m.role == "assistant"), None)
    for away in (0, 1):
        day = date.fromordinal(reading.today.toordinal() - away)
        told = _told_of(request.persona, day, reading)
        if last and told and told[:-1] in last.text:
            return _told_of(request.persona, day, reading, more=1)
    return None


def _first_person(text: str, language: Language) -> str:
    return text if language == "en" else f"我{text}"


def _sentence(text: str, language: Language) -> str:
    text = text[:1].upper() + text[1:]
    return text + ("。" if language == "zh" else ".")


def _join(language: Language, *parts: str) -> str:
    return ("" if language == "zh" else " ").join(part for part in parts if part)
