"""Named entities known from memories: who "Moira" is in a message that only says the name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from memory.builtin.extraction.en_words import PET as PET_EN
from memory.builtin.extraction.en_words import RELATION as RELATION_EN
from memory.builtin.extraction.zh_words import PET as PET_ZH
from memory.builtin.extraction.zh_words import RELATION as RELATION_ZH
from memory.types import Language, Memory, Status, Subject

_ZH = re.compile(
    rf"^用户(?:的|家里?的?|有(?:一?[个位只条])?|养了(?:一?[只条])?)(?P<who>{RELATION_ZH}|{PET_ZH})"
    r"[^，。]{0,12}?，?(?:名字|小名)?叫(?P<name>[\u4e00-\u9fffA-Za-z]{1,6})(?=[，。]|$)"
)
_EN = re.compile(
    rf"^The user(?:'s| has (?:an? )?|'s family has an? )\s?(?P<who>{RELATION_EN}|{PET_EN})\b"
    r"(?:,? (?:who )?(?:(?:is|are|was) )?(?:called|named) (?P<called>[A-Za-z]\w+)"
    r"| (?P<name>[A-Z]\w+))"
)


def named_people(known: Iterable[Memory]) -> dict[Language, dict[str, str]]:
    """What each name in ``known`` stands for ("用户的女儿小禾"), by language."""
    people: dict[Language, dict[str, str]] = {"zh": {}, "en": {}}
    for memory in known:
        if memory.subject is not Subject.USER or memory.status is not Status.ACTIVE:
            continue
        found = _ZH.match(memory.text)
        if found:
            people["zh"][found["name"]] = f"用户的{found['who']}{found['name']}"
            continue
        found = _EN.match(memory.text)
        if found:
            name = found["called"] or found["name"]
            for written in {name, name.capitalize()}:
                people["en"][written] = f"The user's {found['who']} {name.capitalize()}"
    return people
