"""Mending of addresses and keys as people paste them."""

from __future__ import annotations

import re

# Blanks of every kind, zero-width characters and marks of direction.
_INVISIBLE = re.compile("[\\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_HEADER = re.compile(r"^\s*+(?:authorization\s*+:\s*+)?bearer\s++", re.IGNORECASE)


def mended_url(pasted: str) -> str:
    """``pasted`` without blanks, quotes and slashes at its end.

    Example:
        >>> mended_url(" https://api.deepseek.com/v1/ ")
        'https://api.deepseek.com/v1'
    """
    text = _INVISIBLE.sub("", pasted).strip("\"'<>`")
    # "http://" alone stays what it is: something that isn't an address yet.
    return text if text.endswith("://") else text.rstrip("/")


def mended_key(pasted: str) -> str:
    """``pasted`` without blanks, quotes, and the words of the header it was copied from.

    Example:
        >>> mended_key("Authorization: Bearer sk-1234 ")
        'sk-1234'
    """
    text = _ZERO_WIDTH.sub("", pasted).strip().strip("\"'`")
    # A blank in the middle stays: two things were pasted, and which is the key isn't clear.
    return _HEADER.sub("", text).strip()
