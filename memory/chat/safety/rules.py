"""Word patterns: the clear, plain words of danger, and where they are harmless."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from memory.chat.safety.normalization import normalized
from memory.types import RiskKind

WORDS_FILE = Path(__file__).parent / "words.toml"

KINDS: tuple[RiskKind, ...] = ("suicide", "self_harm", "danger")
"""Every kind that :func:`spoken_of` answers, most urgent first."""

_SENTENCE = re.compile(r"[^。！？!?\n;；]+[。！？!?\n;；]*")
_QUOTES = re.compile(r"[“\"「『][^”\"」』]{0,400}[”\"」』]")
_TITLES = re.compile(r"《[^《》]*》")
_OWN_NEGATION = re.compile(
    r"不|没|活不|撑不|熬不|挺不|坚持不|can|don|do not|no |won|not |see |find "
)
_DENIED_NEGATION = re.compile(r"(?:不是|并非|没有|isn't that i)$")

_Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _RiskWords:
    """``words.toml``, compiled once.

    Each kind has its patterns and one that finds what any of them finds: most messages
    hold none, and one search says so.
    """

    kinds: tuple[tuple[RiskKind, re.Pattern[str], _Patterns], ...]
    idioms: _Patterns
    exceptions: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    media: re.Pattern[str]
    first_person: re.Pattern[str]
    recovered: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    still: re.Pattern[str]
    negated: _Patterns


@lru_cache(maxsize=512)
def spoken_of(text: str) -> RiskKind | None:
    """The kind of danger that ``text`` names in plain or veiled words, or None.

    Args:
        text: Of the writer, in Chinese or English, however it is spelt.
    """
    words = _words()
    plain = _TITLES.sub("《》", normalized(text))
    for idiom in words.idioms:
        plain = idiom.sub(" ~ ", plain)
    recovered = _recovered(plain)
    # A sentence pasted a thousand times is looked at once.
    sentences = tuple(dict.fromkeys(_SENTENCE.findall(plain)))
    for kind, any_of_them, patterns in words.kinds:
        if recovered and kind != "danger":
            continue
        for sentence in filter(any_of_them.search, sentences):
            for pattern in patterns:
                if any(not _harmless(sentence, match) for match in pattern.finditer(sentence)):
                    return kind
    return None


def _harmless(sentence: str, match: re.Match[str]) -> bool:
    """Whether this match is denied, everyday talk, or told of a story."""
    words = _words()
    before, found = sentence[: match.start()].rstrip(), match.group()
    if _OWN_NEGATION.match(found):
        if _DENIED_NEGATION.search(before):
            return True
    elif any(pattern.search(before) for pattern in words.negated):
        return True
    if any(word.search(found) and daily.search(sentence) for word, daily in words.exceptions):
        return True
    return _told_of_a_story(sentence, match)


def _told_of_a_story(sentence: str, match: re.Match[str]) -> bool:
    words = _words()
    if not words.media.search(sentence):
        return False
    for quote in _QUOTES.finditer(sentence):
        if quote.start() < match.start() and match.end() < quote.end():
            return True
    near = sentence[max(0, match.start() - 12) : match.end()]
    own = words.first_person.search(near) or re.search(r"我.{0,2}$", sentence[: match.start()])
    return not own


def _recovered(text: str) -> bool:
    words = _words()
    if words.still.search(text):
        return False
    return any(then.search(text) and now.search(text) for then, now in words.recovered)


def _any_of(patterns: _Patterns) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns))


@cache
def _words() -> _RiskWords:
    data = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))

    def listed(name: str) -> _Patterns:
        found: list[re.Pattern[str]] = []
        for language in ("zh", "en"):
            person = data[f"person_{language}"]
            for pattern in data[f"{name}_{language}"]:
                found.append(re.compile(pattern.replace("{PERSON}", person)))
        return tuple(found)

    return _RiskWords(
        kinds=tuple((kind, _any_of(found := listed(kind)), found) for kind in KINDS),
        idioms=tuple(map(re.compile, data["idioms"])),
        exceptions=tuple(
            (re.compile(entry["word"]), re.compile(entry["everyday"])) for entry in data["except"]
        ),
        media=re.compile(rf"{data['media_zh']}|\b(?:{data['media_en']})"),
        first_person=re.compile(data["first_person"]),
        recovered=tuple(
            (re.compile(data[f"recovered_then_{lang}"]), re.compile(data[f"recovered_now_{lang}"]))
            for lang in ("zh", "en")
        ),
        still=re.compile(data["still"]),
        negated=(re.compile(data["negated_zh"]), re.compile(data["negated_en"])),
    )
