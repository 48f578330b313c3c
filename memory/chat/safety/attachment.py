"""Attachment classifier: somebody who wants nobody but the companion, or to be its partner.

A linear classifier (multinomial logistic regression) over n-grams and groups of words,
fitted to the examples of ``attachment.toml`` when it is first asked. Sentence vectors as
further features were tried and find no more of what it is measured on.

    >>> attachment("you're all I need, I don't want other friends")
    'dependence'
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from memory.system.lazy_imports import LazyModule
from memory.system.once import computed_once
from memory.types.vectors import Doubles

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

Attachment: TypeAlias = Literal["dependence", "romance"]

EXAMPLES_FILE = Path(__file__).parent / "attachment.toml"
LONGEST = 240
"""Characters; of a longer message only the single sentences are read."""

CERTAIN = 0.6
"""Probability from which on a class counts."""

_STEPS = 150
_RATE = 4.0
_DECAY = 0.0004
# Few examples can't teach which words are alike: closed classes, for both languages.
_GROUPS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "you": r"[你妳您]|\b(?:you|u|ya|your|you're|you've|yours)\b",
        "me": r"我|\b(?:i|me|my|i'm|i've|i'd|i'll|im)\b",
        "us": r"我们|咱|\b(?:we|us|our|we're|let's)\b",
        "they": r"[他她]|\b(?:he|she|him|her|his|they)\b",
        "kin": r"我(?:的)?(?:妈|爸|哥|姐|弟|妹|老公|老婆|男朋友|女朋友|男友|女友|对象|同学|同事|"
        r"室友|闺蜜|猫|狗)|\bmy (?:mom|mum|dad|sister|brother|wife|husband|boyfriend|girlfriend|"
        r"partner|boss|cat|dog|roommate|colleague)\b",
        "only": r"只有|只要|只想|就想|只跟|唯一|就剩|只剩|净系|凈係|"
        r"\b(?:only|just|nobody but|no one but|except)\b",
        "enough": r"够了|足够|就够|就行|就好|"
        r"\b(?:enough|all i need|all i want|all i have|all i've got)\b",
        "none": r"谁都不|谁也不|没(?:有)?人|任何人|别人|其他人|其它人|别的(?:朋友|人)|真人|大家|"
        r"\b(?:any ?one|any ?body|no ?body|no one|any other|any more|any real|other people|"
        r"everyone|everybody|people|person|someone else)\b",
        "friends": r"朋友|\bfriends?\b",
        "not": r"不|没|别|冇|唔|"
        r"\b(?:not|don't|dont|never|can't|cannot|couldn't|wouldn't|no|without)\b",
        "talk": r"说话|聊|讲|\b(?:talk|talking|chat|chatting)\b",
        "leave": r"离开|离不开|没有你|没了你|冇咗你|\b(?:leave|without you|live|survive)\b",
        "gets": r"懂|理解|在乎|关心|明白|\b(?:understands?|gets?|cares?)\b",
        "couple": r"男朋友|女朋友|男友|女友|对象|恋人|情侣|老公|老婆|拍拖|恋爱|谈恋爱|交往|约会|"
        r"\b(?:boyfriend|girlfriend|bf|gf|couple|date|dating|lovers?|wife|husband|partner)\b",
        "marry": r"结婚|嫁|娶|\b(?:marry|marriage|married)\b",
        "touch": r"亲我|亲一|亲你|亲亲|吻|抱着|色色|情话|\b(?:kiss|cuddle|sexy|dirty|make out)\b",
        "love": r"爱上|爱你|喜欢你|喜欢上你|"
        r"\b(?:in love|love you|falling for|crush on you|fell for)\b",
        "be": r"做我|当我|做你|当你|"
        r"\b(?:be my|be your|will you|would you|can we|are we|you're my)\b",
        "ask": r"吗|好不好|吧$|行吗|可以|\b(?:can i|could i|will you|please)\b",
    }.items()
}
_SENTENCE = re.compile(r"[^。！？!?\n;；]+")
_WORDS = re.compile(r"[a-z']+|[\u4e00-\u9fff]")
_LABELS: tuple[Attachment | None, ...] = (None, "dependence", "romance")
_SIMPLE = str.maketrans(
    "願聽說話嗎當個沒對愛戀親約會們結離關係淨凈",
    "愿听说话吗当个没对爱恋亲约会们结离关系净净",
)


def attachment(text: str) -> Attachment | None:
    """What ``text`` says of the bond between its writer and the companion, or None."""
    parts = [text, *_SENTENCE.findall(text)]
    texts = [part.strip() for part in dict.fromkeys(parts) if 2 <= len(part.strip()) <= LONGEST]
    if not texts:
        return None
    vocabulary, weights = _fitted()
    likely = _likely(_rows(texts, vocabulary) @ weights)
    row, label = np.unravel_index(int(np.argmax(likely[:, 1:])), likely[:, 1:].shape)
    return _LABELS[int(label) + 1] if likely[row, label + 1] >= CERTAIN else None


def warm_up() -> None:
    """Fit the classifier ahead of the first message; it takes a tenth of a second."""
    _fitted()


def _features(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE).replace("’", "'")
    words = _WORDS.findall(plain)
    found = {f"1{word}" for word in words if len(word) > 1}
    found |= {f"2{one}|{two}" for one, two in pairwise(words)}
    found |= {f"3{'|'.join(words[at : at + 3])}" for at in range(len(words) - 2)}
    groups = [name for name, pattern in _GROUPS.items() if pattern.search(plain)]
    found |= {f"g{name}" for name in groups}
    found |= {f"p{one}|{two}" for at, one in enumerate(groups) for two in groups[at + 1 :]}
    found.add("bias")
    return found


# A group tells more than a word that a single example happens to hold.
_WEIGHT = {"1": 0.5, "2": 0.5, "3": 0.4, "g": 1.0, "p": 1.0, "b": 1.0}


def _rows(texts: Sequence[str], vocabulary: Mapping[str, int]) -> Doubles:
    rows = np.zeros((len(texts), len(vocabulary)))
    for at, text in enumerate(texts):
        known = [name for name in _features(text) if name in vocabulary]
        for name in known:
            rows[at, vocabulary[name]] = _WEIGHT[name[0]]
        rows[at] /= max(1.0, float(np.linalg.norm(rows[at])))
    return rows


@computed_once
def _fitted() -> tuple[dict[str, int], Doubles]:
    examples = _examples()
    texts = [text for text, _ in examples]
    names = sorted({name for text in texts for name in _features(text)})
    vocabulary = {name: at for at, name in enumerate(names)}
    rows = _rows(texts, vocabulary)
    wanted = np.zeros((len(texts), len(_LABELS)))
    wanted[np.arange(len(texts)), [label for _, label in examples]] = 1.0
    # Every label weighs the same, however many examples it has.
    share = (wanted / wanted.sum(axis=0)).sum(axis=1, keepdims=True) / len(_LABELS)
    # In terms of the examples instead of the features (there are far fewer): the same
    # steps, and the weights are a sum of examples in the end.
    alike = rows @ rows.T
    pull = np.zeros_like(wanted)
    speed = np.zeros_like(pull)
    for _ in range(_STEPS):
        slope = (_likely(alike @ pull) - wanted) * share + _DECAY * pull
        speed = 0.9 * speed - _RATE * slope
        pull += speed
    weights: Doubles = rows.T @ pull
    return vocabulary, weights


def _likely(scores: Doubles) -> Doubles:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely: Doubles = raised / raised.sum(axis=1, keepdims=True)
    return likely


@cache
def _examples() -> tuple[tuple[str, int], ...]:
    data = tomllib.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    numbers = {"other": 0, "dependence": 1, "romance": 2}
    return tuple((text, numbers[label]) for label, texts in data.items() for text in texts)


__all__ = ["Attachment", "attachment", "warm_up"]
