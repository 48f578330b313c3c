"""The only file that imports openai: one endpoint, its errors in our words.

The library takes half a second to import, so that happens at the first request, or in
the background before it (:func:`warm_up`).

Requests are repeated in here only without a parameter that the endpoint refuses,
and after a connection dropped before any answer; what to do after other failures
is decided by the callers.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from threading import Event
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pydantic import SecretStr

from memory.config import Settings
from memory.errors import (
    ModelAuth,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelUnreachable,
    UnreadableReply,
)
from memory.llm.connection_check import ConnectionVerdict, check
from memory.llm.endpoint import ChatMessages, Completion, Delta, host_of
from memory.llm.endpoint_embedder import EndpointEmbedder
from memory.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletionChunk
else:
    openai = LazyModule("openai")

DEFAULT_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 10.0
_DROPPED = ("RemoteProtocolError", "ReadError", "WriteError")
_KEYS = re.compile(r"\b(?:sk|pk|key|gsk|xai)-[\w*.-]{4,}|\bBearer\s+\S+")
REFUSED = (400, 422)
"""Statuses with which endpoints refuse a parameter that they don't know."""

T = TypeVar("T")


EMBEDDING_SECONDS = 8.0
"""Longest wait for embeddings; search goes on by words after that."""


class OpenAIEndpoint:
    """One base address with one key. Safe to share between threads."""

    def __init__(self, url: str | None, key: SecretStr | None, timeout: float) -> None:
        """``timeout`` is in seconds: for a whole reply, or between two pieces of a stream."""
        self._url = url or DEFAULT_URL
        self._host = host_of(self._url)
        self._timeout = timeout
        # Local servers want no key, but the client insists on one.
        secret = key.get_secret_value() if key else "none"
        # No header can carry other characters, so no endpoint would take such a key.
        self._sendable = secret.isascii() and secret.isprintable()
        self._key = secret if self._sendable else "none"
        self._refused: set[str] = set()
        self._complaint = ""

    @property
    def host(self) -> str:
        """Host (and port) of the endpoint, fit for messages: no key, no path."""
        return self._host or self._url.partition("://")[2].rpartition("@")[2][:60]

    @cached_property
    def _client(self) -> openai.OpenAI:
        return openai.OpenAI(
            base_url=self._url if self._host else DEFAULT_URL,
            api_key=self._key,
            timeout=openai.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
            max_retries=0,
        )

    @property
    def complaint(self) -> str:
        """What the endpoint said at its last refusal, without keys; for the settings page."""
        return self._complaint

    def complete(self, messages: ChatMessages, *, model: str, json_mode: bool) -> Completion:
        """A whole reply at temperature 0."""
        optional: dict[str, Any] = {"temperature": 0}
        if json_mode:
            optional["response_format"] = {"type": "json_object"}
        answer = self._call(
            lambda options: self._client.chat.completions.create(
                model=model, messages=(), extra_body=_body(messages), **options
            ),
            optional,
        )
        # A proxy that answers with a page of HTML arrives as a plain string.
        if not isinstance(answer, openai.types.chat.ChatCompletion) or not answer.choices:
            raise UnreadableReply("no completion in the answer", endpoint=self.host)
        usage = answer.usage
        return Completion(
            answer.choices[0].message.content or "",
            usage.prompt_tokens if usage else None,
            usage.completion_tokens if usage else None,
        )

    def stream(self, messages: ChatMessages, *, model: str) -> _Stream:
        """A reply in pieces."""
        opened = self._call(
            lambda options: self._client.chat.completions.create(
                model=model, messages=(), extra_body=_body(messages), stream=True, **options
            ),
            {"stream_options": {"include_usage": True}},
        )
        if not isinstance(opened, openai.Stream):
            raise UnreadableReply("no stream in the answer", endpoint=self.host)
        return _Stream(opened, self)

    def embed(self, texts: Sequence[str], *, model: str, dims: int | None) -> list[list[float]]:
        """One vector a text, in order. ``dims`` is asked for where the endpoint lets one."""
        answer = self._call(
            lambda options: self._client.embeddings.create(
                model=model, input=list(texts), encoding_format="float", **options
            ),
            {} if dims is None else {"dimensions": dims},
        )
        data = getattr(answer, "data", None)
        if not data or len(data) != len(texts):
            raise UnreadableReply("not one vector a text in the answer", endpoint=self.host)
        return [item.embedding for item in sorted(data, key=lambda item: item.index)]

    def models(self) -> list[str]:
        """Names of the models on offer, sorted."""
        answer = self._call(lambda _: self._client.models.list(), {})
        return sorted(str(item.id) for item in getattr(answer, "data", None) or ())

    def _call(self, request: Callable[[dict[str, Any]], T], optional: dict[str, Any]) -> T:
        """Make ``request``; without the optional parameters where they are refused.

        Which ones an endpoint refuses is remembered, so that it costs one
        request in the life of the process.
        """
        if not self._host:
            raise ModelUnreachable(f"{self.host} is no address", endpoint=self.host)
        if not self._sendable:
            raise ModelAuth("a key with other than ASCII characters", endpoint=self.host)
        options = {name: value for name, value in optional.items() if name not in self._refused}
        dropped: list[str] = []
        dropped_line = False
        while True:
            try:
                answer = request(options)
            except openai.APIStatusError as error:
                if error.status_code not in REFUSED or not options:
                    self.fail(error)
                complaint = str(error.body or error.message)
                named = [name for name in options if name in complaint]
                dropped.append(named[0] if named else list(options)[-1])
                del options[dropped[-1]]
            except openai.APIConnectionError as error:
                # An idle connection that the endpoint had closed: worth one new one.
                if dropped_line or type(error.__cause__).__name__ not in _DROPPED:
                    self.fail(error)
                dropped_line = True
            except (openai.OpenAIError, ValueError) as error:
                self.fail(error)
            else:
                self._refused.update(dropped)
                return answer

    def fail(self, error: Exception) -> NoReturn:
        """Raise ``error`` in our words: with host and status, without key and content."""
        where: dict[str, Any] = {"endpoint": self.host}
        if isinstance(error, openai.APIStatusError):
            where["status"] = error.status_code
            self._complaint = self._without_keys(error)
            if error.status_code in (401, 403):
                raise ModelAuth(f"{self.host} refused the key", **where) from None
            if error.status_code == 429:
                raise ModelBusy(f"{self.host} asks to slow down", **where) from None
            if error.status_code in (408, 504):
                raise ModelTimeout(
                    f"{self.host} timed out", seconds=self._timeout, **where
                ) from None
            raise ModelError(f"{self.host} answered {error.status_code}", **where) from None
        if isinstance(error, openai.APITimeoutError):
            raise ModelTimeout(
                f"{self.host} didn't answer in {self._timeout:g} s", seconds=self._timeout, **where
            ) from None
        if isinstance(error, openai.APIConnectionError):
            raise ModelUnreachable(f"no connection to {self.host}", **where) from None
        if isinstance(error, openai.APIResponseValidationError | ValueError):
            raise UnreadableReply(f"{self.host} sent no readable answer", **where) from None
        raise ModelError(f"{self.host} failed: {type(error).__name__}", **where) from None

    def _without_keys(self, error: openai.APIStatusError) -> str:
        body = error.body if isinstance(error.body, dict) else {}
        said = str(body.get("message") or "").replace(self._key, "***")
        return _KEYS.sub("***", said)[:200]


