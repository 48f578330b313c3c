"""Sentence diff: two sentences side by side, differences marked; draws nothing."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from html import escape

_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d+(?:[.:]\d+)*|\s+|.", re.DOTALL)


def marked(one: str, other: str) -> tuple[str, str]:
    """Both texts as HTML, with ``<mark>`` around what the other one doesn't have.

    Words and numbers are compared whole, Chinese character by character.
    """
    mine, theirs = _TOKEN.findall(one), _TOKEN.findall(other)
    left: list[str] = []
    right: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        left.append(_html("".join(mine[a:b]), what != "equal"))
        right.append(_html("".join(theirs[c:d]), what != "equal"))
    return "".join(left), "".join(right)


def _html(text: str, differs: bool) -> str:
    safe = escape(text)
    return f"<mark>{safe}</mark>" if differs and text.strip() else safe
