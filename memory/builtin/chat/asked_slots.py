"""Slot filling: whom and what a question asks for, and whether a text holds it.

A question for the name of a dog isn't answered with a cat, nor with a dog without a name.
"""

# ruff: noqa: E501 (a pattern reads better on one line than wrapped)

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from memory.builtin.chat.reading import WORDS_FOLDER
from memory.builtin.extraction.zh_words import PLACES
from memory.nlp.kin import KIN_EN, KIN_ZH
from memory.nlp.language import has_cjk
from memory.nlp.surnames import AMBIGUOUS_SURNAMES, NO_NAME, SURNAMES

CATEGORY_OF: Mapping[str, str] = {
    "work": "work_study",
    "harm": "health",
    "ill": "health",
    "pills": "health",
    "usual": "habit",
    "hobby": "preference",
    "dislike": "preference",
    "plan": "plan",
}

OF_A_RELATIVE = re.compile(
    rf"^(?:用户的?(?:{KIN_ZH}|妈|爸|姐|妹|哥|弟|闺女|老伴|前任|前夫|前妻|伯|叔|姨|姑|舅)"
    rf"|The user(?:'s| has an?| has) (?:\w+ )?(?:{KIN_EN}|ex|gran|nan)\b)"
)

# Asks for somebody, not for one's own work or name.
ASKS_WHO = re.compile(r"(?:那|so |and )?(?:谁(?!是我)|who\b(?! am i))", re.IGNORECASE)

# Of these a memory of a relative is no answer, unless the relative was asked for.
_MINE_ONLY = frozenset({"work", "study", "age", "harm", "ill", "pills", "height", "wedded"})

_PLACES_AND_NAMES = frozenset({"where", "named"})

# What has a name of its own: "the name of my shop", "my band's name", "我那家店叫什么".
_WHAT_IS_CALLED = re.compile(
    r"\bname of (?:my|our|the|his|her|their) (?P<of>\w+)|\b(?:my|our|the|his|her|their) (?:\w+ )?(?P<whose>\w+?)(?:'?s)? (?:name|called)\b"
    r"|\b(?:is|are|was) (?:my|our|the|his|her|their) (?:\w+ )?(?P<what>\w+) called|(?P<zh>(?![他她它你我们的都子儿头二三大小老])[\u4e00-\u9fff])(?:的名字)?叫(?:什么|啥)",
    re.IGNORECASE,
)

_TELLS_A_NAME = re.compile(r"\b(?:called|named|name(?:'s|s)?|goes by)\b|[叫名姓]", re.IGNORECASE)

_NAME_ZH = re.compile(
    rf"[，, ]?(?:[小阿老大][\u4e00-\u9fff]|(?!{NO_NAME})[{SURNAMES}{AMBIGUOUS_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff]*[了过])|[A-Z][a-z]+)"
)

_NAME_BEHIND = re.compile(r",? (?!I\b)[A-Z][a-z]+\b")

_SMALL_NAME_BEHIND = re.compile(
    r",? (?!that|this|it|he|she|who|which|where|when|there|just|also|really|still|and|but|so|if|as)[a-z]+,? (?:is|was|has|had|who|and|plays|lives|works)\b"
)

_NAME_BEFORE = re.compile(r"\b[A-Z][a-z]+(?:,|'s| is| was)? (?:my |our |a |the )?(?:\w+ )?$")

_CAPITAL = re.compile(r"(?<=\w[ ,]) ?[A-Z][a-z]+\b|, [a-z]+'s \w+")

_SAYS_NOT = re.compile(r"^(?:用户|我)?(?:现在|已经)?不(?:是|在|住|叫)[^，]*$")

_GOES_ON_WITH_NAME = re.compile(r"^\s*(?:它|他|她|都|名字|小名|大名)*叫|叫[它他她]|[起取]了?个?名")


@dataclass(frozen=True, slots=True)
class AskedSlot:
    """One thing that may be asked for; see ``words/slots.toml``."""

    name: str
    kind: str
    asks: re.Pattern[str]
    holds: re.Pattern[str]

    @property
    def is_literal(self) -> bool:
        """Whether it is a word of the question itself; see :func:`literal_slot`."""
        return self.asks is self.holds


def literal_slot(word: str, pattern: str) -> AskedSlot:
    """Somebody or something that only this question names: texts hold it where they say it."""
    found = re.compile(pattern, re.IGNORECASE)
    return AskedSlot(word, "who", found, found)


