"""Token estimate: how many tokens a text is likely to cost, without a tokenizer.

Real counts differ between models and need a vocabulary file. For prompts and everyday talk in
Chinese and English this estimate lies within 15% of the mean of o200k's, DeepSeek's and Qwen's
counts: seven tokens for ten CJK characters, one for a word of up to nine letters, one for three
digits, one for two marks in a row. Single models differ by more: of plain Chinese prose DeepSeek
makes a fifth fewer tokens.
"""

from __future__ import annotations

import re
from math import ceil

TOKENS_PER_CJK = 0.7
WORD_LETTERS = 9
FURTHER_LETTERS = 5
DIGITS_PER_PIECE = 3
MARKS_PER_PIECE = 2

_PIECES = re.compile(
    r"(?P<digits>\d+)|(?P<cjk>(?:(?!\s)[\u2e80-\uffdc])+)|(?P<word>[^\W\d_\u2e80-\uffdc]+)"
    r"|(?P<marks>(?:_|[^\w\s\u2e80-\uffdc])+)"
)


def estimate(text: str) -> int:
    """Estimated number of tokens of ``text``, never negative; 0 for an empty text."""
    total = 0
    for piece in _PIECES.finditer(text):
        length = len(piece[0])
        if piece.lastgroup == "cjk":
            total += ceil(length * TOKENS_PER_CJK)
        elif piece.lastgroup == "word":
            total += 1 + ceil(max(0, length - WORD_LETTERS) / FURTHER_LETTERS)
        elif piece.lastgroup == "digits":
            total += ceil(length / DIGITS_PER_PIECE)
        else:
            total += ceil(length / MARKS_PER_PIECE)
    return total
