"""Token estimate: how many tokens a text is likely to cost, without a tokenizer.

Real counts differ between models and need a vocabulary file. This estimate
errs a little to the high side of the common ones (cl100k, o200k, DeepSeek,
Qwen), so a context that fits by it fits in reality: one token a CJK character,
one for every four letters of a word, one for three digits, one a mark.
"""

from __future__ import annotations

import re
from math import ceil

CHARS_PER_PIECE = 4
DIGITS_PER_PIECE = 3

_PIECES = re.compile(r"(?P<digits>\d+)|(?P<word>[^\W\d_\u2e80-\uffdc]+)|(?P<mark>[^\s])")


def estimate(text: str) -> int:
    """Estimated number of tokens of ``text``, never negative; 0 for an empty text."""
    total = 0
    for piece in _PIECES.finditer(text):
        if piece.lastgroup == "word":
            total += ceil(len(piece[0]) / CHARS_PER_PIECE)
        elif piece.lastgroup == "digits":
            total += ceil(len(piece[0]) / DIGITS_PER_PIECE)
        else:
            total += 1
    return total
