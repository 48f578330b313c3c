"""Answer scoring: how likely a candidate answers a question, by logistic regression.

The weights are made by ``python -m scripts.fit_answers`` from the talks in
``benchmarks/talks``; the clues are named in :mod:`.answer_ranking`.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from memory.nlp.language import has_cjk

BIAS = -3.54
WEIGHTS: Mapping[str, float] = {
    "alike": 4.20,
    "fits": 5.54,
    "words": 0.63,
    "covered": 0.90,
    "whom": 0.24,
    "whom_missing": -1.58,
    "what": 0.55,
    "telling": 1.09,
    "what_missing": -1.38,
    "kind": 0.95,
    "whom_and_what": 0.67,
    "another": -0.42,
    "somebody": 0.39,
    "done": 0.78,
    "on_day": 2.23,
    "off_day": -0.12,
    "spoken_of": 0.83,
    "former": 0.65,
    "no_more": -0.54,
    "own_words": -0.58,
    "later": 0.78,
}
"""What each clue adds to the odds."""

# What a question says of itself; it is about the rest.
_FRAME_ZH = re.compile(
    r"你?(?:还|都)?(?:记(?:不记)?得|知道|晓得)(?=.{2})(?:不|吗|么)?|(?:你)?(?:还)?(?:记得|知道|晓得)(?:不|吗|么|没)?[?？]?$"
    r"|[，, ]?(?:我)?(?:上[回次]|之前|以前|应该|好像|有没有|是不是){0,3}+(?:跟|和|给|对)你?(?:说|讲|提)过?(?:的|没有|没|吗|吧|了|不)?"
    r"|[，, ]?(?:我)?(?:上[回次]|之前|有没有){0,3}+(?:告诉|说|讲|提)过(?:你)?(?:的|没有|没|吗|吧|不)+[?？]?"
    r"|来着|[，, ]?我(?:又|都|怕)?(?:忘了|忘记了?|记不清了?)|[，, ]?(?:你)?帮我?(?:想想|回忆一下|看看)|考考你|到底|(?<=的)不[?？]?$"
)
_FRAME_EN = re.compile(
    r"\b(?:do|can|did|would|could) (?:you|u) (?:still |even )?(?:remember|recall|know)\b|\b(?:please )?remind me\b"
    r"|,? ?\b(?:did|have|had) i (?:ever )?(?:tell|told|mention(?:ed)?|say|said)(?: (?:you|that))?\b(?: (?:that|about|it|this))?"
    r"|,? ?\bi (?:told you|mentioned|said so)(?: (?:it|that))?(?: (?:earlier|before|already))?|,? ?\bif (?:you|u) (?:remember|recall)\b|\bagain(?=\W*$)|^(?:and|now|so|ok|okay|hey|oh|wait)[, ]+"
    r"|,? ?\bi (?:forg[eo]t|can't remember)\b",
    re.IGNORECASE,
)
_LEAST = 2


def without_frame(question: str) -> str:
    """``question`` without "do you remember" and the like.

    Example:
        >>> without_frame("What was my cat called again, did I tell you?")
        'What was my cat called?'
    """
    bare = (_FRAME_ZH if has_cjk(question) else _FRAME_EN).sub(" ", question)
    bare = " ".join(re.sub(r"(?<!\s)\s++(?=[?.!,])", "", bare).split()).strip(" ,，")
    return bare if len(re.sub(r"\W", "", bare)) > _LEAST else question


def in_first_person(memory: str) -> str:
    """``memory`` as the user would say it: questions are asked in the first person."""
    if memory.startswith("The user"):
        memory = memory.removeprefix("The user")
        return f"my{memory[2:]}" if memory.startswith("'s") else f"I{memory}"
    return memory.replace("用户", "我")


def chance_of(clues: Mapping[str, float]) -> float:
    """Probability, 0 to 1, that what has ``clues`` is the answer."""
    odds = BIAS + sum(WEIGHTS.get(name, 0.0) * value for name, value in clues.items())
    return 1 / (1 + math.exp(-odds))
