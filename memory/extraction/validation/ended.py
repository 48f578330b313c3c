"""Ended facts: what an event makes untrue ("分手了" ends "男朋友叫阿杰").

A marker says that something is over, the object beside it or the slot says what. Where
the words don't meet, the sentence encoder may find the habit or the taste that is meant.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from memory.nlp.similarity import content
from memory.types.vectors import Encode

_I = re.IGNORECASE
_PARTNER = re.compile(
    r"男朋友|女朋友|男友|女友|对象|老公|老婆|妻子|丈夫|爱人|未婚[夫妻]|谈(?:了|着)?恋爱|\b(?:boyfriend|girlfriend|husband|wife|partner|fianc[eé]e?|dating|seeing someone|engaged|married)\b",
    _I,
)
_JOB = re.compile(
    r"(?:在[^，]{1,12}(?:工作|上班|任职|实习|做|当)|就职|供职|是[^，]{0,10}(?:员工|职员))|\b(?:works? (?:at|for|in|as)|is an? [a-z ]+ at|interns? at|employed)\b",
    _I,
)
_PREGNANT = re.compile(r"怀孕|有孕|预产期|\bpregnant\b|\bexpecting\b|\bdue date\b", _I)
_MEATLESS = re.compile(r"素食|吃素|\b(?:vegetarian|vegan)\b", _I)
_PAST = re.compile(
    r"前(?:男友|女友|夫|妻|任)|离婚|分手|以前|曾经|\b(?:ex|used to|former|broke up|divorced)\b", _I
)

_SLOTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"分手|离婚|离异|掰了|\bbroke up\b|\bbreak up\b|\bgot divorced\b|\bleft me\b|\bsplit up\b", _I), _PARTNER),
    (re.compile(r"离职|辞职|被裁|失业|炒(?:了)?鱿鱼|被开除|退休了|\bquit (?:my|their|the) job\b|\bresigned\b|\blaid off\b|\bgot fired\b|\bleft (?:my|their|the) job\b|\bretired\b", _I), _JOB),
    (re.compile(r"生了(?!病|气|锈)|出生了|卸货|\bhad (?:the|a|her|their) (?:baby|girl|boy|son|daughter|twins)\b|\bgave birth\b", _I), _PREGNANT),
    (re.compile(r"开始吃肉|又吃肉|不吃素了|\b(?:start(?:ed)?|began|back to) eating (?:fish|meat|chicken|beef)\b|\b(?:not|no longer) (?:a )?(?:vegan|vegetarian)\b", _I), _MEATLESS),
)  # fmt: skip
_OBJECTS = tuple(
    re.compile(pattern, _I)
    for pattern in (
        r"戒(?:掉)?(?:了)?(?P<x>[\u4e00-\u9fff]{1,6}?)(?:了|\d|[一二两三半]|，|$)",
        r"(?:不再|再也不|不怎么)(?P<x>[\u4e00-\u9fff]{1,8}?)(?:了|，|$)",
        r"(?:^|用户|我|，|,|月|日)(?P<x>[\u4e00-\u9fff]{2,4}?)(?:就|也|都)?(?:停了|断了|放弃了)",
        r"(?:用户|我)(?:现在|已经|早就)?不(?P<x>[吃喝抽玩跑打学练看养去][\u4e00-\u9fff]{0,5})了",
        r"\b(?:quit|stopped|gave up|given up) (?P<x>(?!my job|their job)[a-z][a-z ]{2,20}?)(?: in| on| for| because| after| last|$|,|\.)",
        r"\b(?:no longer|doesn't|don't) (?P<x>[a-z][a-z ]{2,24}?)(?: any ?more|$|,|\.)",
    )
)
_LEFT = re.compile(
    r"(?:^|用户|我|，)(?:现在|已经|早就)?(?:不在|离开了?|搬离了?)(?P<x>[\u4e00-\u9fffA-Za-z]{2,8}?)(?:了|，|$)|\b(?:left|moved (?:away from|out of)|not in) (?P<y>[A-Z]\w+)(?: any ?more)?"
)
_HABITS = frozenset({"habit", "preference", "work_study", "other", ""})
_ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that may have ended: its text and category."""

    text: str
    category: str


def ended_by(news: str, facts: Sequence[Fact], encode: Encode | None) -> list[int]:
    """Places of the ``facts`` that ``news`` says are over.

    Args:
        news: A memory's text, or what the user said.
        facts: Constant facts about the user that were learnt before.
        encode: Finds a habit told in other words; None where it can't be had.

    Example:
        >>> ended_by("用户跟阿杰分手了", [Fact("用户的男朋友叫阿杰", "relationship")], None)
        [0]
    """
    found: list[int] = []
    for marker, slot in _SLOTS:
        if marker.search(news):
            found += [
                place
                for place, fact in enumerate(facts)
                if slot.search(fact.text)
                and not _PAST.search(fact.text)
                and _same_holder(news, fact.text)
            ]
    left = _LEFT.search(news)
    if left:
        where = left["x"] or left["y"]
        found += [
            place
            for place, fact in enumerate(facts)
            if re.search(rf"(?:在|住|in |at ){re.escape(where)}", fact.text)
            and fact.category in ("identity", "work_study")
        ]
    for pattern in _OBJECTS:
        over = pattern.search(news)
        if over:
            found += _about(over["x"].strip(), news, facts, encode)
    return sorted(set(found))


_OWNER = re.compile(r"^(?:用户的([\u4e00-\u9fff]{1,3})|The user's ([a-z]+))")
_KEPT_SLOT = re.compile(
    r"^用户的(?:男|女)?(?:朋友|友|对象|老公|老婆|妻子|丈夫)|^The user's (?:boy|girl)?(?:friend|partner|wife|husband)"
)


def _same_holder(news: str, fact: str) -> bool:
    """A sister's baby ends her pregnancy, not the user's; a split ends the user's own tie."""
    if _KEPT_SLOT.match(fact) and not _OWNER.match(news):
        return True
    mine, theirs = _OWNER.match(news), _OWNER.match(fact)
    return (mine.group() if mine else "") == (theirs.group() if theirs else "") or (
        theirs is not None and bool(content(news) & content(fact)) and mine is None
    )


def _about(thing: str, news: str, facts: Sequence[Fact], encode: Encode | None) -> list[int]:
    wanted = content(thing) or {thing}
    places = [
        place
        for place, fact in enumerate(facts)
        if fact.category in _HABITS
        and not re.search(r"不|戒|never|doesn't|quit|stopped", fact.text)
        and _same_holder(news, fact.text)
    ]
    told = [place for place in places if _shares(thing, wanted, facts[place].text)]
    if told or encode is None or not places:
        return told
    rows = encode([thing, *(facts[place].text for place in places)])
    scores = (rows[1:] @ rows[0]).tolist()
    return [place for place, score in zip(places, scores, strict=True) if score >= _ALIKE]


def _shares(thing: str, wanted: set[str] | frozenset[str], text: str) -> bool:
    if not thing.isascii():
        return thing in text or (len(thing) > 2 and thing[-2:] in text)
    return bool(set(wanted) & set(content(text)))