def _body(messages: ChatMessages) -> dict[str, Any]:
    # Given as an argument, the library walks every message and its types, which takes
    # longer than all the rest of a reply; what it would send is the same.
    return {"messages": [dict(message) for message in messages]}


class _Stream:
    """Pieces of a reply as they come over the wire."""

    def __init__(self, opened: openai.Stream[ChatCompletionChunk], endpoint: OpenAIEndpoint):
        self._opened = opened
        self._endpoint = endpoint
        self._closed = Event()

    def __iter__(self) -> Iterator[Delta]:
        finished = False
        try:
            for chunk in self._opened:
                choice = chunk.choices[0] if chunk.choices else None
                if choice is not None:
                    finished = finished or choice.finish_reason is not None
                    if choice.delta and choice.delta.content:
                        yield Delta(choice.delta.content)
                if chunk.usage is not None:
                    yield Delta("", chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        except (openai.OpenAIError, ValueError, OSError) as error:
            if not self._closed.is_set():
                self._endpoint.fail(error)
        except (AttributeError, TypeError):
            # Events that are JSON, but no chunks of a completion.
            self._endpoint.fail(ValueError())
        else:
            if not finished and not self._closed.is_set():
                host = self._endpoint.host
                raise ModelUnreachable(f"{host} broke off in the middle", endpoint=host)
        finally:
            self.close()

    def close(self) -> None:
        """Hang up, so that the endpoint stops working for nothing."""
        if self._closed.is_set():
            return
        self._closed.set()
        # Closing a socket doesn't wake a thread that waits in it; shutting it down does.
        stream = self._opened.response.extensions.get("network_stream")
        raw = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(raw, socket.socket):
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
        self._opened.close()


def warm_up() -> None:
    """Load the library and what its first request loads; nothing is sent."""
    with openai.OpenAI(api_key="none") as client:
        _ = client.chat.completions, client.embeddings


def chat_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The endpoint of the chat model that the settings name."""
    return OpenAIEndpoint(
        settings.openai_base_url, settings.openai_api_key, settings.request_timeout
    )


def _embedding_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The embedding endpoint; without an address of its own, the one of the chat.

    The chat's key only goes to the chat's address.
    """
    # One text is embedded before each reply: a silent endpoint must not hold it up for long.
    timeout = min(settings.request_timeout, EMBEDDING_SECONDS)
    if settings.embedding_base_url in (None, settings.openai_base_url):
        key = settings.embedding_api_key or settings.openai_api_key
        return OpenAIEndpoint(settings.openai_base_url, key, timeout)
    return OpenAIEndpoint(settings.embedding_base_url, settings.embedding_api_key, timeout)


class OpenAIEmbedder(EndpointEmbedder):
    """The embedding model that the settings name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            _embedding_endpoint(settings), settings.embedding_model, settings.embedding_dims
        )


def extraction_endpoint(settings: Settings) -> tuple[OpenAIEndpoint, str]:
    """The endpoint and the name of the model that extracts memories."""
    return chat_endpoint(settings), settings.extraction_model or settings.chat_model


def check_connection(settings: Settings) -> ConnectionVerdict:
    """Try the chat model and, if one is configured, the embedding model. Never raises."""
    embedding = _embedding_endpoint(settings) if settings.embedder == "openai" else None
    return check(
        chat_endpoint(settings) if settings.has_language_model else None,
        settings.chat_model,
        embedding,
        settings.embedding_model,
        settings.embedding_dims,
    )
