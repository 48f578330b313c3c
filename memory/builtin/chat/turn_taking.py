"""Turn taking: what is asked how often, and how a reply's sentences are joined."""

from __future__ import annotations

from memory.types import Language, ReplyRequest


def repeated(request: ReplyRequest) -> bool:
    """Whether the message is, word for word, the one before it."""
    last = next((m for m in reversed(request.history) if m.role == "user"), None)
    text = request.message.strip()
    return bool(last and last.text.strip() == text and len(text) > 6)


def asked_twice(request: ReplyRequest) -> bool:
    """Whether the last two replies asked something: then it's time to just talk."""
    replies = [m for m in request.history if m.role == "assistant" and not m.opening][-2:]
    return len(replies) == 2 and all(asks(m.text) for m in replies)


def asks(text: str) -> bool:
    """Whether ``text`` asks something."""
    return "?" in text or "？" in text


def join(language: Language, *parts: str) -> str:
    """The sentences of a reply, as its language joins them."""
    return ("" if language == "zh" else " ").join(part for part in parts if part)
