"""Script conversion: traditional Chinese and Cantonese, read as simplified Mandarin.

Patterns, examples and lines are in simplified letters. Who writes traditional ones is
understood by the same, and answered in traditional letters.
"""

from __future__ import annotations

from dataclasses import replace

from memory.builtin.extraction.cantonese import is_cantonese, simplified
from memory.nlp.language import has_cjk
from memory.nlp.traditional import traditional_words
from memory.types import ContextItem, Message, ReplyRequest

RECENT = 3
"""Messages of the user's that tell which letters they write, with the one to answer."""

LEAST = 2
"""Traditional letters in them from which they are answered in traditional ones."""


def writes_traditional(request: ReplyRequest) -> bool:
    """Whether the user writes traditional letters, or Cantonese."""
    if is_cantonese(request.message):
        return True
    said = [message.text for message in request.history if message.role == "user"]
    changed = 0
    for text in (*said[-RECENT:], request.message):
        if has_cjk(text):
            changed += sum(was != now for was, now in zip(text, simplified(text), strict=True))
    return changed >= LEAST


def in_simplified(request: ReplyRequest) -> ReplyRequest:
    """``request`` with everything that was said and is remembered in simplified Mandarin."""
    context = request.context
    return replace(
        request,
        message=simplified(request.message),
        history=tuple(map(_message, request.history)),
        context=replace(context, items=tuple(map(_item, context.items))),
        earlier_answers=tuple(map(simplified, request.earlier_answers)),
    )


def in_traditional(text: str) -> str:
    """A reply in traditional letters."""
    return traditional_words(text)


def _message(message: Message) -> Message:
    return replace(message, text=simplified(message.text))


def _item(item: ContextItem) -> ContextItem:
    return replace(item, memory=replace(item.memory, text=simplified(item.memory.text)))
