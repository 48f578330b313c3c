"""Answers to memory questions by meaning: memories, and the user's own words of this talk.

All candidates are ranked together by meaning, words and what is asked for. A question for
the name of a dog isn't answered with a cat: what is asked (whom, what) must be in the
answer, however alike the sentences are.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from memory.builtin.chat.answer_candidates import AnswerCandidate, answer_candidates
from memory.builtin.chat.answer_chances import without_frame
from memory.builtin.chat.answer_ranking import RankedAnswer, ranked_answers
from memory.builtin.chat.asked_slots import AskedSlot, asked_slots
from memory.builtin.chat.pick_memory import ASKS_SOMETHING
from memory.builtin.chat.reading import MessageReading
from memory.types import ContextItem, ReplyRequest
from memory.types.vectors import Encode

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

_JUST_NOW = re.compile(r"刚才|刚刚|前面|\bjust (?:now|said|told)\b|\ba moment ago\b", re.IGNORECASE)
_AND = re.compile(r"\band\b|[，,、]|还有|[?？](?=.)", re.IGNORECASE)
# All of a kind are asked for.
_ALL = re.compile(
    r"都有(?:谁|什么|啥|哪)|哪些|有什么(?:宠物|爱好|毛病|病)|几口人|\b(?:what|which) (?:pets|animals|hobbies|illnesses|languages|plans)\b|\bwho(?:'s| is| are) (?:all )?in my family\b|\ball (?:my|the)\b|\blist\b",
    re.IGNORECASE,
)


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
