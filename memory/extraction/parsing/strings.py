"""Strings in replies: any quotes, forgotten escapes, a closing quote left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

Place = Literal["key", "object", "list"]
"""Where a string stands: a key, a value in an object, an item of a list."""

# Opening quote -> the quotes that may close it.
_CLOSERS = {
    '"': '"”“',
    "'": "'",
    "“": '”“"',
    "”": '”“"',
    "‘": "’'",
    "’": "’'",
    "`": "`",
    "「": "」",
    "＂": '＂"',
}
QUOTES = "".join(_CLOSERS)
_INTERESTING = {
    opening: re.compile("[\\\\“”" + re.escape(closers) + "]")
    for opening, closers in _CLOSERS.items()
}
# Comments are bounded: an endless one behind every quote would cost square time.
SPACE = re.compile(r"(?:[\s\u3000]|//[^\n]{0,300}|#(?!\d)[^\n]{0,300}|/\*.{0,300}?\*/)*", re.DOTALL)
LITERAL = re.compile(
    r"(?:true|false|null|none|nan|undefined|nil)(?![\w\u4e00-\u9fff])", re.IGNORECASE
)
_KEY_AHEAD = re.compile(
    r"[\s\u3000]{0,200}(?:["
    + re.escape(QUOTES)
    + r"]\s{0,8}[\w -]{1,40}[”“\"'’`」＂]|[A-Za-z_\u4e00-\u9fff][\w-]{0,40})[\s]{0,20}[:：]"
)
_BEFORE_LOST_QUOTE = re.compile(r"[\s}\]]{0,60},[\s{]{0,60}$")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": "", "/": "/"}
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")


def skip_space(text: str, at: int) -> int:
    """The first position from ``at`` on that is neither space nor comment."""
    match = SPACE.match(text, at)
    return match.end() if match else at


def read_string(
    text: str, at: int, place: Place, note: Callable[[str], None]
) -> tuple[str | None, int]:
    """The string that opens at ``at``, and where the text goes on behind it.

    The string is ``None`` if the text ends inside it. A quote only closes it
    where structure follows, so quotes that the model forgot to escape stay part
    of the sentence. ``note`` is called with the name of each repair.
    """
    opening = text[at]
    if opening != '"':
        note("quotes")
    pieces: list[str] = []
    start = position = at + 1
    curly = 0
    while (found := _INTERESTING[opening].search(text, position)) is not None:
        here = found.start()
        character = text[here]
        if character == "\\":
            piece, position = _escape(text, here)
            pieces += (text[start:here], piece)
            start = position
            continue
        position = here + 1
        # Chinese quotes inside a sentence come in pairs; a lone one is a mistyped ASCII quote.
        foreign = opening == '"' and character in "“”"
        paired = foreign and (character == "“" or curly > 0)
        if character in _CLOSERS[opening] and not paired and _closes(text, here + 1, place):
            if foreign:
                note("quotes")
            return "".join((*pieces, text[start:here])), here + 1
        curly = max(0, curly + {"“": 1, "”": -1}.get(character, 0))
        lost = None if place == "key" else _lost_quote(text, max(start, here - 60), here)
        if lost is not None:
            note("lost_quote")
            return "".join((*pieces, text[start:lost])), lost
        if character in _CLOSERS[opening] and not foreign:
            note("inner_quotes")
    return None, len(text)


def _closes(text: str, after: int, place: Place) -> bool:
    """Whether what follows a quote shows that the string ended there."""
    after = skip_space(text, after)
    if after >= len(text):
        return True
    character = text[after]
    if place == "key":
        return character in ":："
    if character in "}]｝］":
        return True
    comma = character in ",，" or (place == "object" and character in ";；")
    if comma:
        after = skip_space(text, after + 1)
    if comma and after >= len(text):
        return True
    if place == "object":
        return (comma and text[after] in "}]{") or _KEY_AHEAD.match(text, after) is not None
    if not comma:
        return text[after] in QUOTES and text[after - 1] == "\n"
    return text[after] in QUOTES + "{[]}-0123456789" or LITERAL.match(text, after) is not None


def _lost_quote(text: str, start: int, here: int) -> int | None:
    """Where the string really ended, if the quote ``here`` opens the next key."""
    if _KEY_AHEAD.match(text, here) is None:
        return None
    before = _BEFORE_LOST_QUOTE.search(text, start, here)
    return before.start() if before else None


def _escape(text: str, at: int) -> tuple[str, int]:
    """What the backslash at ``at`` stands for, and where the text goes on."""
    if at + 1 >= len(text):
        return "", at + 1
    character = text[at + 1]
    if character == "u":
        digits = _HEX4.match(text, at + 2)
        if digits is None:
            return "", at + 2
        code = int(digits.group(), 16)
        if 0xD800 <= code < 0xDC00 and text[at + 6 : at + 8] == "\\u":
            low = _HEX4.match(text, at + 8)
            if low and 0xDC00 <= int(low.group(), 16) < 0xE000:
                code = 0x10000 + ((code - 0xD800) << 10) + int(low.group(), 16) - 0xDC00
                return chr(code), at + 12
        return ("" if 0xD800 <= code < 0xE000 else chr(code)), at + 6
    return _ESCAPES.get(character, character), at + 2
