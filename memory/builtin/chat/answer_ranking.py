"""Reranking: how likely each candidate answers a question, by what both ask for and hold."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from memory.builtin.chat.answer_candidates import AnswerCandidate
from memory.builtin.chat.answer_chances import chance_of, in_first_person, without_frame
from memory.builtin.chat.answer_match import matched
from memory.builtin.chat.asked_days import days_asked, on_days
from memory.builtin.chat.asked_slots import (
    ASKS_WHO,
    CATEGORY_OF,
    OF_A_RELATIVE,
    AskedSlot,
    answers,
    asked_slots,
    literal_slot,
)
from memory.builtin.chat.known_names import introduced, known_names
from memory.builtin.chat.reading import MessageReading
from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.nlp.words import telling_words
from memory.types import ReplyRequest
from memory.types.vectors import Encode

CONTEXT = 0.3
"""Share of the message before in what a question that points back means."""

_COMMON_SLOTS = frozenset({"named", "where", "when", "usual"})
_OF_ME = re.compile(r"我(?!的)|\bi\b", re.IGNORECASE)
_POINTS = re.compile(r"[他她它]|\b(?:s?he|him|her|his)\b", re.IGNORECASE)
_OF_KIN = re.compile(rf"{KIN_ZH}|\b{KIN_EN}\b", re.IGNORECASE)
# A name is near every short question.
_ONLY_A_NAME = re.compile(r"用户(?:的名字)?[叫姓]\S{1,6}|The user(?:'s name is| is called) [\w -]+")
_OF_SOMEBODY = re.compile(
    rf"{KIN_ZH}|\b(?i:{KIN_EN})s?\b|[有叫]个|叫[\u4e00-\u9fff]|(?<=\w )(?!I\b)[A-Z][a-z]+\b"
    r"|\b(?:called|named|girl|woman|lady|man|guy|bloke|lad|lass)\b"
)
_DONE_TO_WHAT = re.compile(
    r"(?![是叫有做干在了的到为说想要])([\u4e00-\u9fff])(?:了|过|着|的)?(?:什么|啥)"
)
_IN_THE_MIDDLE = re.compile(r"(?<=[a-z'] )(?!I\b)[A-Z][a-z]{2,}\b")
_GOES_ON = re.compile(
    r"[他她它](?!们)|^(?:那|这)|\b(?:he|she|they|him|her|them|(?<!was )(?<!is )it)\b",
    re.IGNORECASE,
)
# Of what was once, and not now.
_FORMER = re.compile(
    r"以前|从前|原来|之前|当年|年轻|退休前|早年|前任|前[夫妻]|\b(?:used to|once|former\w*|before|ex|back then|until \d{4}|was i|did i|was my)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """A candidate, how likely it answers (0 to 1), and by what that was told."""

    candidate: AnswerCandidate
    chance: float
    clues: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AskedWords:
    """A question taken apart: whom and what it asks for, its telling words and its days.

    ``for_somebody``: it asks for a person. ``done``: the verb that it asks about ("我在戒什么").
    ``former``: of what was once. ``spoken_of``: whom the last reply told of, if it points back.
    """

    wanted: tuple[AskedSlot, ...]
    who: list[AskedSlot]
    what: list[AskedSlot]
    words: frozenset[str]
    days: tuple[date, date] | None
    for_somebody: bool
    done: re.Match[str] | None
    former: bool
    spoken_of: AskedSlot | None


def ranked_answers(
    reading: MessageReading,
    request: ReplyRequest,
    candidates: Sequence[AnswerCandidate],
    encode: Encode,
    whom: tuple[AskedSlot, ...] = (),
) -> list[RankedAnswer]:
    """The candidates by how likely they answer the question, best first."""
    question = without_frame(introduced(reading.text, known_names(request)))
    wanted = asked_slots(question)
    for_somebody = ASKS_WHO.match(question) is not None
    if for_somebody:
        wanted = tuple(slot for slot in wanted if slot.kind == "who")
    if not any(slot.kind == "who" for slot in wanted):
        wanted += () if _OF_ME.search(question) else whom
    if not any(slot.kind == "who" for slot in wanted):
        wanted += _somebody(question, candidates)
    before = _last_said(request) if _GOES_ON.search(reading.text) else ""
    if before and not any(slot.kind == "who" for slot in wanted):
        # "他叫啥": the one just spoken of.
        wanted += tuple(slot for slot in asked_slots(before) if slot.kind == "who")
    # What was said last is no answer to what points back to it, unless it holds it.
    things = [slot for slot in wanted if slot.kind == "what"]
    pool = [
        one
        for one in candidates
        if one.text.rpartition(" … ")[2].rstrip("。.!！") not in before
        or (things and answers(one.text, things))
    ]
    if not any(slot.name == "named" for slot in wanted):
        pool = [one for one in pool if not _ONLY_A_NAME.fullmatch(one.text)]
    if not pool:
        return []
    rows = encode([question, f"{before} {question}", *(in_first_person(one.text) for one in pool)])
    meaning = rows[0] * (1 - CONTEXT) + rows[1] * CONTEXT
    near = (rows[2:] @ meaning).tolist()
    fit = matched(meaning, rows[2:])
    words = telling_words(f"{before} {question} {without_frame(reading.text)}")
    asked = AskedWords(
        wanted=wanted,
        who=[slot for slot in wanted if slot.kind == "who"],
        what=things,
        words=words,
        days=days_asked(reading),
        for_somebody=for_somebody,
        done=_DONE_TO_WHAT.search(question),
        former=_FORMER.search(question) is not None,
        spoken_of=_told_of(request, candidates) if before else None,
    )
    found = []
    for place, one in enumerate(pool):
        meant = {"alike": float(near[place]), "fits": fit[place]}
        clues = meant | _clues(asked, one, (place + 1) / len(pool))
        found.append(RankedAnswer(one, chance_of(clues), clues))
    return sorted(found, key=lambda one: -one.chance)


def _clues(asked: AskedWords, one: AnswerCandidate, place: float) -> dict[str, float]:
    """What tells whether ``one`` answers; see :data:`.answer_chances.WEIGHTS`."""
    who, what = asked.who, asked.what
    telling = any(slot.name not in _COMMON_SLOTS for slot in what)
    of_whom = bool(who) and (answers(one.text, who) or _of_somebody(one, asked.wanted))
    kind = any(one.category == CATEGORY_OF.get(slot.name, "-") for slot in what)
    holds = bool(what) and answers(one.text, asked.wanted if of_whom else what)
    shared = len(telling_words(one.text) & asked.words)
    dated = one.memory.event_date if one.memory is not None else None
    on_day = bool(asked.days and dated and on_days(dated, asked.days))
    former = _FORMER.search(one.text) is not None
    return {
        "words": min(shared, 3) / 3,
        "covered": shared / max(1, len(asked.words)),
        "whom": float(of_whom),
        "whom_missing": float(bool(who) and not of_whom),
        "what": float(holds and not telling),
        "telling": float(holds and telling),
        "what_missing": float(bool(what) and not holds and not kind),
        "kind": float(kind),
        "whom_and_what": float(of_whom and holds),
        "another": float(_of_another(one.text, who, what)),
        "somebody": float(asked.for_somebody and _somebody_in(one.text)),
        "done": float(asked.done is not None and asked.done[1] in one.text),
        "on_day": float(on_day),
        "off_day": float(asked.days is not None and dated is not None and not on_day),
        "spoken_of": float(asked.spoken_of is not None and answers(one.text, [asked.spoken_of])),
        "former": float(former and asked.former),
        "no_more": float(former and not asked.former),
        "own_words": float(one.memory is None),
        "later": place * (one.memory is None),
    }


def _somebody(question: str, candidates: Sequence[AnswerCandidate]) -> tuple[AskedSlot, ...]:
    """Somebody whom ``question`` names and a candidate speaks of, as a slot."""
    for name in _IN_THE_MIDDLE.findall(question):
        slot = literal_slot(name, rf"\b{name}\b")
        if any(slot.holds.search(one.text) for one in candidates):
            return (slot,)
    return ()


def _told_of(request: ReplyRequest, candidates: Sequence[AnswerCandidate]) -> AskedSlot | None:
    """Of whom the last reply told: whom a question after it means by "she"."""
    last = next((m.text for m in reversed(request.history) if m.role == "assistant"), "")
    people = (*_somebody(last, candidates), *(s for s in asked_slots(last) if s.kind == "who"))
    if not people:
        return None
    return literal_slot("spoken of", "|".join(f"(?:{one.holds.pattern})" for one in people))


def _somebody_in(text: str) -> bool:
    """Whether ``text`` speaks of somebody beside the user."""
    return _OF_SOMEBODY.search(in_first_person(text)) is not None


def _of_another(text: str, who: Sequence[AskedSlot], what: Sequence[AskedSlot]) -> bool:
    """Whether ``text`` is about a relative who wasn't asked for."""
    relative = OF_A_RELATIVE.match(text)
    if relative is None:
        return False
    if not who:
        return bool(what)
    return not any(slot.holds.search(relative[0].lower()) for slot in who)


def _of_somebody(one: AnswerCandidate, wanted: Sequence[AskedSlot]) -> bool:
    """Whether words of the user's about "she" may be about whom is asked: nobody else is named."""
    if one.memory is not None or not _POINTS.search(one.text) or _OF_KIN.search(one.text):
        return False
    people = [slot for slot in wanted if slot.kind == "who"]
    rest = [slot for slot in wanted if slot.kind != "who"]
    return bool(people) and "named" not in {slot.name for slot in rest} and answers(one.text, rest)


def _last_said(request: ReplyRequest) -> str:
    last = [m.text for m in request.history if m.role == "user"]
    return last[-1] if last else ""
