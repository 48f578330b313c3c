"""Relevance ranking of the context: the memory that a message is about."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from memory.types import ContextItem, Memory, Reason

# Characters and words that say nothing about what is meant.
_ZH_STOP = set(
    "的了吗呢吧啊呀嘛么我你他她它们是在有和跟与就都也还又很好太真不没要会想去来上下里个这那什哪谁几多少怎样为说过着得地对把被给让从到"
    "用户记得知道喜欢今天昨天明天现在时候东西事情一些觉最"
)
_EN_STOP = frozenset(
    ["the", "and", "you", "your", "user", "that", "this", "with", "have", "has", "was", "were",
     "are", "for", "what", "when", "where", "who", "how", "did", "does", "remember", "know",
     "like", "likes", "about", "told", "tell", "said", "say", "going", "went", "really", "today",
     "yesterday", "tomorrow", "from", "she", "him", "her", "his", "they", "them", "their", "not",
     "but", "can", "will", "would", "could", "just", "still", "ever", "any", "some", "mine",
     "name", "called", "week", "last", "next", "time", "day", "got", "get", "its", "out", "had"]
)  # fmt: skip


# Different names of the same person.
_SAME = (
    (re.compile(r"妈妈|母亲|老妈|(?<=我)妈"), "妈妈"),
    (re.compile(r"爸爸|父亲|老爸|(?<=我)爸"), "爸爸"),
    (re.compile(r"\b(?:mum|mom|mummy|mama)\b"), "mother"),
    (re.compile(r"\b(?:dad|daddy|papa)\b"), "father"),
    (re.compile(r"\b(?:nan|gran|granny|grandma)\b"), "grandmother"),
    (re.compile(r"\b(?:allergic|allergy|allergies)\b"), "allergy"),
)


# A line of the user's that asks something tells nothing.
ASKS_SOMETHING = re.compile(
    r"[?？]\s*$|(?:吗|么|什么|啥|谁|哪儿?|哪里|[不没伐])\s*[。！]?$|来着|哪(?!怕)|(?<![好十])几(?=[点号岁年月]|个人)|第几|多[大少]|啥(?![都也])"
    r"|什么时候|啥时候|叫啥|叫什么|(?:是|做|干|治|吃|去|住|学|教|爱|对|有)(?:了|点|过)?(?:啥|什么)|^(?:anything|any|is there|whose|sum up|describe|list|what|where|who|when|which|how|why|do you|can you|remind me|tell me|(?:do|did|am|have|was) i)\b",
    re.IGNORECASE,
)


def stated(sentence: str) -> str:
    """What a sentence tells before it asks something; all of it where it asks nothing."""
    if not ASKS_SOMETHING.search(sentence):
        return sentence
    told: list[str] = []
    for clause in re.split(r"[，,]", sentence):
        if ASKS_SOMETHING.search(clause):
            break
        told.append(clause)
    return "，".join(told)


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """What a text is about: pairs of Chinese characters and shortened Latin words."""
    found: set[str] = set()
    text = text.lower()
    for names, name in _SAME:
        text = names.sub(name, text)
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        for first, second in pairwise(run):
            if first not in _ZH_STOP and second not in _ZH_STOP:
                found.add(first + second)
    for word in re.findall(r"[a-z]{3,}", text.lower().replace("’", "'")):
        if word not in _EN_STOP:
            found.add(_stem(word))
    return frozenset(found)


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def overlap(memory: Memory, wanted: frozenset[str]) -> int:
    """How many of the wanted words the memory holds."""
    return len(words_of(memory.text) & wanted)


def ranked(items: Iterable[ContextItem], wanted: frozenset[str]) -> list[tuple[float, Memory]]:
    """The context's memories that share something with ``wanted``, best first.

    Recalled ones count a little more: the search saw the whole message.
    """
    scored: list[tuple[float, Memory]] = []
    for item in items:
        shared = overlap(item.memory, wanted)
        if not shared:
            continue
        score = float(shared)
        if item.reason is Reason.RECALL:
            score += 0.5 + (item.score or 0.0)
        score += 0.1 * item.memory.importance
        scored.append((score, item.memory))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return scored


def unique(memories: Iterable[Memory]) -> list[Memory]:
    """Each memory once (a context may hold one under several reasons)."""
    seen: dict[str, Memory] = {}
    for memory in memories:
        seen.setdefault(memory.id, memory)
    return list(seen.values())
