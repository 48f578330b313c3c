"""Quotes at the head of a message: lines behind ``>``, as in mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from memory.types import Message

MARK = "> "
LENGTH = 400


def quoted_line(text: str) -> str:
    """What somebody answers to, as the head of their message."""
    words = " ".join(text.split())
    return f"{MARK}{words[:LENGTH]}{'…' if len(words) > LENGTH else ''}\n\n"


def split_quote(text: str) -> tuple[str, str]:
    """What a message quotes, without the marks, and what it says itself.

    Example:
        >>> split_quote("> 你养了猫？\\n\\n对呀")
        ('你养了猫？', '对呀')
    """
    lines = text.splitlines()
    end = 0
    while end < len(lines) and lines[end].startswith(MARK):
        end += 1
    quote = "\n".join(line[len(MARK) :] for line in lines[:end])
    return (quote, "\n".join(lines[end:]).strip("\n")) if end else ("", text)


def in_own_words(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The messages without what users quote in them: somebody else said that.

    One that is nothing but a quote is left out.
    """
    kept = []
    for message in messages:
        if message.role == "user":
            quote, own = split_quote(message.text)
            if quote and not own.strip():
                continue
            message = replace(message, text=own) if quote else message
        kept.append(message)
    return tuple(kept)
