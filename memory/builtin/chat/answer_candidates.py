"""Candidate retrieval: what may answer a question, memories and the user's own words."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memory.builtin.chat.pick_memory import stated, unique
from memory.builtin.chat.put_right import put_right
from memory.builtin.extraction.unpunctuated import punctuated_zh
from memory.builtin.memory_questions import asks_for_memory
from memory.nlp.words import telling_words
from memory.types import ContextItem, Language, Memory, ReplyRequest, Subject
from memory.types.vectors import Encode

LEAST_WORDS: Mapping[Language, int] = {"zh": 5, "en": 15}
"""Characters below which a line of the user's tells nothing by itself."""

LONGEST: Mapping[Language, int] = {"zh": 60, "en": 160}

ASKED = 0.7
"""Likelihood from which a line of the user's is a question of theirs, and tells nothing."""

_STARTS_WITH_ONE = re.compile(
    r"^(?:哦?不对|不是|说错了?|其实|更正)|^[，,]?(?:他|她|它)(?!们)"
    r"|^(?:(?:actually|no|sorry|oh|wait|and|well)[, ]+){0,2}(?:s?he|it|they|it'?s|s?he'?s|his|her|not)\b",
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
