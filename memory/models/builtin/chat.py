"""The chat model without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from memory.models.builtin.compose import compose
from memory.tokens import estimate
from memory.types import ReplyRequest, Usage

# Two Chinese characters, a Latin word with its space, or one of anything else:
# about what a language model streams at a time.
_PIECE = re.compile(r"[\u4e00-\u9fff]{1,2}[，。！？、：；…”]*|[^\s\u4e00-\u9fff]+\s*|\s+")


class BuiltinReply:
    """A composed reply, handed out in small pieces."""

    def __init__(self, request: ReplyRequest) -> None:
        self._request = request
        self._text: str | None = None
        self._said = 0
        self._closed = False

    @property
    def usage(self) -> Usage:
        """Tokens, estimated: of what was read, and of what was handed out so far."""
        request = self._request
        read = request.context.tokens + estimate(request.message)
        read += sum(estimate(message.text) for message in request.history)
        return Usage(read, estimate((self._text or "")[: self._said]), estimated=True)

    def __iter__(self) -> Iterator[str]:
        if self._text is None:
            self._text = compose(self._request)
        for match in _PIECE.finditer(self._text):
            if self._closed:
                return
            self._said = match.end()
            yield match[0]

    def close(self) -> None:
        """Stop; what was handed out stays counted."""
        self._closed = True


class BuiltinChat:
    """Replies from rules and memories (a :class:`memory.types.ChatModel`).

    Deterministic: the same request gets the same reply. It never pretends to
    understand more than it does, and it says that no language model speaks.
    """

    name = "builtin"
    is_builtin = True

    def reply(self, request: ReplyRequest) -> BuiltinReply:
        """A reply to ``request``; composed when the first piece is asked for."""
        return BuiltinReply(request)
