"""The chat model without a language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from memory.builtin.chat.compose import compose
from memory.builtin.taught import TaughtExample
from memory.llm.sentence_encoder import SentenceEncoder
from memory.nlp.quotes import in_own_words, split_quote
from memory.nlp.tokens import estimate
from memory.types import ExtractionModel, ReplyRequest, Usage

# Two Chinese characters, a Latin word with its space, or one of anything else:
# about what a language model streams at a time.
_PIECE = re.compile(r"[\u4e00-\u9fff]{1,2}[，。！？、：；…”]*|[^\s\u4e00-\u9fff]+\s*|\s+")


class BuiltinReply:
    """A composed reply, handed out in small pieces."""

    def __init__(
        self,
        request: ReplyRequest,
        listener: ExtractionModel | None = None,
        encoder: SentenceEncoder | None = None,
        taught: Sequence[TaughtExample] = (),
    ) -> None:
        self._request = request
        self._taught = taught
        self._encoder = encoder
        self._listener = listener
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
            request = _own_words(self._request)
            # Only now: the first message may just have waited for it.
            encoder = self._encoder
            encode = encoder.encode if encoder is not None and encoder.ready else None
            self._text = compose(request, self._listener, encode, self._taught)
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

    Args:
        listener: What reads the talk so far for answers that aren't memories yet;
            without one only the user's literal words are looked through.
        encoder: Tells what messages mean, once it is loaded; the patterns know alone until
            then. A reply never waits for it.
        taught: What designers say that messages mean.
    """

    name = "builtin"
    is_builtin = True

    def __init__(
        self,
        listener: ExtractionModel | None = None,
        encoder: SentenceEncoder | None = None,
        taught: Callable[[], Sequence[TaughtExample]] | None = None,
    ) -> None:
        self._listener = listener
        self._encoder = encoder
        self._taught = taught

    def reply(self, request: ReplyRequest) -> BuiltinReply:
        """A reply to ``request``; composed when the first piece is asked for."""
        taught = self._taught() if self._taught else ()
        return BuiltinReply(request, self._listener, self._encoder, taught)


def _own_words(request: ReplyRequest) -> ReplyRequest:
    """The request without what users quote: somebody else said that."""
    quote, own = split_quote(request.message)
    said = own if own.strip() else quote
    return replace(request, message=said, history=in_own_words(request.history))