@cache
def slots() -> tuple[AskedSlot, ...]:
    """Everything that may be asked for."""
    entries = tomllib.loads((WORDS_FOLDER / "slots.toml").read_text(encoding="utf-8"))["slot"]
    return tuple(
        AskedSlot(
            entry["name"],
            entry["kind"],
            re.compile(entry["asks"], re.IGNORECASE),
            re.compile(entry["holds"].replace("{PLACES}", PLACES)),
        )
        for entry in entries
    )


def asked_slots(text: str) -> tuple[AskedSlot, ...]:
    """What ``text`` asks for."""
    plain = text.lower().replace("’", "'")
    found = [slot for slot in slots() if slot.asks.search(plain)]
    if any(slot.name == "ill" for slot in found):
        found = [slot for slot in found if slot.name != "where"]  # "哪儿不舒服"
    if any(slot.name == "named" for slot in found) and all(slot.kind == "what" for slot in found):
        found += _called(text)
    return tuple(found)


def answers(text: str, wanted: Sequence[AskedSlot], category: str = "") -> bool:
    """Whether ``text`` speaks of whom ``wanted`` asks, and holds each thing asked for.

    Args:
        text: A memory or a sentence of the user's.
        wanted: What is asked for.
        category: The memory's; what is asked for may be told in words nobody foresaw.
    """
    for slot in wanted:
        if slot.kind == "what" and category == CATEGORY_OF.get(slot.name, "-"):
            continue
        if not slot.holds.search(text) and not slot.holds.search(text.lower()):
            return False
    names = {slot.name for slot in wanted}
    if names & _PLACES_AND_NAMES and _SAYS_NOT.search(text):
        return False
    whom = [slot for slot in wanted if slot.kind == "who"]
    if "named" in names and whom and not _named_together(text, whom):
        return False
    of_whom = any(slot.kind == "who" for slot in wanted)
    return bool(of_whom or not names & _MINE_ONLY or not OF_A_RELATIVE.match(text))


def _named_together(text: str, whom: Sequence[AskedSlot]) -> bool:
    """Whether ``text`` names one of whom was asked, and not another beside."""
    if not _TELLS_A_NAME.search(text):
        return not whom or any(_name_beside(text, slot) or _lists(text, slot) for slot in whom)
    clauses = re.split(r"[，,。；;]| … ", text)
    if not any("叫" in clause for clause in clauses):
        # A thing isn't called what somebody beside it is.
        of_people = not any(slot.is_literal for slot in whom)
        return of_people or any(
            _TELLS_A_NAME.search(part) and any(slot.holds.search(part) for slot in whom)
            for part in text.split(" … ")
        )
    spoken_of = False
    for clause in clauses:
        here = any(slot.holds.search(clause) for slot in whom)
        if "叫" in clause and (here or (spoken_of and _GOES_ON_WITH_NAME.search(clause))):
            return True
        spoken_of = here or (spoken_of and "叫" not in clause)
    return False


def _lists(text: str, slot: AskedSlot) -> bool:
    """Whether several of whom ``slot`` asks are told of with names ("two kids, Ann's nine")."""
    found = slot.holds.search(text.lower())
    several = found is not None and found[0].endswith(("s", "children"))
    return several and _CAPITAL.search(text) is not None


def _name_beside(text: str, slot: AskedSlot) -> bool:
    """Whether a name stands beside whom ``slot`` asks for ("my brother Felix", "我妹小雪")."""
    plain = text.lower()
    for match in slot.holds.finditer(plain):
        before, behind = text[: match.start()], text[match.end() :]
        if has_cjk(match[0]):
            if _NAME_ZH.match(behind):
                return True
        elif (
            _NAME_BEHIND.match(behind)
            or _NAME_BEFORE.search(before)
            or _SMALL_NAME_BEHIND.match(behind)
        ):
            return True
    return False


def _called(question: str) -> tuple[AskedSlot, ...]:
    """What is asked for its name, as a slot: a shop, a band."""
    found = _WHAT_IS_CALLED.search(question)
    if found is None:
        return ()
    noun = next(group for group in found.groups() if group)
    escaped = re.escape(noun)
    return (literal_slot(noun, rf"\b{escaped}" if noun.isascii() else escaped),)
