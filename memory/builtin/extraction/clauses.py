"""Clause classifier: softmax regression that says whether a clause is worth remembering.

The weights (``clauses.npz``) are made by ``python -m scripts.train_clauses`` from the
labelled clauses in ``memory/builtin/extraction/examples``. A clause is read as its sentence
vector and a few cheap features.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memory.builtin.extraction.cantonese import simplified
from memory.system.lazy_imports import LazyModule
from memory.types import DEFAULT_CATEGORIES
from memory.types.vectors import Encode, Floats

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

WEIGHTS_FILE = Path(__file__).parent / "clauses.npz"
EXAMPLES = Path(__file__).parent / "examples"

NOTHING = "none"
CLASSES = (NOTHING, *DEFAULT_CATEGORIES)
"""What a clause can be: not worth a memory, or one of a category."""


_FEATURES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:我|咱|俺|本人|阮)|^(?:i|i'm|i've|im|we|we're|my|our)\b",
        r"我|咱|俺|\b(?:i|i'm|i've|im|we|me|my|our)\b",
        r"你|您|\b(?:you|your|you're)\b",
        r"^(?:他|她|它|佢)|^(?:he|she|it|they|it's|he's|she's)\b",
        r"他|她|它|\b(?:he|she|it|they|him|her|them|his|their)\b",
        r"^(?:这|那|此)|^(?:this|that|that's|these|those|there|there's|the|a|an)\b",
        r"[？?]|吗$|什么|怎么|为什么|谁|^(?:what|who|why|how|when|where|do|does|did|can|is|are)\b",
        r"\d|[一二两三四五六七八九十]{1,3}(?:岁|年|个|只|次|点|月)|\b(?:one|two|three|four|five|six|ten|twenty|thirty|forty)\b",
        r"[今明昨前后]天|[上下]周|[上下]个月|去年|今年|年底|周[一二三四五六日末]|礼拜|\b(?:yesterday|tomorrow|today|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday|week|month|last|next)\b",
        r"每|天天|总是|经常|习惯|\b(?:every|always|usually|never|often|each)\b",
        r"[妈爸爷奶姥哥姐弟妹婆公]|儿子|女儿|闺女|孩子|媳妇|对象|朋友|室友|同事|\b(?:mom|mum|dad|wife|husband|son|daughter|brother|sister|friend|boyfriend|girlfriend|boss|grandma|grandpa|kids?)\b",
        r"猫|狗|仓鼠|兔|鸟|\b(?:cats?|dogs?|puppy|kitten|hamster)\b",
        r"过敏|病|症|手术|药|医|疼|痛|\b(?:allerg\w+|surgery|pills?|pain|disease|doctor|diagnosed|cancer)\b",
        r"如果|要是|可能|也许|\b(?:if|would|could|might|maybe|wish)\b",
        r"[啊呀哦呢吧嘛啦哈]$|^(?:haha|wow|oh|lol|so|such|really)\b",
        r"不|没|\b(?:not|no|never|can't|don't|isn't)\b",
    )
)
FEATURE_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says of a clause.

    Attributes:
        worth: Probability, 0 to 1, that it is worth a memory.
        category: The likeliest category, if it is.
    """

    worth: float
    category: str


@dataclass(frozen=True)
class ClauseWeights:
    """``clauses.npz``: a row for each number of a clause, a column for each class."""

    matrix: Floats
    bias: Floats
    examples: str


def plain(clause: str) -> str:
    """``clause`` as the classifier reads it: lower case, simplified, one space between words."""
    return " ".join(simplified(clause.lower().replace("’", "'")).split())


def numbers_of(clauses: Sequence[str], encode: Encode) -> Floats:
    """One row of numbers for each clause; all are encoded in one go."""
    texts = [plain(clause) for clause in clauses]
    vectors = encode(texts)
    cheap = np.array(
        [[FEATURE_WEIGHT * bool(one.search(text)) for one in _FEATURES] for text in texts],
        dtype=np.float32,
    ).reshape(len(texts), len(_FEATURES))
    return np.concatenate([vectors, cheap], axis=1)


def judged(clauses: Sequence[str], encode: Encode) -> list[Verdict]:
    """What each of ``clauses`` is."""
    if not clauses:
        return []
    weights = stored_weights()
    raw = numbers_of(clauses, encode) @ weights.matrix + weights.bias
    odds = np.exp(raw - raw.max(axis=1, keepdims=True))
    likely = odds / odds.sum(axis=1, keepdims=True)
    return [Verdict(float(1 - row[0]), CLASSES[1 + int(row[1:].argmax())]) for row in likely]


@cache
def stored_weights() -> ClauseWeights:
    """The weights in the package, read once."""
    with np.load(WEIGHTS_FILE, allow_pickle=False) as stored:
        return ClauseWeights(
            matrix=stored["matrix"].astype(np.float32),
            bias=stored["bias"].astype(np.float32),
            examples=str(stored["examples"]),
        )
