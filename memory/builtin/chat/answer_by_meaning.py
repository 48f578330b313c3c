"""Answers to memory questions by meaning: memories, and the user's own words of this talk.

All candidates are ranked together by meaning, words and what is asked for. A question for
the name of a dog isn't answered with a cat: what is asked (whom, what) must be in the
answer, however alike the sentences are.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from memory.builtin.chat.asked_slots import (
    CATEGORY_OF,
    AskedSlot,
    answers,
    asked_slots,
    literal_slot,
)
from memory.builtin.chat.known_names import introduced, known_names
from memory.builtin.chat.meaning import Encode
from memory.builtin.chat.pick_memory import ASKS_SOMETHING, stated, unique
from memory.builtin.chat.put_right import put_right
from memory.builtin.chat.reading import MessageReading
from memory.nlp.dates import query_range, span
from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.nlp.words import telling_words
from memory.types import ContextItem, Language, Memory, ReplyRequest, Subject

SURE = 0.42
"""Score from which a candidate is told as the answer."""

SURE_OF_SLOTS = 0.25
"""The same where it holds both of whom and what was asked."""

UNSURE = 0.22
"""Score from which it is asked whether that was meant."""

UNSURE_OF_SLOTS = 0.1
"""The same where it holds both of whom and what was asked."""

BESIDE = 0.04
"""Candidates that score so near the best are told with it."""

MOST = 3
WORD = 0.05
"""For each word in common, three at most."""

DAY = 0.25
"""For lying on the day that was asked for."""

TELLING = 0.3
"""For holding what was asked for, where few memories hold it (an illness, a job)."""

OF_WHOM = 0.08
"""For speaking of whom was asked."""

KIND = 0.15
"""For being a memory of the category that is asked for."""

WHAT_IS_DONE = 0.2
"""For holding the verb that is asked about ("我在戒什么")."""

LATER = 0.06
"""For what was said last in this talk, against what was said first."""

CONTEXT = 0.3
"""Share of the message before in what a question that points back means."""

DOUBTFUL = 0.18
"""Score from which something that doesn't hold what was asked for is asked back."""

_COMMON_SLOTS = frozenset({"named", "where", "when", "usual"})

LEAST_WORDS: Mapping[Language, int] = {"zh": 5, "en": 15}
"""Characters below which a line of the user's tells nothing by itself."""

LONGEST: Mapping[Language, int] = {"zh": 60, "en": 160}

