"""Text decoding: encodings as people's programs write them, and characters that nobody typed."""

from __future__ import annotations

import re

from memory.errors import BadInput

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MOST_CONTROL = 0.02


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 or GB 18030, told by its mark or by trying.

    Raises:
        BadInput: ``import_encoding``: it is none of them.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _tried(data, encoding)
    # Without a mark, Western text in UTF-16 has a zero byte in every other place.
    zeros = (data[:4000:2].count(0), data[1:4000:2].count(0))
    if max(zeros) > 0.2 * len(data[:4000:2]):
        return _tried(data, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
    try:
        return _tried(data, "utf-8")
    except BadInput:
        return _tried(data, "gb18030")


def clean(text: str) -> str:
    """``text`` without what no database or screen can hold, stripped.

    Half of a surrogate pair comes from emoji that a program cut in two.
    """
    return _CONTROL.sub("", text).strip()


def _tried(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        raise BadInput(code="import_encoding") from None
    # Programs and pictures decode as GB 18030 now and then, but never into words.
    if len(_CONTROL.findall(text[:20_000])) > _MOST_CONTROL * len(text[:20_000]):
        raise BadInput(code="import_encoding")
    return text
