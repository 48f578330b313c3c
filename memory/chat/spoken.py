"""Spoken text: what of a reply is read aloud. No code, no links, no marks of formatting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SPACES = re.compile(r"[^\S\n]++")
_SENTENCE = re.compile(r"[^。！？!?\n…]+[。！？!?…]*")
_LONGEST = 200
"""Characters of one utterance: some browsers stop in the middle of longer ones."""


def spoken_text(reply: str) -> str:
    """The words of a reply (Markdown), a line for each paragraph.

    Example:
        >>> spoken_text("看 [这里](https://example.org)：**好**\\n```\\ncode\\n```")
        '看 这里：好'
    """
    lines = []
    for token in _parser().parse(reply):
        if token.type == "inline":
            text = _SPACES.sub(" ", _ADDRESS.sub(" ", _inline(token.children or ())))
            lines.append(text.strip())
    return "\n".join(filter(None, lines))


def sentences(text: str) -> list[str]:
    """``text`` in pieces that are spoken one after another."""
    found = []
    for piece in _SENTENCE.findall(text):
        piece = piece.strip()
        for start in range(0, len(piece), _LONGEST):
            found.append(piece[start : start + _LONGEST])
    return found


def _inline(tokens: Sequence[Token]) -> str:
    said = []
    for token in tokens:
        if token.type == "text":
            said.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            said.append(" ")
    return "".join(said)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")
