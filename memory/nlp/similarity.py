"""Content overlap: how much of one sentence is in another, whatever the wording.

Chinese is compared by pairs of characters, English by words without their
endings; both without the words every memory has ("用户", "the user", "在", "is").
No model and no store is asked: this decides about ten neighbours at most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from memory.nlp.words import stem

SHORT = 400
"""Texts up to this many characters are read once and remembered."""

_CJK_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+(?:[.:]\d+)?")
_SUBJECTS = re.compile(r"^(?:the user(?:['’]s)?|用户(?:的)?)\s*", re.IGNORECASE)
# Characters that carry grammar rather than content. No negations and no numbers.
_EMPTY_CJK = re.compile(r"[的了着过去在是把被给让和跟与及也都还就很非常个一些吧呢啊呀哦嘛地得之于]")
_EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the a an user is are was were be been being am do does did has have had of to in on at "
        "for with and or as by from that this it its their his her they he she who which will "
        "would very really quite also just so too go goes going gone went",
    )
)
_SAME = {"allergi": "allerg"}
"""Stems of one meaning: "allergy" and "allergic"."""

_CHINESE_NUMBERS = "零一二两三四五六七八九十百千万半"
NUMBERS = re.compile(
    rf"\d+(?:[.:]\d+)?|"
    rf"(?<![{_CHINESE_NUMBERS}])[{_CHINESE_NUMBERS}]++(?=[岁个只条点年月日号次斤块元口位名])"
)
NUMBER_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice)\b"
)
_NEGATIVE = re.compile(
    r"不再|不|没有|没|别|无法|戒|放弃|停止|\b(?:not|never|no longer|no|hates?|dislikes?|"
    r"stopped|quit|"
    r"gave up|cannot)\b|n['’]t\b|讨厌|厌恶|反感",
    re.IGNORECASE,
)
# "不错", "不久" and the like deny nothing; "不过敏" and "不同意" do.
_NOT_NEGATIVE = re.compile(
    r"不错|不久|不仅|不但|不过(?!敏(?!感))|不同(?!意(?!见))|不少|不断|了不起|差不多|特别|别墅|"
    r"个别|没想到"
)


def normal(text: str) -> str:
    """``text`` without case, marks and spaces: equal for mere restatements."""
    return "".join(character for character in text.lower() if character.isalnum())


def content(text: str) -> frozenset[str]:
    """The content of ``text`` as pairs of characters, words and numbers."""
    return _remembered(text) if len(text) <= SHORT else _content(text)


def _content(text: str) -> frozenset[str]:
    lowered = _SUBJECTS.sub("", text.lower().strip())
    found = {_stem(word) for word in _WORD.findall(lowered) if word not in _EMPTY_WORDS}
    for run in _CJK_RUN.findall(lowered):
        for part in _EMPTY_CJK.split(run):
            if len(part) == 1:
                found.add(part)
            found.update(part[i : i + 2] for i in range(len(part) - 1))
    return frozenset(found)


_remembered = lru_cache(maxsize=2048)(_content)


def covered(part: str, whole: str) -> float:
    """Which share of the content of ``part`` is in ``whole``, 0 to 1."""
    wanted = content(part)
    return len(wanted & content(whole)) / len(wanted) if wanted else 0.0


def touched(part: str, whole: str) -> float:
    """Like :func:`covered`, but single characters count: "不养猫了" touches "养了一只猫"."""
    wanted = letters(content(part))
    return len(wanted & letters(content(whole))) / len(wanted) if wanted else 0.0


def letters(units: Iterable[str]) -> frozenset[str]:
    """The units of :func:`content` with pairs of characters taken apart."""
    return frozenset(unit for pair in units for unit in (pair if _CJK_RUN.match(pair) else (pair,)))


def similarity(one: str, other: str) -> float:
    """Shared content over all content of both, 0 to 1."""
    a, b = content(one), content(other)
    return len(a & b) / len(a | b) if a or b else float(normal(one) == normal(other))


def numbers(text: str) -> Counter[str]:
    """The numbers in ``text``, digits or words; "一" alone is an article."""
    found = Counter(NUMBERS.findall(text))
    found.update(NUMBER_WORDS.findall(text.lower()))
    for article in ("一", "one"):
        found.pop(article, None)
    return found


def negative(text: str) -> bool:
    """Whether ``text`` denies something (an even number of times it doesn't)."""
    return len(_NEGATIVE.findall(_NOT_NEGATIVE.sub("", text))) % 2 == 1


def without_negation(text: str) -> str:
    """``text`` with its denial taken out, so that yes and no can be compared."""
    plain = re.sub(r"讨厌|厌恶|反感", "喜欢", text)
    plain = re.sub(r"\b(?:hates?|dislikes?)\b", "likes", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\b(?:does|do|did)(?:n['’]t| not)\b|\bno longer\b", "", plain, flags=re.I)
    return _NEGATIVE.sub("", plain)


def _stem(word: str) -> str:
    found = stem(re.sub(r"['’].*$", "", word))
    return _SAME.get(found, found)
