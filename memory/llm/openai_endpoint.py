"""OpenAI-compatible endpoint: replies, vectors and names of models from one base address."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import SecretStr

from memory.attachments.audio import Recording
from memory.errors import (
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelUnreachable,
    ReplyCut,
    UnreadableReply,
)
from memory.llm.adaptation import QUICK_SECONDS, AdaptedRequest
from memory.llm.address import Address, address_in
from memory.llm.answers import model_names, vectors_in
from memory.llm.endpoint import ChatMessages, Completion, host_of
from memory.llm.endpoint_stream import EndpointStream
from memory.llm.failures import EndpointFailures
from memory.llm.learned import EndpointHabits, learned
from memory.llm.profiles import ProviderProfile, profile_of
from memory.llm.requests import (
    NO_THINKING,
    PICTURES,
    ChatCompletionRequest,
    EmbeddingRequest,
    EndpointRequest,
    PlainRequest,
    chat_options,
    chat_shapes,
)
from memory.llm.thoughts import ThoughtFilter
from memory.llm.transport import EndpointTransport, Extras
from memory.system.secret_values import secret_values

DEFAULT_URL = "https://api.openai.com/v1"
PATIENT_SECONDS = 30.0
"""Longest wait for a busy endpoint where nobody waits for the answer."""


class OpenAIEndpoint:
    """One base address with one key. Safe to share between threads."""

    def __init__(
        self,
        url: str | None,
        key: SecretStr | None,
        timeout: float,
        *,
        extras: Extras | None = None,
        part: str = "",
    ) -> None:
        """Make it.

        Args:
            url: Its address; none is OpenAI's.
            key: Its key.
            timeout: Seconds for a whole reply, or between two pieces of a stream.
            extras: What goes along with each request.
            part: ``embedding`` for an endpoint that makes vectors; errors say so.
        """
        given = url or DEFAULT_URL
        try:
            address = address_in(given)
        except ValueError:
            address = Address(given)
        self._url = address.url
        named = host_of(self._url)
        self._connectable = bool(named)
        # Local servers want no key, but the client insists on one.
        secret = key.get_secret_value() if key else "none"
        # No header can carry other characters, so no endpoint would take such a key.
        self._sendable = secret.isascii() and secret.isprintable()
        secret = secret if self._sendable else "none"
        self._extras = extras or Extras()
        usable = address if named else Address(DEFAULT_URL)
        self._transport = EndpointTransport(usable, secret, timeout, self._extras)
        host = named or self._url.partition("://")[2].rpartition("@")[2][:60]
        hidden = ((secret,) if key else ()) + secret_values(
            self._extras.headers, self._extras.body, given
        )
        self._failures = EndpointFailures(host, timeout, part, hidden)

    @property
    def host(self) -> str:
        """Host (and port) of the endpoint, fit for messages: no key, no path."""
        return self._failures.host

    @property
    def complaint(self) -> str:
        """What the endpoint said at its last refusal, without keys; for the settings page."""
        return self._failures.complaint

    def profile(self, model: str) -> ProviderProfile:
        """What this endpoint takes with ``model``."""
        return profile_of(self._url, model)

    def context(self, model: str) -> int:
        """Tokens that a prompt and its reply may have together; 0 if that isn't known."""
        return self.profile(model).context

    def sees(self, model: str) -> bool:
        """Whether the model looks at pictures, as far as its name and what it took tell."""
        return self.profile(model).vision and PICTURES not in learned(self._url, model).refused

    def complete(
        self,
        messages: ChatMessages,
        *,
        model: str,
        json_mode: bool,
        schema: Mapping[str, Any] | None = None,
        pictures: Sequence[str] = (),
    ) -> Completion:
        """A whole reply at temperature 0, without thoughts.

        It is asked for as a stream too: a model that thinks for minutes keeps the line
        alive that way. Where the stream breaks, the reply is asked for in one piece.
        """
        known = learned(self._url, model)
        options = chat_options(
            self.profile(model),
            known,
            thinking=self._extras.thinking,
            temperature=0,
            json_mode=json_mode,
            schema=schema,
            pictures=pictures,
        )
        found = self._unbroken(messages, model, options)
        if not found.text.strip() and NO_THINKING in options and NO_THINKING in known.refused:
            # Some servers take the reply of a model that mustn't think for its thoughts.
            del options[NO_THINKING]
            found = self._unbroken(messages, model, options)
        return found

    def _unbroken(self, messages: ChatMessages, model: str, options: dict[str, Any]) -> Completion:
        known = learned(self._url, model)
        try:
            return self._collected(messages, model, options, whole=known.whole_only)
        except _BrokenStreamError as broken:
            if known.whole_only or known.stream_only:
                raise broken.error from None
        return self._collected(messages, model, options, whole=True)

    def _collected(
        self, messages: ChatMessages, model: str, options: dict[str, Any], *, whole: bool
    ) -> Completion:
        stream = self._opened(messages, model, dict(options), whole=whole, hold=True, calls=True)
        texts: list[str] = []
        tokens: tuple[int | None, int | None] = (None, None)
        cut = False
        try:
            for piece in stream:
                texts.append(piece.text)
                if piece.prompt_tokens is not None:
                    tokens = (piece.prompt_tokens, piece.reply_tokens)
        except ReplyCut:
            # Half a JSON document is more than none: its reader repairs it.
            if not "".join(texts).strip():
                raise
            cut = True
        except (ModelUnreachable, ModelTimeout, UnreadableReply, ModelBusy) as error:
            if whole or not stream.began:
                raise
            raise _BrokenStreamError(error) from error
        except ModelError as error:
            if whole or not stream.began or type(error) is not ModelError:
                raise
            raise _BrokenStreamError(error) from error
        # A call without anything in it ("{}") asks for something; it answers nothing.
        handed = stream.arguments if stream.arguments.strip("{} \n") else ""
        return Completion("".join(texts) or handed, *tokens, cut=cut)

    def stream(
        self,
        messages: ChatMessages,
        *,
        model: str,
        hold: bool = False,
        pictures: Sequence[str] = (),
    ) -> EndpointStream:
        """A reply in pieces, without thoughts.

        Args:
            messages: What is answered.
            model: The model's name.
            hold: Nobody reads along, so that no thought need be taken back.
            pictures: Data URLs of what is shown with the last message.
        """
        known = learned(self._url, model)
        options = chat_options(
            self.profile(model), known, thinking=self._extras.thinking, pictures=pictures
        )
        return self._opened(messages, model, options, whole=known.whole_only, hold=hold)

    def _opened(
        self,
        messages: ChatMessages,
        model: str,
        options: dict[str, Any],
        *,
        whole: bool,
        hold: bool,
        calls: bool = False,
    ) -> EndpointStream:
        known = learned(self._url, model)
        shapes = chat_shapes(self.profile(model), known)
        request = ChatCompletionRequest(
            self._transport, model, messages, shapes, options, whole=whole
        )
        answer = self._asked(request, known)
        thoughts = ThoughtFilter(hold=hold, known_bare=known.bare_closing, calls=calls)
        return EndpointStream(answer, self._failures, known, thoughts)

    def embed(
        self, texts: Sequence[str], *, model: str, dims: int | None, patient: bool = False
    ) -> list[list[float]]:
        """One vector a text, in order. ``dims`` is asked for where the endpoint lets one.

        Args:
            texts: What to embed.
            model: The model's name.
            dims: The size wanted.
            patient: Nobody waits for it: a busy endpoint is waited for.

        Raises:
            ModelError: as the endpoint fails; ``embedding_bad`` if what it sent is no vector.
        """
        options: dict[str, Any] = {"encoding_format": "float"}
        if dims is not None and self.profile(model).dims_param:
            options["dimensions"] = dims
        known = learned(self._url, model)
        request = EmbeddingRequest(
            self._transport,
            model,
            texts,
            options,
            shapes=set(known.shapes),
            # A question is what somebody waits for.
            purpose="passage" if patient else "query",
        )
        answer = self._asked(request, known, PATIENT_SECONDS if patient else 0)
        about = self._failures.about
        try:
            vectors = vectors_in(answer, dims)
        except LookupError:
            vectors = []
        except ValueError as error:
            raise ModelError(f"{self.host} sent {error}", code="embedding_bad", **about) from None
        if len(vectors) != len(texts):
            raise UnreadableReply("not one vector a text in the answer", **about)
        return vectors

    def models(self) -> list[str]:
        """Names of the models on offer, sorted."""
        request = PlainRequest("/models", self._transport.models)
        return model_names(self._asked(request, EndpointHabits()))

    def transcribe(self, recording: Recording, *, model: str) -> tuple[str, float]:
        """What is said in a recording, and its seconds if the endpoint tells them (else 0).

        Raises:
            ModelError: as the endpoint fails.
        """
        ask = partial(self._transport.transcript, model, recording)
        answer = self._asked(PlainRequest("/audio/transcriptions", ask, model), EndpointHabits())
        text = answer.get("text") if isinstance(answer, Mapping) else None
        if not isinstance(text, str):
            raise UnreadableReply(f"{self.host} sent no text", **self._failures.about)
        told = answer.get("duration")
        seconds = float(told) if isinstance(told, int | float) and math.isfinite(told) else 0.0
        return text, max(0.0, seconds)

    def speak(self, text: str, *, model: str, voice: str) -> bytes:
        """``text`` spoken, as MP3.

        Raises:
            ModelError: as the endpoint fails.
        """
        ask = partial(self._transport.speech, model, text, voice)
        answer = self._asked(PlainRequest("/audio/speech", ask, model), EndpointHabits())
        if not isinstance(answer, bytes) or not answer:
            raise UnreadableReply(f"{self.host} sent no audio", **self._failures.about)
        return answer

    def _asked(
        self, request: EndpointRequest, known: EndpointHabits, longest_wait: float = QUICK_SECONDS
    ) -> Any:
        self._failures.check_sendable(address=self._connectable, key=self._sendable)
        adapted = AdaptedRequest(self._transport, self._failures, known, request, longest_wait)
        return adapted.answer()


class _BrokenStreamError(Exception):
    """A stream broke off after it had begun."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(type(error).__name__)
        self.error = error
