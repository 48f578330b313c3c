"""Traditional characters as simplified ones, by OpenCC's table."""

from __future__ import annotations

from functools import cache

import opencc

from memory.nlp.language import has_cjk


def simplified(text: str) -> str:
    """``text`` in simplified characters; anything else stays.

    Example:
        >>> simplified("用戶對花生過敏")
        '用户对花生过敏'
    """
    return _converter().convert(text) if has_cjk(text) else text


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
