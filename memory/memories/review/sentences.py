"""Sentence splitting."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"(?<=[。！？!?；;\n])\s*|(?<=\.)\s+")


def sentences(text: str) -> list[str]:
    """The sentences of a text, one memory each if it is to be split."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]
