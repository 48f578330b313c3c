"""Traditional and simplified Chinese, by OpenCC: letter for letter, or by words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import opencc

_LETTERS = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
# OpenCC leaves it: a word of its own, but written for the same sister.
_ALSO = {ord("姊"): "姐"}


def simplified(text: str) -> str:
    """``text`` with each traditional letter replaced by one simplified one.

    The places of all letters stay, so what is found in the result can be cut out of ``text``.

    Example:
        >>> simplified("我後來養了貓")
        '我后来养了猫'
    """
    return text if text.isascii() else text.translate(_table())


def simplified_words(text: str) -> str:
    """``text`` in simplified Chinese by OpenCC's words; its length may change."""
    return str(_converter().convert(text))


def traditional_words(text: str) -> str:
    """``text`` in traditional Chinese by OpenCC's words; its length may change.

    Example:
        >>> traditional_words("我后来养了猫")
        '我後來養了貓'
    """
    return str(_converter("s2t").convert(text))


@cache
def _converter(name: str = "t2s") -> opencc.OpenCC:
    return opencc.OpenCC(name)


@cache
def _table() -> Mapping[int, str]:
    """Made once in each process, in some 50 ms."""
    letters = "\n".join(map(chr, _LETTERS))
    pairs = zip(_LETTERS, simplified_words(letters).split("\n"), strict=True)
    return {letter: plain for letter, plain in pairs if chr(letter) != plain} | _ALSO
