"""Relevance ranking of the context: the memory that a message is about."""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Iterable

from memory.nlp.words import telling_words
from memory.types import ContextItem, Memory, Reason

# A line of the user's that asks something tells nothing.
ASKS_SOMETHING = re.compile(
    r"[?？]\s*$|(?:吗|么|什么|啥|谁|哪儿?|哪里|[不没伐])\s*[。！]?$|来着[?？]|哪(?!怕)|(?<![好十])几(?=[点号岁年月]|个人)|第几|(?:星期|周|礼拜)几|(?<!没)什么(?![都也])|多[大少]|啥(?![都也])"
    r"|什么时候|啥时候|叫啥|叫什么|(?<!不)([\u4e00-\u9fff])[不没]\1(?!\1)|(?:是|做|干|治|吃|去|住|学|教|爱|对|有)(?:了|点|过)?(?:啥|什么)|^(?:(?:so|and|but|oh|ok|okay|then)[, ]+)*(?:anything|any|is there|whose|sum up|describe|list|(?:what|where|who|when|which|how|why)(?:'?s)?|do (?:you|u)|can (?:you|u)|remind me|tell me|(?:do|did|am|have|was) i)\b",
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


def overlap(memory: Memory, wanted: frozenset[str]) -> int:
    """How many of the wanted words the memory holds."""
    return len(telling_words(memory.text) & wanted)


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
