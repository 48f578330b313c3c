"""Language detection: Chinese, English, or the one that somebody chose."""

from __future__ import annotations

import re

from memory.types import RULED, Language

EMAIL = r"(?<!\S)\S[^\s@]*+@\S[^\s.]*+\.\S++"
"""An address, with what stands around it without a space.

Only begins where a word does: ``\S+@`` would read "@@@@…" again from each of its places.
"""

_NOT_LANGUAGE = re.compile(rf"https?://\S+|{EMAIL}|`[^`]*`")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")

# Chinese writes a word with one or two characters, so one character weighs a
# little more than half a Latin word: "我喜欢 Taylor Swift 的歌" stays Chinese and
# "we cooked 饺子 with my friend 小李 yesterday" stays English.
_CJK_WEIGHT = 1.25


def has_cjk(text: str) -> bool:
    """Whether ``text`` holds at least one CJK letter."""
    return _CJK.search(text) is not None


def detect(text: str, default: Language = "zh") -> Language:
    """The language of ``text``: ``"zh"`` if CJK letters make up a fair share.

    Otherwise English, unless ``default`` is a language that no rule knows: what is written
    in its letters is taken for it.

    Addresses and code in back quotes don't count. A text without letters
    (empty, digits, emoji) is in ``default``.
    """
    bare = _NOT_LANGUAGE.sub(" ", text)
    cjk = len(_CJK.findall(bare))
    latin = len(_LATIN_WORD.findall(bare))
    if not cjk and not latin:
        return default
    if default not in RULED:
        # Japanese writes in these letters, too.
        return default
    return "zh" if cjk * _CJK_WEIGHT >= latin else "en"
