"""Mending of addresses and keys as people paste them."""

from __future__ import annotations

import re

# Blanks of every kind, zero-width characters and marks of direction.
_INVISIBLE = re.compile("[\\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_HEADER = re.compile(r"^\s*(?:authorization\s*:)?\s*bearer\s+", re.IGNORECASE)


def mended_url(pasted: str) -> str:
    """``pasted`` without blanks, quotes and slashes at its end.

    Example:
        >>> mended_url(" https://api.deepseek.com/v1/ ")
        'https://api.deepseek.com/v1'
    """
    return _INVISIBLE.sub("", pasted).strip("\"'<>`").rstrip("/")


def mended_key(pasted: str) -> str:
    """``pasted`` without blanks, quotes, and the words of the header it was copied from.

    Example:
        >>> mended_key("Authorization: Bearer sk-1234 ")
        'sk-1234'
    """
    return _INVISIBLE.sub("", _HEADER.sub("", _unquoted(pasted))).strip("\"'`")


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'`\u200b\ufeff")
