"""Recovery statement: whether the person says that the danger is past (``over.toml``)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from memory.chat.safety.rules import spoken_of
from memory.nlp.traditional import simplified

OVER_FILE = Path(__file__).parent / "over.toml"

_CLAUSE = re.compile(r"[^,，.。!！?？;；、\n]+")

Ending: TypeAlias = Literal["clear", "passing"]


def ending(text: str, kind: str) -> Ending | None:
    """What ``text`` says of the end of a danger of ``kind``.

    Returns:
        ``clear`` ("I'm safe now, my sister is with me"), ``passing`` where it is only
        waved away ("just kidding", "没事了"), or None.

    Example: ``ending("she is home now", "friend")`` is ``clear``; of a danger of
    another kind the same words say nothing.
    """
    words, plain = _words(), _plain(text)
    if words.unsure.search(plain):
        return None
    if words.clear.search(plain) or (kind == "friend" and words.clear_of_friend.search(plain)):
        return "clear"
    return "passing" if words.passing.search(plain) else None


def without_ending(text: str) -> str:
    """What ``text`` says beside the end: is there danger in the rest?

    A clause that says that it is past is left out, unless its other words are plain words
    of danger ("I'm fine now but I want to die").

    Example: ``without_ending("the thoughts have passed, but I did take them")`` is
    ``"but i did take them"``.
    """
    words = _words()
    rest: list[str] = []
    for clause in _CLAUSE.findall(_plain(text)):
        other = clause
        for said in (words.clear, words.clear_of_friend, words.passing):
            other = said.sub(" ", other)
        if other == clause or spoken_of(other) is not None:
            rest.append(other.strip())
    return ", ".join(rest)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return simplified(plain)


@dataclass(frozen=True, slots=True)
class _RecoveryWords:
    """``over.toml``, compiled once."""

    clear: re.Pattern[str]
    clear_of_friend: re.Pattern[str]
    passing: re.Pattern[str]
    unsure: re.Pattern[str]


@cache
def _words() -> _RecoveryWords:
    data = tomllib.loads(OVER_FILE.read_text(encoding="utf-8"))

    def one(name: str) -> re.Pattern[str]:
        return re.compile("|".join(data[name]))

    return _RecoveryWords(
        clear=one("clear"),
        clear_of_friend=one("clear_of_friend"),
        passing=one("passing"),
        unsure=one("unsure"),
    )
