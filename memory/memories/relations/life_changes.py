"""Life changes: news that ends what held before, as data in ``life_changes.toml``.

"用户从字节离职了" says nothing of "用户在字节做运营" word for word, and yet it isn't so any
more. Each table of the file pairs the words of such news with the words of the states that
they end; who or what both are about has to be the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from memory.memories.relations.attributes import holder_of
from memory.nlp.similarity import content, letters

CHANGES_FILE = Path(__file__).parent / "life_changes.toml"
FULFILLED_SHARE = 0.7
"""Content of a wish that has to be in what was done, and in how it was told."""
TOPIC_SHARE = 0.3
"""Letters of a memory that another has to share to be about the same thing."""

_NAMES_EN = re.compile(r"(?<!^)(?<![.!?] )\b(?!I\b|The\b|AI\b)[A-Z][a-z]{2,}\b")
_NAMES_ZH = re.compile(
    r"(?:叫|名叫|[男女]朋友|[男女]友|老公|老婆|猫咪?|狗狗?|仓鼠|兔子|鹦鹉|乌龟|宠物|[与和跟])"
    r"(?:叫|是)?(?P<name>(?![男女][朋友])(?![分离谈恋交结订去走在前男女老住一生][手婚恋爱往了世去起友男女公婆会个])"
    r"[\u4e00-\u9fff]{2,3}?)(?=的|因|在|[，。,；]|$|分|离|谈|恋|交|结|订|去世|走)"
)
_NAMED = re.compile(r"^的[^，。]{1,6}(?:叫|是)|^['’]s \w+ is (?:called |named )?")
_LEFT = re.compile(
    r"(?:不在|不住在?|离开|搬离|搬出)了?(?P<z>[\u4e00-\u9fffA-Za-z]{2,8}?)(?:了|[，。,；！!]|$)"
    r"|\b(?:no longer (?:in|at)|left|moved (?:away |out )?(?:of|from)|not in) "
    r"(?P<e>[A-Z][\w-]+(?: [A-Z][\w-]+)?)"
)
_STAYS = re.compile(
    r"^(?:现在|目前|一直|还)?(?:在|住)|\b(?:lives?|works?|stud(?:y|ies)|is|stays?) (?:in|at)\b"
)
_DONE = re.compile(
    r"了|过(?=$|[，。])|到手|\b(?:bought|got|went|has|had|made|did|started|adopted|passed|learned|"
    r"\w+ed)\b"
)
_OTHERS = re.compile(r"^的(?![名年生身体])|^['’]s\b")


@dataclass(frozen=True, slots=True)
class LifeChange:
    """One kind of news. ``link`` is what both must share beside the person."""

    name: str
    news: re.Pattern[str]
    ends: re.Pattern[str]
    link: Literal["none", "thing", "names"]


def ends(news: str, state: str, said: str = "") -> bool:
    """Whether ``news`` ends ``state``; both without whom they are about.

    Args:
        news: What is told now.
        state: A memory in force.
        said: What the user said, for places that the news leaves out.

    Example:
        >>> ends("从字节离职了", "在字节做运营")
        True
    """
    if not same_person(news, state):
        return False
    for change in _changes():
        if not change.news.search(news) or not change.ends.search(state):
            continue
        if change.news.search(state):
            continue
        if change.link == "none" or _linked(change.link, news, state):
            return True
    return _left(news, state, said)


def fulfils(done: str, wish: str, said: str = "") -> bool:
    """Whether ``done`` is what ``wish`` (without its words of intention) was about."""
    if not _DONE.search(done) or not same_person(done, wish):
        return False
    wanted = letters(content(wish))
    if len(wanted) < 2 or not wanted & letters(content(done)):
        return False
    told = letters(content(done)) | letters(content(said))
    return len(wanted & told) >= FULFILLED_SHARE * len(wanted)


def same_topic(one: str, other: str, said: str = "") -> bool:
    """Whether two memories may be about one thing, so that one can take the other's place.

    Args:
        one: A memory without whom it is about.
        other: An older one.
        said: What the user said: it may name what the newer memory leaves out.
    """
    if not same_person(one, other):
        return False
    old, new = letters(content(other)), letters(content(one))
    if old and len(old & new) >= TOPIC_SHARE * min(len(old), len(new)):
        return True
    telling = {unit for unit in content(other) if len(unit) > 1}
    return bool(telling & content(said))


def same_person(one: str, other: str) -> bool:
    """Whether two memories may be about the same person or animal."""
    mine, theirs = holder_of(one), holder_of(other)
    names, others = set(_names(one)), set(_names(other))
    if names and others and not names & others:
        return False
    if mine == theirs or _within(mine, other) or _within(theirs, one):
        return True
    # "的男朋友叫阿泽" tells who is meant by "和阿泽".
    return any(_NAMED.search(text) for text in (one, other)) and bool(names & others)


def _within(holder: str, text: str) -> bool:
    """Whether a holder ("猫豆包") is spoken of in a memory of the user's own."""
    return (
        bool(holder)
        and not _OTHERS.match(text)
        and (
            holder in text.lower() or bool(set(holder) & letters(content(text)) and len(holder) < 5)
        )
    )


def _names(text: str) -> Iterator[str]:
    yield from (name.lower() for name in _NAMES_EN.findall(text))
    yield from (match["name"] for match in _NAMES_ZH.finditer(text))


def _linked(link: str, news: str, state: str) -> bool:
    if link == "names":
        return True  # :func:`same_person` has compared them
    return bool(_things(news) & _things(state))


def _things(text: str) -> frozenset[str]:
    return letters(content(_COMMON.sub("", text)))


_COMMON = re.compile(
    r"用户|\d+|[年月日]|成功|现在|已经|可以|能|吃|有|出|会|好|病|\b(?:is|has|had|from|can|eat|now|user)\b"
)


def _left(news: str, state: str, said: str) -> bool:
    """Whether somebody left the place where a state holds."""
    if _OTHERS.match(news) or not _STAYS.search(state):
        return False
    for match in _LEFT.finditer(f"{news}，{said}"):
        place = match["z"] or match["e"]
        if place in state:
            return True
    return False


@cache
def _changes() -> tuple[LifeChange, ...]:
    tables = tomllib.loads(CHANGES_FILE.read_text(encoding="utf-8"))
    return tuple(
        LifeChange(
            name,
            re.compile("|".join(table["news"]), re.IGNORECASE),
            re.compile("|".join(table["ends"]), re.IGNORECASE),
            table["link"],
        )
        for name, table in tables.items()
    )
