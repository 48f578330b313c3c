"""Chat model behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal

from memory.attachments.files import AttachmentFiles
from memory.attachments.images import photo_tokens
from memory.attachments.quoting import quoted_documents
from memory.chat.context_text import fewer_lines
from memory.chat.name_prefix import NamePrefix
from memory.chat.prompt import DOCUMENT_TOKENS, HISTORY_TOKENS, chat_messages, history_budget
from memory.config import Settings
from memory.errors import ModelError, ModelTooLong, NotFound, UnreadableReply
from memory.llm.endpoint import ChatMessages, DeltaStream, Endpoint
from memory.llm.openai_client import chat_endpoint, fallback_endpoint
from memory.llm.prompts import Prompts, load_prompt
from memory.nlp.tokens import estimate
from memory.types import AttachmentKind, ReplyRequest, ThoughtRetraction, Usage

log = logging.getLogger(__name__)

TOKENS_PER_MESSAGE = 4
"""What the roles and marks of one message cost in common chat formats."""
REPLY_TOKENS = 500
"""Part of a model's context that is left for its reply."""
SHARES = (1.0, 0.4, 0.1)
"""Shares of history and memories that are tried: less where it is too long for the model."""


MOST_PICTURES = 4
"""Pictures in one request: those of the message, then those that were shown lately."""


class EndpointChat:
    """Speaks as the persona, with the context and the recent conversation at hand."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        prompts: Prompts = load_prompt,
        fallback: tuple[Endpoint, str] | None = None,
        history_tokens: int = HISTORY_TOKENS,
        document_tokens: int = DOCUMENT_TOKENS,
        files: AttachmentFiles | None = None,
        vision: Literal["auto", "on", "off"] = "auto",
    ) -> None:
        """Make it.

        Args:
            endpoint: Where the model is.
            model: Its name.
            prompts: Asked at each reply, so that an edited prompt counts at once.
            fallback: The endpoint and the model that answer where the first one fails.
            history_tokens: Estimated tokens of earlier conversation that go along.
            document_tokens: Most tokens of the documents in one request.
            files: Where pictures are.
            vision: Whether the model looks at pictures; ``auto``: as its name tells.
        """
        self.history_tokens = history_tokens
        self._files = files
        self._vision = vision
        self._document_tokens = document_tokens
        self._endpoint = endpoint
        self._fallback = fallback
        self._model = model
        self._prompts = prompts

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    @property
    def is_builtin(self) -> bool:
        """Whether rules speak instead of a language model."""
        return False

    @property
    def sees(self) -> bool:
        """Whether the model looks at pictures."""
        if self._vision == "auto":
            return self._endpoint.sees(self._model)
        return self._vision == "on"

    @property
    def document_tokens(self) -> int:
        """Most tokens of documents in one request: half of what a small model takes."""
        context = self._endpoint.context(self._model)
        return min(self._document_tokens, context // 2) if context else self._document_tokens

    def with_prompts(self, prompts: Prompts) -> EndpointChat:
        """The same model at the same endpoint, with other prompts: to try them."""
        other = copy(self)
        other._prompts = prompts
        return other

    def reply(self, request: ReplyRequest) -> EndpointReply:
        """The reply as a stream; the endpoint is asked when reading begins."""
        prompt = self._prompts("chat", request.language)

        def messages(share: float) -> ChatMessages:
            shown = request
            if share < 1:
                context = replace(request.context, text=fewer_lines(request.context.text, share))
                shown = replace(request, context=context)
            documents = int(self.document_tokens * share)
            return chat_messages(shown, prompt, documents, budget=int(self.history_tokens * share))

        return EndpointReply(
            *(self._endpoint, self._model, messages),
            hold=request.whole,
            fallback=self._fallback,
            pictures=self._pictures(request),
            document_tokens=self._document_cost(request),
            name=request.persona.text(request.language).name,
        )

    def _document_cost(self, request: ReplyRequest) -> int:
        if not request.attachments:
            return 0
        quoted = quoted_documents(request.attachments, self.document_tokens, request.language)
        return sum(document.tokens for document in quoted)

    def _pictures(self, request: ReplyRequest) -> list[ShownPicture]:
        """The pictures that the message is about."""
        shown = [one for one in request.attachments if one.kind is AttachmentKind.IMAGE]
        if self._files is None or not shown or not self.sees:
            return []
        found: list[ShownPicture] = []
        for one in shown:
            try:
                data = self._files.get(request.owner.user_id, one.sha256 or "")
            except NotFound:
                continue  # it wasn't to be kept
            tokens = photo_tokens(one.width, one.height)
            found.append(ShownPicture(data_url(data, one.media_type), tokens))
        return found[:MOST_PICTURES]


def data_url(data: bytes, media_type: str) -> str:
    """A file as an address that holds all of it."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture as it goes to a model: its data URL, and what it probably costs."""

    url: str
    tokens: int


