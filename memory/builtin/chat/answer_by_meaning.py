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

from memory.builtin.chat.answer_chances import chance_of, in_first_person, without_frame
from memory.builtin.chat.answer_match import matched
from memory.builtin.chat.asked_slots import (
    CATEGORY_OF,
    OF_A_RELATIVE,
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
from memory.builtin.extraction.unpunctuated import punctuated_zh
from memory.builtin.memory_questions import asks_for_memory
from memory.nlp.dates import query_range, span
from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.nlp.words import telling_words
from memory.types import ContextItem, Language, Memory, ReplyRequest, Subject

SURE = 0.36
"""Probability from which a candidate is told as the answer."""

SURE_WITHOUT = 0.75
"""The same where it speaks of whom was asked, and what was asked isn't seen in it."""

UNSURE = 0.13
"""Probability from which what is known of whom was asked is told instead."""

MAYBE = 0.04
"""Probability from which it is asked back whether that was meant."""

OR = 0.5
"""Share of the first one's probability from which a second one is asked back with it."""

BESIDE = 0.75
"""Share of the best one's probability from which others are told with it."""

MOST = 3
MOST_OF_ALL = 5
OF_ALL = 0.3
"""The same where all of a kind are asked for."""

ASKED = 0.7
"""Likelihood from which a line of the user's is a question of theirs, and tells nothing."""

CONTEXT = 0.3
"""Share of the message before in what a question that points back means."""

_COMMON_SLOTS = frozenset({"named", "where", "when", "usual"})

LEAST_WORDS: Mapping[Language, int] = {"zh": 5, "en": 15}
"""Characters below which a line of the user's tells nothing by itself."""

LONGEST: Mapping[Language, int] = {"zh": 60, "en": 160}

_JUST_NOW = re.compile(r"刚才|刚刚|前面|\bjust (?:now|said|told)\b|\ba moment ago\b", re.IGNORECASE)
_AND = re.compile(r"\band\b|[，,、]|还有|[?？](?=.)", re.IGNORECASE)
_OF_ME = re.compile(r"我(?!的)|\bi\b", re.IGNORECASE)
_POINTS = re.compile(r"[他她它]|\b(?:s?he|him|her|his)\b", re.IGNORECASE)
_OF_KIN = re.compile(rf"{KIN_ZH}|\b{KIN_EN}\b", re.IGNORECASE)
# A name is near every short question.
_ONLY_A_NAME = re.compile(r"用户(?:的名字)?[叫姓]\S{1,6}|The user(?:'s name is| is called) [\w -]+")
_OF_SOMEBODY = re.compile(
    rf"{KIN_ZH}|\b(?i:{KIN_EN})s?\b|[有叫]个|叫[\u4e00-\u9fff]|(?<=\w )(?!I\b)[A-Z][a-z]+\b"
    r"|\b(?:called|named|girl|woman|lady|man|guy|bloke|lad|lass)\b"
)
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
_GOES_ON = re.compile(
    r"[他她它](?!们)|^(?:那|这)|\b(?:he|she|they|him|her|them|(?<!was )(?<!is )it)\b",
    re.IGNORECASE,
)
# Of what was once, and not now.
_FORMER = re.compile(
    r"以前|从前|原来|之前|当年|年轻|退休前|早年|前任|前[夫妻]|\b(?:used to|once|former\w*|before|ex|back then|until \d{4}|was i|did i|was my)\b",
    re.IGNORECASE,
)
# All of a kind are asked for.
_ALL = re.compile(
    r"都有(?:谁|什么|啥|哪)|哪些|有什么(?:宠物|爱好|毛病|病)|几口人|\b(?:what|which) (?:pets|animals|hobbies|illnesses|languages|plans)\b|\bwho(?:'s| is| are) (?:all )?in my family\b|\ball (?:my|the)\b|\blist\b",
    re.IGNORECASE,
)


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

    ``chance`` is the first one's, 0 to 1; ``sure`` if they may be told as the answer;
    ``partly`` if they speak of whom was asked, and not of what.
    """

    found: tuple[AnswerCandidate, ...]
    chance: float
    sure: bool
    partly: bool = False


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
    candidates = answer_candidates(request, fresh, reading.language, encode)
    parts = asked_parts(without_frame(reading.text))
    if len(parts) == 2:
        whom = tuple(slot for slot in asked_slots(reading.text) if slot.kind == "who")
        both = [_best(replace(reading, text=p), request, candidates, encode, whom) for p in parts]
        if all(both) and both[0] != both[1]:
            found = {one.text: one for answer in both if answer for one in answer.found[:1]}
            least = min(answer.chance for answer in both if answer)
            return FoundAnswer(tuple(found.values()), least, sure=True)
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
    if _JUST_NOW.search(reading.text):
        fresh = [one for one in candidates if one.memory is None or one.memory.id in new]
        candidates = fresh or candidates
    ranked = ranked_answers(reading, request, candidates, encode, whom)
    # Of somebody else, it must be the very words to be told.
    found = [one for one in ranked if not one.clues["whom_missing"] or one.chance >= SURE_WITHOUT]
    best = found[0] if found else None
    of_all = _ALL.search(reading.text) is not None
    of_whom = best is not None and best.clues["whom"] > 0 and best.clues["what_missing"] > 0
    if best is not None and best.chance >= (SURE_WITHOUT if of_whom else SURE):
        least = best.chance * (OF_ALL if of_all else BESIDE)
        kept = [one.candidate for one in found if one.chance >= least]
        most = MOST_OF_ALL if of_all else MOST
        return FoundAnswer(tuple(kept[:most]), best.chance, sure=True)
    if best is not None and of_whom and best.chance >= UNSURE:
        return FoundAnswer((best.candidate,), best.chance, sure=False, partly=True)
    return _doubtful(found)


def _doubtful(found: Sequence[RankedAnswer]) -> FoundAnswer | None:
    """What may be meant, to be asked back; that beats denying what was told."""
    if not found or found[0].chance < MAYBE:
        return None
    best, *others = found
    near = [one.candidate for one in others[:1] if one.chance >= best.chance * OR]
    return FoundAnswer((best.candidate, *near), best.chance, sure=False)


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """A candidate, how likely it answers (0 to 1), and by what that was told."""

    candidate: AnswerCandidate
    chance: float
    clues: Mapping[str, float]


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
        days=_days(reading),
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


def _clues(asked: AskedWords, one: AnswerCandidate, place: float) -> dict[str, float]:
    """What tells whether ``one`` answers; see :data:`WEIGHTS`."""
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


def answer_candidates(
    request: ReplyRequest,
    fresh: Sequence[ContextItem],
    language: Language,
    encode: Encode,
) -> list[AnswerCandidate]:
    """What may answer: the user's memories and their own sentences of this talk."""
    memories = unique(
        item.memory
        for item in [*fresh, *request.context.items]
        if item.memory.subject is Subject.USER
    )
    said: list[tuple[str, AnswerCandidate]] = []
    told = [telling_words(memory.text) for memory in memories]
    before = ""
    for text in put_right([m.text for m in request.history if m.role == "user" and not m.care]):
        # What was said in one breath is looked through by the sentence.
        spoken = "。".join(map(punctuated_zh, text.split("\n"))) if language == "zh" else text
        for part in re.findall(r"[^。！？!?\n.]+[。！？!?.]*", spoken):
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
            told_as = f"{before} … {sentence}" if goes_on else sentence
            said.append((sentence, AnswerCandidate(told_as, None)))
            before = sentence
    asks = asks_for_memory([sentence for sentence, _ in said], encode)
    own = [one for (_, one), likely in zip(said, asks, strict=True) if likely < ASKED]
    return [*(AnswerCandidate(memory.text, memory) for memory in memories), *own]


def named_days(reading: MessageReading) -> tuple[date, date] | None:
    """The days that a question names; "lately" and "these days" name none."""
    if _NOWADAYS.search(reading.text):
        return None
    return query_range(reading.text, reading.today, reading.language)


def _days(reading: MessageReading) -> tuple[date, date] | None:
    """The days asked about; "the weekend" may be the coming one unless it is said to be past."""
    days = named_days(reading)
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
    "answer_candidates",
    "asked_parts",
    "named_days",
    "on_days",
    "ranked_answers",
]
