"""Mood coercion: the user's mood of a batch, as a model wrote it beside the memories.

``{"memories": [...], "mood": {"score": -1, "word": "疲惫"}}`` is the contract. Models
write the score as a string, the word alone, both in one, or beside the memories
without an object; scores beyond the scale are clamped to it. What tells nothing is
no mood: a wrong one is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import floor, isfinite
from typing import Any

from memory.extraction.parsing import fields
from memory.extraction.parsing.lenient_json import parse
from memory.nlp.mood_words import score_of
from memory.types import MOOD_MOST, Mood

MOOD_KEYS = ("mood", "user_mood", "情绪", "心情")
SCORE_KEYS = ("score", "value", "rating", "level", "valence", "分数", "得分", "分", "评分")
WORD_KEYS = ("word", "label", "name", "mood", "feeling", "text", "词", "情绪", "心情", "描述")
FLAT_SCORES = ("mood_score", "情绪分数", "心情分数")
FLAT_WORDS = ("mood_word", "mood_label", "情绪词", "心情词")
WORD_LENGTH = 20

_NUMBER = re.compile(r"(?<![\d.])[-−–+]?\d{1,3}(?:\.\d+)?(?![\d.])")
_LIFTED = re.compile(
    r"""["'“”]mood["'“”]\s{0,20}[:：]\s{0,20}(?P<mood>\{[^{}]{1,200}\})""", re.IGNORECASE
)
_EMPTY = frozenset({"", "none", "null", "n/a", "unknown", "无", "没有", "未知", "不明"})
_NAMED = {
    **dict.fromkeys(("very negative", "very bad", "terrible", "很差", "非常消极", "极差"), -2),
    **dict.fromkeys(("negative", "bad", "low", "sad", "消极", "负面", "低落", "不好"), -1),
    **dict.fromkeys(("neutral", "calm", "ok", "okay", "中性", "平静", "一般", "平稳"), 0),
    **dict.fromkeys(("positive", "good", "happy", "积极", "正面", "愉快", "开心", "不错"), 1),
    **dict.fromkeys(("very positive", "very good", "great", "非常积极", "很好", "极好"), 2),
}


def lift_mood(text: str) -> tuple[Mood | None, str]:
    """A whole mood in a reply that isn't correct JSON, and the reply without it.

    Where the list of memories was never closed, the mood would be read as one.
    """
    match = _LIFTED.search(text)
    parsed = parse(match["mood"], lambda _: False).values if match else []
    mood = read_mood(parsed[0]) if parsed else None
    if match is None or mood is None:
        return None, text
    return mood, text[: match.start()] + text[match.end() :]


def take_mood(values: Sequence[Any]) -> tuple[Mood | None, list[Any]]:
    """The mood of a reply's parsed values, and the values without it.

    Only what stands beside the memories counts; a ``mood`` inside of a memory is
    that memory's own business.
    """
    found: Mood | None = None
    rest: list[Any] = []
    for value in values:
        mood, without = _from_value(value)
        found = found or mood
        rest.append(without)
    return found, rest


def _from_value(value: Any) -> tuple[Mood | None, Any]:
    if isinstance(value, list):
        return _from_list(value)
    if not isinstance(value, dict) or isinstance(fields.first(value, ("text", "content")), str):
        return None, value
    given = {key: held for key, held in value.items() if _tells_mood(key, held)}
    rest = {key: held for key, held in value.items() if key not in given}
    mood = read_mood(fields.first(given, MOOD_KEYS))
    if mood is None and given:
        flat = (fields.first(given, FLAT_SCORES), fields.first(given, FLAT_WORDS))
        mood = _mood(flat[0], flat[1])
    for key, held in rest.items():
        # {"result": {"memories": [...], "mood": {...}}}, and a list that never closed.
        if mood is None and isinstance(held, dict | list):
            mood, rest[key] = _from_value(held)
    return mood, rest


def _tells_mood(key: str, held: Any) -> bool:
    """``{"情绪": ["用户哭了"]}`` groups memories by category: that is no mood."""
    name = key.strip().lower()
    if name in (*FLAT_SCORES, *FLAT_WORDS):
        return True
    return name in MOOD_KEYS and (held in (None, "", {}) or read_mood(held) is not None)


def _from_list(items: list[Any]) -> tuple[Mood | None, list[Any]]:
    """A list whose bracket was lost holds the mood among its items."""
    found: Mood | None = None
    rest: list[Any] = []
    for item in items:
        if isinstance(item, str) and item.strip().strip(":：").lower() in MOOD_KEYS:
            continue
        if isinstance(item, dict) and _is_bare_mood(item):
            found = found or read_mood(item.get("mood") or item)
            continue
        rest.append(item)
    return found, rest


def _is_bare_mood(item: dict[str, Any]) -> bool:
    keys = {key.strip().lower() for key in item}
    return keys in ({"mood"}, {"score", "word"}, {"score", "label"})


def read_mood(value: Any) -> Mood | None:
    """A mood from whatever a model gave for it; ``None`` if that says nothing."""
    if isinstance(value, list) and 1 <= len(value) <= 2:
        scores = [entry for entry in value if _score(entry) is not None]
        words = [entry for entry in value if isinstance(entry, str) and entry not in scores]
        return _mood(scores[0] if scores else None, words[0] if words else None)
    if isinstance(value, dict):
        return _mood(fields.first(value, SCORE_KEYS), fields.first(value, WORD_KEYS))
    return _mood(value, value if isinstance(value, str) else None)


def _mood(score: Any, word: Any) -> Mood | None:
    said = _word(word)
    number = _score(score)
    if number is None:
        number = _NAMED.get(said.lower(), score_of(said))
    return None if number is None else Mood(number, said)


def _score(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = _NUMBER.search(value)
        if match is None:
            return _NAMED.get(value.strip().lower())
        value = float(match[0].replace("−", "-").replace("–", "-"))
    if not isinstance(value, int | float) or not isfinite(value):
        return None
    rounded = floor(abs(value) + 0.5) * (1 if value > 0 else -1)
    return max(-MOOD_MOST, min(MOOD_MOST, rounded))


def _word(value: Any) -> str:
    """One short word or phrase on one line, without the number beside it."""
    if not isinstance(value, str):
        return ""
    bare = " ".join(_NUMBER.sub(" ", value).split()).strip(" ()（）[]:：,，。.;；\"'“”-")
    return "" if bare.lower() in _EMPTY or len(bare) > WORD_LENGTH else bare