class _BlankReplyError(UnreadableReply):
    """A reply ended as it should, without a word."""


class EndpointReply:
    """Pieces of one reply. Reading raises ``ModelError``s; ``close`` hangs up."""

    def __init__(
        self,
        endpoint: Endpoint,
        model: str,
        messages: Callable[[float], ChatMessages],
        *,
        hold: bool = False,
        fallback: tuple[Endpoint, str] | None = None,
        pictures: Sequence[ShownPicture] = (),
        document_tokens: int = 0,
        name: str = "",
    ) -> None:
        """Make it; ``messages`` gives them with a share of history and memories."""
        self._name = name
        self._pictures = pictures
        self._document_tokens = document_tokens
        self._fallback = fallback
        self._endpoint = endpoint
        self._hold = hold
        self._model = model
        self._build = messages
        self._messages: ChatMessages = ()
        self._stream: DeltaStream | None = None
        self._closed = Event()
        self._said: list[str] = []
        self._reported: tuple[int, int] | None = None

    @property
    def usage(self) -> Usage:
        """Tokens as reported, or estimated from prompt and reply so far."""
        pictures = sum(picture.tokens for picture in self._pictures)
        attached = {"document_tokens": self._document_tokens, "picture_tokens": pictures}
        if self._reported is not None:
            return Usage(*self._reported, estimated=False, **attached)
        prompt = _cost(self._messages) + pictures
        return Usage(prompt, estimate("".join(self._said)), estimated=True, **attached)

    def __iter__(self) -> Iterator[str]:
        try:
            yield from self._from(self._endpoint, self._model)
        except ModelError as error:
            # What was said already can't be taken over by another model.
            if self._fallback is None or self._said or self._closed.is_set():
                raise
            log.warning("the chat model failed (%s): the fallback answers", error.code)
            try:
                yield from self._from(*self._fallback)
            except ModelError as second:
                # Of two that failed the first one is what somebody has to mend.
                raise (second if self._said else error) from None

    def _from(self, endpoint: Endpoint, model: str) -> Iterator[str]:
        room = endpoint.context(model)
        for share in SHARES:
            self._messages = self._build(share)
            last = share == SHARES[-1]
            # Some servers cut what is too long without a word: the beginning, so the rules.
            if room and not last and _cost(self._messages) > room - REPLY_TOKENS:
                continue
            try:
                yield from self._spoken(endpoint, model)
            except ModelTooLong:
                if last or self._said:
                    raise
            except _BlankReplyError:
                # It happens now and then; asked again, most models say something.
                yield from self._spoken(endpoint, model)
                return
            else:
                return

    def _spoken(self, endpoint: Endpoint, model: str) -> Iterator[str]:
        urls = [picture.url for picture in self._pictures]
        stream = self._stream = endpoint.stream(
            self._messages, model=model, hold=self._hold, pictures=urls
        )
        if self._closed.is_set():
            stream.close()
            return
        try:
            for text in self._texts(stream):
                if isinstance(text, ThoughtRetraction):
                    self._said.clear()
                else:
                    self._said.append(text)
                yield text
        finally:
            stream.close()
        if not self._said and not self._closed.is_set():
            raise _BlankReplyError("an empty reply", endpoint=endpoint.host)

    def _texts(self, stream: DeltaStream) -> Iterator[str]:
        prefix = NamePrefix(self._name)
        try:
            for piece in stream:
                if piece.prompt_tokens is not None and piece.reply_tokens is not None:
                    self._reported = (piece.prompt_tokens, piece.reply_tokens)
                if piece.retract:
                    prefix = NamePrefix(self._name)
                    yield ThoughtRetraction()
                if text := prefix.feed(piece.text):
                    yield text
        except ModelError:
            # What came before a reply broke off is shown.
            if text := prefix.end():
                yield text
            raise
        if text := prefix.end():
            yield text

    def close(self) -> None:
        """End the reply; the endpoint stops working on it."""
        self._closed.set()
        if self._stream is not None:
            self._stream.close()


class OpenAIChat(EndpointChat):
    """The chat model that the settings name."""

    def __init__(
        self,
        settings: Settings,
        prompts: Prompts = load_prompt,
        files: AttachmentFiles | None = None,
    ) -> None:
        endpoint = chat_endpoint(settings)
        super().__init__(
            endpoint,
            settings.chat_model,
            prompts,
            fallback_endpoint(settings),
            history_budget(endpoint.context(settings.chat_model), settings.context_tokens),
            settings.document_tokens,
            files,
            settings.vision,
        )


def _cost(messages: ChatMessages) -> int:
    """Estimated tokens of a prompt."""
    return sum(estimate(message["content"]) + TOKENS_PER_MESSAGE for message in messages)