_JUST_NOW = re.compile(r"刚才|刚刚|前面|\bjust (?:now|said|told)\b|\ba moment ago\b", re.IGNORECASE)
_AND = re.compile(r"\band\b|[，,、]|还有|[?？](?=.)", re.IGNORECASE)
_OF_ME = re.compile(r"我(?!的)|\bi\b", re.IGNORECASE)
_POINTS = re.compile(r"[他她它]|\b(?:s?he|him|her|his)\b", re.IGNORECASE)
_OF_KIN = re.compile(rf"{KIN_ZH}|\b{KIN_EN}\b", re.IGNORECASE)
# Asks for somebody, not for one's own work or name.
ASKS_WHO = re.compile(r"(?:那|so |and )?(?:谁(?!是我)|who\b(?! am i))", re.IGNORECASE)
_DONE_TO_WHAT = re.compile(
    r"(?![是叫有做干在了的到为说想要])([\u4e00-\u9fff])(?:了|过|着|的)?(?:什么|啥)"
)
_NOWADAYS = re.compile(
    r"现在|最近|如今|这阵子|\b(?:these days|nowadays|lately|now)\b", re.IGNORECASE
)
_PAST = re.compile(
    r"了|过|上(?:周|个|次)|昨|前天|\b(?:did|was|were|went|had|last|ago|yesterday)\b", re.IGNORECASE
)
_STARTS_WITH_ONE = re.compile(
    r"^(?:哦?不对|不是|说错了?|其实|更正)|^[，,]?(?:他|她|它)(?!们)"
    r"|^(?:(?:actually|no|sorry|oh|wait|and|well)[, ]+){0,2}(?:s?he|it|they|it'?s|s?he'?s|his|her|not)\b",
    re.IGNORECASE,
)
_IN_THE_MIDDLE = re.compile(r"(?<=[a-z'] )(?!I\b)[A-Z][a-z]{2,}\b")
_GOES_ON = re.compile(r"^(?:他|她|它|那|这)|\b(?:he|she|they|him|her|it)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AnswerCandidate:
    """What may be the answer: a memory, or a sentence of the user's (``memory`` None)."""

    text: str
    memory: Memory | None

    @property
    def category(self) -> str:
        """The memory's category; "" for what isn't one."""
        return self.memory.category if self.memory else ""


@dataclass(frozen=True, slots=True)
class FoundAnswer:
    """The best candidates, best first.

    ``sure`` if they may be told as the answer; ``partly`` if they speak of whom was asked,
    and not of what.
    """

    found: tuple[AnswerCandidate, ...]
    sure: bool
    partly: bool = False


def _somebody(question: str, candidates: Sequence[AnswerCandidate]) -> tuple[AskedSlot, ...]:
    """Somebody whom ``question`` names and a candidate speaks of, as a slot."""
    for name in _IN_THE_MIDDLE.findall(question):
        slot = literal_slot(name, rf"\b{name}\b")
        if any(slot.holds.search(one.text) for one in candidates):
            return (slot,)
    return ()


def answer_by_meaning(
    reading: MessageReading,
    request: ReplyRequest,
    fresh: Sequence[ContextItem],
    encode: Encode,
) -> FoundAnswer | None:
    """What answers the message; None if nothing comes near.

    Args:
        reading: The question.
        request: Its context and history.
        fresh: What was said in this talk, as it will be remembered.
        encode: Gives sentence vectors.
    """
    candidates = _candidates(request, fresh, reading.language)
    parts = asked_parts(reading.text)
    if len(parts) == 2:
        whom = tuple(slot for slot in asked_slots(reading.text) if slot.kind == "who")
        both = [_best(replace(reading, text=p), request, candidates, encode, whom) for p in parts]
        if all(both) and both[0] != both[1]:
            found = {one.text: one for answer in both if answer for one in answer.found[:1]}
            return FoundAnswer(tuple(found.values()), sure=True)
    new = {item.memory.id for item in fresh}
    return _best(reading, request, candidates, encode, (), new)


def asked_parts(text: str) -> list[str]:
    """The questions in ``text``: "how old is she and where does she live" holds two."""
    return [part for part in _AND.split(text) if ASKS_SOMETHING.search(part.strip())]


def _best(
    reading: MessageReading,
    request: ReplyRequest,
    candidates: Sequence[AnswerCandidate],
    encode: Encode,
    whom: tuple[AskedSlot, ...],
    new: Collection[str] = (),
) -> FoundAnswer | None:
    """What answers one question; ``whom`` it is about is said in another part of it."""
    plain = introduced(reading.text, known_names(request))
    wanted = asked_slots(plain)
    if ASKS_WHO.match(plain):
        wanted = tuple(slot for slot in wanted if slot.kind == "who")
    if not any(slot.kind == "who" for slot in wanted):
        wanted += () if _OF_ME.search(plain) else whom
    if not any(slot.kind == "who" for slot in wanted):
        wanted += _somebody(plain, candidates)
    before = _last_said(request) if _GOES_ON.search(reading.text) else ""
    if before and not any(slot.kind == "who" for slot in wanted):
        # "他叫啥": the one just spoken of.
        wanted += tuple(slot for slot in asked_slots(before) if slot.kind == "who")
    # What was said last is no answer to what points back to it, unless it holds it.
    things = [slot for slot in wanted if slot.kind == "what"]
    candidates = [
        one
        for one in candidates
        if one.text.rpartition(" … ")[2].rstrip("。.!！") not in before
        or (things and answers(one.text, things))
    ]
    pool = [one for one in candidates if answers(one.text, wanted, one.category)]
    pool += [one for one in candidates if one not in pool and _of_somebody(one, wanted)]
    pool = [one for one in pool if answers(one.text, wanted)] or pool
    doubtful = not pool
    if doubtful:
        pool = [one for one in candidates if answers(one.text, wanted, only_whom=True)]
    if _JUST_NOW.search(reading.text):
        pool = [one for one in pool if one.memory is None or one.memory.id in new] or pool
    if not pool:
        return None
    question = reading.text
    rows = encode([question, f"{before} {question}", *(one.text for one in pool)])
    meaning = rows[0] * (1 - CONTEXT) + rows[1] * CONTEXT
    near = (rows[2:] @ meaning).tolist()
    words = telling_words(f"{before} {question}")
    telling = sum(slot.kind == "what" and slot.name not in _COMMON_SLOTS for slot in wanted)
    of_whom = any(slot.kind == "who" for slot in wanted)
    bonus = TELLING * min(telling, 2) + OF_WHOM * of_whom
    days = _days(reading)
    done = _DONE_TO_WHAT.search(question)
    scored = []
    for place, (one, alike) in enumerate(zip(pool, near, strict=True)):
        score = float(alike) + bonus + WORD * min(3, len(telling_words(one.text) & words))
        if done and done[1] in one.text:
            score += WHAT_IS_DONE
        if any(_of_its_kind(one, slot) for slot in wanted):
            score += KIND
        if one.memory is None:
            # Said later counts more: it may correct what was said first.
            score += LATER * place / len(pool)
        if days and one.memory is not None and one.memory.event_date:
            score += DAY if on_days(one.memory.event_date, days) else -DAY
        scored.append((score, one))
    scored.sort(key=lambda entry: -entry[0])
    best = scored[0][0]
    both = any(slot.kind == "what" for slot in wanted)
    # Whom and what was asked are both in it: in other words, it still is the answer.
    if best < (UNSURE_OF_SLOTS if both and of_whom and not doubtful else UNSURE):
        return FoundAnswer((scored[0][1],), sure=False, partly=True) if of_whom else None
    if doubtful:
        least = DOUBTFUL + bonus
        first = scored[0][1]
        if not of_whom and first.memory is None and not telling_words(first.text) & words:
            return None
        if of_whom or best >= least:
            return FoundAnswer((first,), sure=False, partly=True)
        return None
    if best < SURE and scored[0][1].memory is None:
        # What was said about something else isn't offered as the answer.
        scored = [entry for entry in scored if _offered(entry[1], wanted, words)]
        if not scored:
            return None
        best = scored[0][0]
    sure = best >= (SURE_OF_SLOTS if both else SURE)
    kept = [one for score, one in scored if score >= best - BESIDE][: MOST if sure else 1]
    return FoundAnswer(tuple(kept), sure)


def _of_somebody(one: AnswerCandidate, wanted: Sequence[AskedSlot]) -> bool:
    """Whether words of the user's about "she" may be about whom is asked: nobody else is named."""
    if one.memory is not None or not _POINTS.search(one.text) or _OF_KIN.search(one.text):
        return False
    people = [slot for slot in wanted if slot.kind == "who"]
    rest = [slot for slot in wanted if slot.kind != "who"]
    return bool(people) and "named" not in {slot.name for slot in rest} and answers(one.text, rest)


def _offered(one: AnswerCandidate, wanted: Sequence[AskedSlot], words: frozenset[str]) -> bool:
    plain = all(slot.name in _COMMON_SLOTS for slot in wanted)
    return bool(
        one.memory is not None
        or telling_words(one.text) & words
        or (wanted and not plain and answers(one.text, wanted))
    )


def _of_its_kind(one: AnswerCandidate, slot: AskedSlot) -> bool:
    kind = one.category == CATEGORY_OF.get(slot.name, "-")
    return slot.kind == "what" and kind and slot.holds.search(one.text) is not None


def _candidates(
    request: ReplyRequest, fresh: Sequence[ContextItem], language: Language
) -> list[AnswerCandidate]:
    memories = unique(
        item.memory
        for item in [*fresh, *request.context.items]
        if item.memory.subject is Subject.USER
    )
    found = [AnswerCandidate(memory.text, memory) for memory in memories]
    told = [telling_words(memory.text) for memory in memories]
    before = ""
    for text in put_right([m.text for m in request.history if m.role == "user" and not m.care]):
        for part in re.findall(r"[^。！？!?\n.]+[。！？!?.]*", text):
            sentence = part.strip().rstrip("。.!！")
            if not LEAST_WORDS[language] <= len(sentence) <= LONGEST[language]:
                continue
            sentence = stated(sentence)
            if len(sentence) < LEAST_WORDS[language] or any(
                telling_words(sentence) <= known for known in told
            ):
                continue
            # "She's called Ife": of whom, the sentence before says.
            goes_on = before and _STARTS_WITH_ONE.match(sentence)
            found.append(AnswerCandidate(f"{before} … {sentence}" if goes_on else sentence, None))
            before = sentence
    return found


def _days(reading: MessageReading) -> tuple[date, date] | None:
    """The days asked about; "the weekend" may be the coming one unless it is said to be past."""
    if _NOWADAYS.search(reading.text):
        return None
    days = query_range(reading.text, reading.today, reading.language)
    if days and days[1] < reading.today and not _PAST.search(reading.text):
        ahead = timedelta(days=7 * ((reading.today - days[1]).days // 7 + 1))
        return days[0], max(days[1], days[1] + ahead) if (days[1] - days[0]).days < 7 else days[1]
    return days


def _last_said(request: ReplyRequest) -> str:
    last = [m.text for m in request.history if m.role == "user"]
    return last[-1] if last else ""


def on_days(event_date: str, days: tuple[date, date]) -> bool:
    """Whether a memory's date touches the days asked about."""
    try:
        start, end = span(event_date)
    except ValueError:
        return False
    return start <= days[1] and end >= days[0]


__all__ = [
    "ASKS_WHO",
    "AnswerCandidate",
    "FoundAnswer",
    "answer_by_meaning",
    "asked_parts",
    "on_days",
]
