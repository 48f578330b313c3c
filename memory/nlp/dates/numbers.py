"""Number words: numbers as people write them."""

from __future__ import annotations

_ZH_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0}
_EN_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_EN_NUMBERS = {word: n for n, word in enumerate(_EN_WORDS)} | {
    "a": 1,
    "an": 1,
    "couple of": 2,
    "a couple of": 2,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
}

ZH_NUMBER = r"(?:\d{1,4}|[零〇一二两兩三四五六七八九十百廿]{1,5})"
EN_NUMBER = r"(?:\d{1,4}|" + "|".join(sorted(_EN_NUMBERS, key=len, reverse=True)) + ")"


def zh_number(text: str) -> int:
    """``"二十三"``, ``"廿三"``, ``"两"``, ``"一百二十"`` or ``"23"`` as a number.

    Raises:
        ValueError: no number.
    """
    if text.isdecimal():
        return int(text)
    text = text.replace("廿", "二十")
    if text and all(c in _ZH_DIGITS for c in text):
        # Digit by digit: 二〇二四.
        return int("".join(str(_ZH_DIGITS[c]) for c in text))
    total = current = 0
    for char in text:
        if char in _ZH_DIGITS:
            current = _ZH_DIGITS[char]
        elif char == "十":
            total, current = total + (current or 1) * 10, 0
        elif char == "百":
            total, current = total + (current or 1) * 100, 0
        else:
            raise ValueError(f"not a number: {text!r}")
    if not text:
        raise ValueError("no number")
    return total + current


def en_number(text: str) -> int:
    """``"three"``, ``"a couple of"`` or ``"3"`` as a number.

    Raises:
        ValueError: no number.
    """
    text = " ".join(text.lower().split())
    if text.isdecimal():
        return int(text)
    if text not in _EN_NUMBERS:
        raise ValueError(f"not a number: {text!r}")
    return _EN_NUMBERS[text]
