"""The people (and pets) in somebody's life, as their memories name them; by rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.types import Language, Memory, Subject

PEOPLE_LIMIT = 8
LINES_LIMIT = 3

_MENTION_ZH = re.compile(
    rf"(?P<kin>{KIN_ZH})(?P<name>阿[\u4e00-\u9fff]|小(?!时|的|区|心|学|声|气)[\u4e00-\u9fff]"
    r"|老(?!了|是|在|爱|家|板|师|人|的|得|说|想)[\u4e00-\u9fff])?"
    r"|(?:叫|名叫)(?P<called>[\u4e00-\u9fffA-Za-z]{1,6}?)的(?P<as>[\u4e00-\u9fff]{1,4}?)(?=[，,。]|$)"
)
_TITLE = r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?"
_MENTION_EN = re.compile(
    rf"\b(?P<kin>(?:older |younger |elder |little |big )?(?:{KIN_EN}))\b"
    rf"(?:,? (?:is |called |named )?(?P<name>{_TITLE}[A-Z][\w’'-]+))?"
    rf"|\bcalled (?P<called>{_TITLE}[A-Z][\w’-]+)"
)
NEEDS_NAME = re.compile(
    r"^(?:好?朋友|同学|同事|孩子|老师|阿姨|叔叔|猫|狗|friend|colleague|child|children|kids|"
    r"teacher|cat|dog|classmate|baby)$",
    re.IGNORECASE,
)
"""Words too general to be a person by themselves."""
LOVE = re.compile(r"^(?:男朋友|女朋友|男友|女友|老公|老婆|boyfriend|girlfriend|husband|wife)$")
OVER = re.compile(r"分手|离婚|前任|\b(?:broke up|split up|divorced|ex)\b")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the user's life: how they are called, and what is remembered of them."""

    label: str
    memories: tuple[Memory, ...]


def people(memories: Iterable[Memory], limit: int = PEOPLE_LIMIT) -> tuple[Person, ...]:
    """Who is in the user's life, those who matter most first.

    A relation and a name that were once said together ("表妹小葵", "boyfriend Tom") are
    one person, whichever of the two a memory uses.
    """
    mine = [memory for memory in memories if memory.subject is Subject.USER]
    relation = _named(mine)
    found: dict[str, list[Memory]] = defaultdict(list)
    labels: dict[str, str] = {}
    for memory in mine:
        for key, label in dict(_mentioned(memory, relation)).items():
            found[key].append(memory)
            labels[key] = label
    ranked = sorted(
        found, key=lambda key: (-sum(m.importance for m in found[key]), -len(found[key]), key)
    )
    return tuple(Person(labels[key], _best(found[key])) for key in ranked[:limit])


def _named(memories: Sequence[Memory]) -> dict[str, str]:
    """Names and the relation each was said with."""
    relation: dict[str, str] = {}
    for memory in memories:
        for kin, name in mentions(memory.text, memory.language):
            if name and (kin or name not in relation):
                relation[name] = kin or relation.get(name, "")
    return relation


def _mentioned(memory: Memory, relation: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Keys and labels of the people whom a memory names."""
    taken: set[str] = set()
    for name, kin in relation.items():
        if name in memory.text:
            taken.add(kin)
            yield name, _label(kin, name, memory.language)
    by_kin = {kin: name for name, kin in relation.items() if kin}
    for kin, name in mentions(memory.text, memory.language):
        if name or not kin or kin in taken:
            continue
        if LOVE.match(kin) and OVER.search(memory.text):
            continue  # whoever that was isn't there any more
        known = by_kin.get(kin)
        if known and not NEEDS_NAME.match(kin):
            yield known, _label(kin, known, memory.language)
        elif not NEEDS_NAME.match(kin):
            yield kin, kin


def mentions(text: str, language: Language) -> Iterator[tuple[str, str]]:
    """Relation and name, either of them possibly empty, as they stand in a text."""
    pattern = _MENTION_ZH if language == "zh" else _MENTION_EN
    for match in pattern.finditer(text):
        groups = match.groupdict()
        kin = (groups.get("kin") or "").lower()
        name = groups.get("name") or groups.get("called") or ""
        name = re.sub(r"['’]s$", "", name)
        if kin or name:
            yield kin, name


def _label(kin: str, name: str, language: Language) -> str:
    if not kin:
        return name
    return f"{kin}{name}" if language == "zh" else f"{kin} {name}"


def _best(memories: Sequence[Memory]) -> tuple[Memory, ...]:
    """The most telling few: important first, then the newest."""
    ranked = sorted(memories, key=lambda m: (-m.importance, -m.created_at.timestamp(), m.id))
    return tuple(ranked[:LINES_LIMIT])
