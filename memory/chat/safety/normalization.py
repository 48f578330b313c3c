"""Text normalization: one plain spelling for what people write in many."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from memory.nlp.traditional import simplified_words

SPELLINGS_FILE = Path(__file__).parent / "spellings.toml"

_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_CJK = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_BETWEEN = r"[ .·・。*_~|/\\、,，\-+]"
# Three characters or letters standing apart are one word spelt out.
_SPELT_CJK = re.compile(rf"(?<!{_CJK}){_CJK}(?:{_BETWEEN}{{1,3}}{_CJK}){{2,}}(?!{_CJK})")
_SPELT_LATIN = re.compile(
    rf"(?<![a-z0-9'])[a-z0-9](?:{_BETWEEN}{{1,2}}[a-z0-9]){{2,}}(?![a-z0-9'])"
)
_SEPARATORS = re.compile(_BETWEEN)
# From the start of a run of signs, so that one without a letter is read once.
_SIGNED_WORD = re.compile(r"(?<![a-z0-9@$!|*])[0-9@$!|*]*+[a-z][a-z0-9@$!|*]*+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class _Spellings:
    """``spellings.toml``, compiled once."""

    leet: dict[int, str]
    leet_words: frozenset[str]
    written: tuple[tuple[re.Pattern[str], str], ...]
    cantonese_only: re.Pattern[str]
    cantonese: re.Pattern[str]
    mandarin: dict[str, str]


@lru_cache(maxsize=512)
def normalized(text: str) -> str:
    """``text`` in lower case, simplified characters and the plain spelling of each word.

    Words spelt out ("k i l l", "我 想 死"), with digits for letters ("su1c1de"), by sound
    ("紫砂", "zisha") or in net-speak ("kms", "unalive") become the words that are meant,
    and Cantonese function words those of Mandarin. Line ends stay, other white space
    becomes one space.

    Example: ``normalized("我 想 死")`` is ``"我想死"``.
    """
    spellings = _spellings()
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()
    plain = plain.replace("’", "'").replace("‘", "'").replace("´", "'")
    plain = simplified_words(plain)
    lines = [_SPACES.sub(" ", line).strip() for line in plain.split("\n")]
    return "\n".join(_line(line, spellings) for line in lines).strip()


def _line(line: str, spellings: _Spellings) -> str:
    line = _SPELT_CJK.sub(_together, line)
    line = _SPELT_LATIN.sub(_together, line)
    line = _SIGNED_WORD.sub(lambda word: _without_leet(word.group(), spellings), line)
    for pattern, means in spellings.written:
        line = pattern.sub(means, line)
    if spellings.cantonese_only.search(line):
        line = spellings.cantonese.sub(lambda word: spellings.mandarin[word.group()], line)
    return line


def _together(spelt: re.Match[str]) -> str:
    return _SEPARATORS.sub("", spelt.group())


def _without_leet(word: str, spellings: _Spellings) -> str:
    if word.isalpha():
        return word
    bare = word.rstrip("!|*")
    read = bare.translate(spellings.leet)
    return read + word[len(bare) :] if read in spellings.leet_words else word


@cache
def _spellings() -> _Spellings:
    data = tomllib.loads(SPELLINGS_FILE.read_text(encoding="utf-8"))
    cantonese = data["cantonese"]
    mandarin: dict[str, str] = dict(cantonese["words"])
    longest_first = sorted(mandarin, key=len, reverse=True)
    return _Spellings(
        leet={ord(sign): letter for sign, letter in data["leet"].items()},
        leet_words=frozenset(data["leet_words"].split()),
        written=tuple((re.compile(entry["pattern"]), entry["means"]) for entry in data["written"]),
        cantonese_only=re.compile(f"[{cantonese['only']}]"),
        cantonese=re.compile("|".join(map(re.escape, longest_first))),
        mandarin=mandarin,
    )
