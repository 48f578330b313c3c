"""Cantonese and traditional letters as the rules read them, one for one.

Matching runs on simplified Mandarin; offsets stay, and what is remembered gets the letters
of the source back.
"""

from __future__ import annotations

import re

from memory.nlp import traditional

_CANTONESE = re.compile(r"[喺嘅咗佢唔冇嚟哋㗎啲嗰攞]|係(?!统|列|数)|睇|乜嘢|返工|阮阿|阮兜")
_MANDARIN = str.maketrans("喺嘅咗佢唔冇嚟哋啲係睇", "在的了他不没来们些是看")
# 阮 is a family name as well.
_OURS = re.compile(r"阮(?=阿|兜|的|某|老)")


def simplified(text: str) -> str:
    """``text`` in simplified letters, Cantonese function words as Mandarin ones.

    It has as many letters as ``text``.

    Example:
        >>> simplified("我住喺旺角")
        '我住在旺角'
    """
    if _CANTONESE.search(text):
        text = _OURS.sub("我", text).translate(_MANDARIN)
    return traditional.simplified(text)


def restored(text: str, source: str) -> str:
    """``text`` with the letters as ``source`` wrote them."""
    plain = simplified(source)
    if plain == source:
        return text
    back: dict[int, str] = {}
    mixed: set[int] = set()
    for was, became in zip(source, plain, strict=True):
        if back.setdefault(ord(became), was) != was:
            mixed.add(ord(became))  # written in both ways: which is meant can't be told
    return text.translate({code: was for code, was in back.items() if code not in mixed})
