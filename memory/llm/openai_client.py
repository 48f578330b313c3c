"""OpenAI client: one endpoint, its errors in our words. The only file that imports openai.

The library takes half a second to import, so that happens at the first request, or in
the background before it (:func:`warm_up`). It makes the requests and reports statuses; the
answers are read here, because what endpoints really send is more than it can read.

A request is repeated in here without a parameter that the endpoint refuses, with the
messages in another shape, at the address it was moved to, once where the endpoint is busy
for a moment, and after a connection dropped before any answer. What to do after other
failures is decided by the callers.
"""

from __future__ import annotations

import json
import math
import ssl
import struct
import time
from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from pydantic import SecretStr

from memory.attachments.audio import Recording
from memory.config import Settings
from memory.errors import (
    ModelAuth,
    ModelBusy,
    ModelError,
    ModelTimeout,
    ModelTls,
    ModelUnreachable,
    ReplyCut,
    UnreadableReply,
)
from memory.llm.address import Address, address_in
from memory.llm.connection_check import ALL_PARTS, ConnectionVerdict, ModelPart, check
from memory.llm.endpoint import ChatMessages, Completion, host_of
from memory.llm.endpoint_embedder import EndpointEmbedder
from memory.llm.endpoint_stream import EndpointStream
from memory.llm.event_stream import NoDataError
from memory.llm.learned import EndpointHabits, learned
from memory.llm.message_shape import NO_SYSTEM, USER_FIRST, shaped, with_pictures
from memory.llm.profiles import ProviderProfile, profile_of
from memory.llm.proxies import certificates, proxy_for
from memory.llm.refusals import CERTAIN, ERRORS, EndpointRefusal, refusal_in
from memory.llm.thoughts import ThoughtFilter
from memory.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import openai
else:
    openai = LazyModule("openai")

DEFAULT_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 10.0
EMBEDDING_SECONDS = 8.0
"""Longest wait for the vector of a question; search goes on by words after that."""
QUICK_SECONDS = 3.0
"""Longest wait before the one quick retry of a busy endpoint while somebody waits."""
PATIENT_SECONDS = 30.0
"""The same where nobody waits."""

_DROPPED = ("RemoteProtocolError", "ReadError", "WriteError")
REFUSED = (400, 422)
"""Statuses with which endpoints refuse a parameter that they don't know."""
MOVED = (301, 302, 303, 307, 308)
NO_THINKING = "no thinking"
"""Under this name the parameters that keep a model from thinking are refused."""


JSON_SCHEMA = "json_schema"
PICTURES = "image_url"
"""Under this name, the one that complaints use, pictures are refused."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What a user adds to every request of an endpoint."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    thinking: bool = False
    ca_file: str | None = None


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
        query: Mapping[str, str] | None = None,
    ) -> None:
        """Make it.

        Args:
            url: Its address; none is OpenAI's.
            key: Its key.
            timeout: Seconds for a whole reply, or between two pieces of a stream.
            extras: What goes along with each request.
            part: ``embedding`` for an endpoint that makes vectors; errors say so.
            query: The query of each request, beside that of the address.
        """
        given = url or DEFAULT_URL
        try:
            self._address = address_in(given)
        except ValueError:
            self._address = Address(given)
        if query:
            self._address = Address(self._address.url, {**self._address.query, **query})
        self._url = self._address.url
        self._host = host_of(self._url)
        self._timeout = timeout
        self._extras = extras or Extras()
        self._part = part
        # Local servers want no key, but the client insists on one.
        secret = key.get_secret_value() if key else "none"
        # No header can carry other characters, so no endpoint would take such a key.
        self._sendable = secret.isascii() and secret.isprintable()
        self._key = secret if self._sendable else "none"
        self._complaint = ""

    @property
    def host(self) -> str:
        """Host (and port) of the endpoint, fit for messages: no key, no path."""
        return self._host or self._url.partition("://")[2].rpartition("@")[2][:60]

    @property
    def complaint(self) -> str:
        """What the endpoint said at its last refusal, without keys; for the settings page."""
        return self._complaint

    @property
    def timeout(self) -> float:
        """Seconds for a whole reply, or between two pieces of a stream."""
        return self._timeout

    def profile(self, model: str) -> ProviderProfile:
        """What this endpoint takes with ``model``."""
        return profile_of(self._url, model)

    @cached_property
    def _client(self) -> openai.OpenAI:
        headers = dict(self._extras.headers)
        if self._address.wants_api_key_header:
            headers["api-key"] = self._key
        url = self._url if self._host else DEFAULT_URL
        return openai.OpenAI(
            base_url=url,
            api_key=self._key,
            timeout=openai.Timeout(self._timeout, connect=min(CONNECT_SECONDS, self._timeout)),
            max_retries=0,
            default_headers=headers,
            default_query=dict(self._address.query),
            http_client=openai.DefaultHttpxClient(
                trust_env=False,
                proxy=proxy_for(url),
                verify=certificates(self._extras.ca_file),
                # A redirect is followed here: the library would turn a POST into a GET.
                follow_redirects=False,
            ),
        )

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
        profile = self.profile(model)
        optional: dict[str, Any] = {"temperature": 0} if profile.temperature else {}
        if pictures:
            optional[PICTURES] = list(pictures)
        if json_mode and profile.json != "text":
            optional["response_format"] = {"type": "json_object"}
        known = learned(self._url, model)
        if "response_format" in optional and schema and profile.json == "schema":
            form = {"name": "reply", "strict": True, "schema": dict(schema)}
            if JSON_SCHEMA not in known.refused:
                optional["response_format"] = {"type": JSON_SCHEMA, JSON_SCHEMA: form}
        try:
            return self._collected(messages, model, optional, whole=known.whole_only)
        except _BrokenStreamError as broken:
            if known.whole_only or known.stream_only:
                raise broken.error from None
        return self._collected(messages, model, optional, whole=True)

    def _collected(
        self, messages: ChatMessages, model: str, optional: dict[str, Any], *, whole: bool
    ) -> Completion:
        stream = self._opened(messages, model, optional, whole=whole, hold=True)
        texts: list[str] = []
        tokens: tuple[int | None, int | None] = (None, None)
        try:
            for piece in stream:
                texts.append(piece.text)
                if piece.prompt_tokens is not None:
                    tokens = (piece.prompt_tokens, piece.reply_tokens)
        except ReplyCut:
            # Half a JSON document is more than none: its reader repairs it.
            if not "".join(texts).strip():
                raise
        except (ModelUnreachable, ModelTimeout, UnreadableReply, ModelBusy) as error:
            if whole or not stream.began:
                raise
            raise _BrokenStreamError(error) from error
        except ModelError as error:
            if whole or not stream.began or type(error) is not ModelError:
                raise
            raise _BrokenStreamError(error) from error
        return Completion("".join(texts), *tokens)

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
        optional = {PICTURES: list(pictures)} if pictures else {}
        return self._opened(messages, model, optional, whole=known.whole_only, hold=hold)

    def _opened(
        self,
        messages: ChatMessages,
        model: str,
        optional: Mapping[str, Any],
        *,
        whole: bool,
        hold: bool,
    ) -> EndpointStream:
        known, profile = learned(self._url, model), self.profile(model)
        options = dict(optional)
        thinking = {} if self._extras.thinking else profile.thinking_off or profile.thinking_low
        if thinking:
            options[NO_THINKING] = dict(thinking)
        if not whole and profile.stream_usage:
            options["stream_options"] = {"include_usage": True}
        shapes = set(known.shapes)
        if profile.first_role == "user":
            shapes.add(USER_FIRST)
        if not profile.system_role:
            shapes.add(NO_SYSTEM)
        request = _ChatRequest(self, model, messages, shapes, options, whole=whole)
        answer = _AdaptedRequest(self, known, request).answer()
        thoughts = ThoughtFilter(hold=hold, known_bare=known.bare_closing)
        return EndpointStream(answer, self, known, thoughts)

    def post_chat(
        self,
        model: str,
        messages: Sequence[dict[str, str]],
        options: dict[str, Any],
        *,
        whole: bool,
    ) -> Any:
        """Make a request for a reply; its answer's body isn't read yet."""
        ours = (NO_THINKING, PICTURES)
        body = {name: value for name, value in options.items() if name not in ours}
        body |= options.get(NO_THINKING, {})
        # Given as an argument, the library walks every message and its types, which takes
        # longer than all the rest of a reply; what it would send is the same.
        said: list[dict[str, Any]] = [*messages]
        if PICTURES in options:
            said = with_pictures(messages, options[PICTURES])
        body |= {"messages": said, **self._extras.body}
        chat = self._client.chat.completions.with_streaming_response
        return chat.create(model=model, messages=(), stream=not whole, extra_body=body).__enter__()

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
        asked = {} if dims is None or not self.profile(model).dims_param else {"dimensions": dims}
        request = _EmbeddingRequest(self, model, texts, asked)
        asking = _AdaptedRequest(self, learned(self._url, model), request)
        asking.longest_wait = PATIENT_SECONDS if patient else 0.0
        answer = asking.answer()
        data = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(data, list) or len(data) != len(texts):
            raise UnreadableReply(
                "not one vector a text in the answer", endpoint=self.host, **self.about()
            )
        return [self._vector(item) for item in _in_order(data)]

    def post_embeddings(self, model: str, texts: Sequence[str], options: dict[str, Any]) -> Any:
        """Make a request for embeddings; the answer as JSON."""
        body = {"model": model, "input": list(texts), "encoding_format": "float", **options}
        return self._client.post("/embeddings", body=body, cast_to=object)

    def _vector(self, item: Any) -> list[float]:
        found = item.get("embedding") if isinstance(item, Mapping) else None
        if isinstance(found, str):
            with suppress(ValueError, struct.error):
                raw = b64decode(found, validate=True)
                found = list(struct.unpack(f"<{len(raw) // 4}f", raw))
        numbers = found if isinstance(found, list) else []
        if not numbers or not all(
            isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)
            for x in numbers
        ):
            raise ModelError(
                f"{self.host} sent a vector with other than numbers in it",
                code="embedding_bad",
                endpoint=self.host,
                **self.about(),
            )
        return [float(x) for x in numbers]

    def transcribe(self, recording: Recording, *, model: str) -> tuple[str, float]:
        """What is said in a recording, and its seconds if the endpoint tells them (else 0).

        Raises:
            ModelError: as the endpoint fails.
        """
        request = _TranscriptionRequest(self, model, recording)
        answer = _AdaptedRequest(self, EndpointHabits(), request).answer()
        text = answer.get("text") if isinstance(answer, Mapping) else None
        if not isinstance(text, str):
            raise UnreadableReply(f"{self.host} sent no text", endpoint=self.host, **self.about())
        told = answer.get("duration")
        seconds = float(told) if isinstance(told, int | float) and math.isfinite(told) else 0.0
        return text, max(0.0, seconds)

    def post_recording(self, model: str, recording: Recording) -> Any:
        """Make a request for a transcript; the answer as JSON."""
        body = {"model": model, "response_format": "json", "temperature": "0"}
        return self._client.post(
            "/audio/transcriptions",
            body=body,
            files=[("file", (recording.name, recording.data, recording.media_type))],
            options={"headers": {"Content-Type": "multipart/form-data"}},
            cast_to=object,
        )

    def speak(self, text: str, *, model: str, voice: str) -> bytes:
        """``text`` spoken, as MP3.

        Raises:
            ModelError: as the endpoint fails.
        """
        request = _SpeechRequest(self, model, text, voice)
        answer = _AdaptedRequest(self, EndpointHabits(), request).answer()
        if not isinstance(answer, bytes) or not answer:
            raise UnreadableReply(f"{self.host} sent no audio", endpoint=self.host, **self.about())
        return answer

    def post_speech(self, model: str, text: str, voice: str) -> Any:
        """Make a request for speech; the answer's bytes, or the JSON of a refusal."""
        answer = self._client.audio.speech.create(
            model=model, input=text, voice=voice, response_format="mp3"
        )
        kind = answer.response.headers.get("content-type", "audio/")
        if kind.startswith("application/json"):
            return json.loads(answer.content)
        return (
            answer.content if kind.startswith(("audio/", "application/octet", "binary/")) else b""
        )

    def models(self) -> list[str]:
        """Names of the models on offer, sorted."""
        request = _ListRequest(self)
        answer = _AdaptedRequest(self, EndpointHabits(), request).answer()
        data = answer.get("data") if isinstance(answer, Mapping) else None
        return sorted(
            str(item["id"]) for item in data or () if isinstance(item, Mapping) and "id" in item
        )

    def list_models(self) -> Any:
        """Make a request for the names of models; the answer as JSON."""
        return self._client.get("/models", cast_to=object)

    def check_sendable(self) -> None:
        """Refuse an address or a key with which no request can be made.

        Raises:
            ModelUnreachable, ModelAuth: see above.
        """
        where = {"endpoint": self.host, **self.about()}
        if not self._host:
            raise ModelUnreachable(f"{self.host} is no address", **where)
        if not self._sendable:
            raise ModelAuth("a key with other than ASCII characters", **where)

    def move(self, location: str, operation: str) -> bool:
        """Go on at the address to which the endpoint moved; whether that may be done.

        The key only goes to the same host, and never from https to http.
        """
        old = urlsplit(str(self._client.base_url))
        new = urlsplit(location if "://" in location else f"{old.scheme}://{old.netloc}{location}")
        path = new.path.rstrip("/")
        same = new.hostname == old.hostname and (old.scheme, new.scheme) != ("https", "http")
        if not same or not path.endswith(operation):
            return False
        return self.rebase(f"{new.scheme}://{new.netloc}{path.removesuffix(operation)}")

    def rebase(self, url: str) -> bool:
        """Use another base address from now on; whether it is another."""
        if url.rstrip("/") == str(self._client.base_url).rstrip("/"):
            return False
        self.__dict__["_client"] = self._client.with_options(base_url=url)
        return True

    @property
    def lacks_path(self) -> bool:
        """Whether the base address is a host alone, so that ``/v1`` may be missing."""
        return urlsplit(str(self._client.base_url)).path in ("", "/")

    @property
    def base(self) -> str:
        """The base address in use."""
        return str(self._client.base_url).rstrip("/")

    def about(self) -> dict[str, str]:
        """What errors say beside the host: the part that failed."""
        return {"part": self._part} if self._part else {}

    def refuse(
        self, refusal: EndpointRefusal, model: str = "", wait: float | None = None
    ) -> NoReturn:
        """Raise what an endpoint refused, in our words."""
        self._complaint = refusal.shown(self._key)
        where: dict[str, Any] = {"endpoint": self.host, "said": self._complaint, **self.about()}
        if refusal.status >= 300:
            where["status"] = refusal.status
        cause = refusal.cause
        if cause == "timeout":
            where["seconds"] = self._timeout
        if cause == "busy" and wait is not None:
            where["retry_after"] = wait
        if cause == "unknown":
            where["model"] = model
        raise ERRORS.get(cause, ModelError)(
            f"{self.host} refused: {cause} ({refusal.status})", **where
        ) from None

    def fail(self, error: Exception) -> NoReturn:
        """Raise ``error`` in our words: with host and status, without key and content."""
        where: dict[str, Any] = {"endpoint": self.host, **self.about()}
        if isinstance(error, openai.APIStatusError):
            self.refuse(_refusal(error))
        if isinstance(error, openai.APITimeoutError | NoDataError) or _timed_out(error):
            raise ModelTimeout(
                f"{self.host} didn't answer in {self._timeout:g} s", seconds=self._timeout, **where
            ) from None
        if _is_tls(error):
            raise ModelTls(f"{self.host}: its certificate isn't trusted", **where) from None
        if isinstance(error, openai.APIResponseValidationError | ValueError):
            raise UnreadableReply(f"{self.host} sent no readable answer", **where) from None
        if isinstance(error, openai.APIConnectionError | OSError) or _is_transport(error):
            raise ModelUnreachable(f"no connection to {self.host}", **where) from None
        if isinstance(error, ImportError):
            raise ModelUnreachable(f"{self.host}: the proxy needs a package", **where) from None
        raise ModelError(f"{self.host} failed: {type(error).__name__}", **where) from None


class _BrokenStreamError(Exception):
    """A stream broke off after it had begun."""

    def __init__(self, error: ModelError) -> None:
        super().__init__(type(error).__name__)
        self.error = error


@dataclass(slots=True)
class _ChatRequest:
    """A request for a reply, and how it may be changed where it is refused."""

    endpoint: OpenAIEndpoint
    model: str
    messages: ChatMessages
    shapes: set[str]
    options: dict[str, Any]
    whole: bool = False
    operation: str = "/chat/completions"
    streaming: bool = True

    def send(self) -> Any:
        messages = shaped(self.messages, self.shapes)
        return self.endpoint.post_chat(self.model, messages, self.options, whole=self.whole)

    def next_shape(self, said: str) -> str | None:
        """A shape of the messages that wasn't tried and changes something."""
        order = [USER_FIRST, NO_SYSTEM]
        if "system" in said.lower() and "alternat" not in said.lower():
            order.reverse()
        now = shaped(self.messages, self.shapes)
        return next(
            (
                s
                for s in order
                if s not in self.shapes and shaped(self.messages, {*self.shapes, s}) != now
            ),
            None,
        )


@dataclass(slots=True)
class _EmbeddingRequest:
    """A request for vectors."""

    endpoint: OpenAIEndpoint
    model: str
    texts: Sequence[str]
    options: dict[str, Any]
    whole: bool = True
    operation: str = "/embeddings"
    streaming: bool = False
    shapes: set[str] = field(default_factory=set)

    def send(self) -> Any:
        return self.endpoint.post_embeddings(self.model, self.texts, self.options)

    def next_shape(self, said: str) -> str | None:
        """Texts have no roles."""
        return None


@dataclass(slots=True)
class _TranscriptionRequest:
    """A request for what is said in a recording."""

    endpoint: OpenAIEndpoint
    model: str
    recording: Recording
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    operation: str = "/audio/transcriptions"
    streaming: bool = False
    shapes: set[str] = field(default_factory=set)

    def send(self) -> Any:
        return self.endpoint.post_recording(self.model, self.recording)

    def next_shape(self, said: str) -> str | None:
        """A recording has no roles."""
        return None


@dataclass(slots=True)
class _SpeechRequest:
    """A request for spoken text."""

    endpoint: OpenAIEndpoint
    model: str
    text: str
    voice: str
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    operation: str = "/audio/speech"
    streaming: bool = False
    shapes: set[str] = field(default_factory=set)

    def send(self) -> Any:
        return self.endpoint.post_speech(self.model, self.text, self.voice)

    def next_shape(self, said: str) -> str | None:
        """A text to read has no roles."""
        return None


@dataclass(slots=True)
class _ListRequest:
    """A request for the models on offer."""

    endpoint: OpenAIEndpoint
    model: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    operation: str = "/models"
    streaming: bool = False
    shapes: set[str] = field(default_factory=set)

    def send(self) -> Any:
        return self.endpoint.list_models()

    def next_shape(self, said: str) -> str | None:
        """A list has no roles."""
        return None


class _AdaptedRequest:
    """Makes a request, and again in another way where the endpoint refuses it.

    What then worked is remembered in the record of the endpoint, so that it costs its
    requests once in the life of the process.
    """

    def __init__(
        self,
        endpoint: OpenAIEndpoint,
        known: EndpointHabits,
        request: (
            _ChatRequest | _EmbeddingRequest | _TranscriptionRequest | _SpeechRequest | _ListRequest
        ),
    ) -> None:
        self._endpoint = endpoint
        self._known = known
        self._request = request
        self._dropped: list[str] = []
        self._suspected: list[str] = []
        self._shapes: list[str] = []
        self._turned = self._dropped_line = self._waited = self._bare = False
        self.longest_wait = QUICK_SECONDS

    def answer(self) -> Any:
        """The answer, once the endpoint takes the request.

        Raises:
            ModelError: it doesn't.
        """
        self._endpoint.check_sendable()
        request = self._request
        request.options = {k: v for k, v in request.options.items() if k not in self._known.refused}
        while True:
            try:
                answer = request.send()
            except openai.APIStatusError as error:
                if not self._mended(error):
                    wait = _retry_after(error)
                    self._endpoint.refuse(_refusal(error), request.model, wait)
            except openai.APIConnectionError as error:
                # An idle connection that the endpoint had closed: worth one new one.
                if self._dropped_line or type(error.__cause__).__name__ not in _DROPPED:
                    self._endpoint.fail(error)
                self._dropped_line = True
            except (openai.OpenAIError, ValueError, OSError, ImportError) as error:
                self._endpoint.fail(error)
            else:
                self._remember()
                if not request.streaming and (refusal := refusal_in(answer)) is not None:
                    self._endpoint.refuse(refusal, request.model)
                return answer

    def _mended(self, error: openai.APIStatusError) -> bool:
        """Whether the request was changed so that it is worth another try."""
        status, request = error.status_code, self._request
        if status in MOVED:
            location = error.response.headers.get("location", "")
            return self._endpoint.move(location, request.operation)
        refusal = _refusal(error)
        if refusal.cause == "busy":
            return self._wait(error)
        if status in (404, 405) and refusal.cause == "address" and self._endpoint.lacks_path:
            return self._endpoint.rebase(f"{self._endpoint.base}/v1")
        if status == 500 and request.options and not self._bare:
            # Old servers fail at what they don't know instead of refusing it.
            self._bare = True
            self._suspected = list(request.options)
            request.options.clear()
            return True
        return status in REFUSED and self._adapted(refusal)

    def _adapted(self, refusal: EndpointRefusal) -> bool:
        said, options = refusal.said, self._request.options
        named = [name for name in options if _names(name, options[name], refusal)]
        if named:
            self._drop(named[0], refusal)
            return True
        if self._request.streaming and not self._turned and _is_about_streaming(refusal):
            self._turn()
            return True
        if refusal.cause in CERTAIN:
            return False
        if refusal.is_about_roles and self._reshape(said):
            return True
        if options:
            self._drop(list(options)[-1], refusal)
            return True
        return bool(self._reshape(said))

    def _drop(self, name: str, refusal: EndpointRefusal) -> None:
        value = self._request.options[name]
        if name == "response_format" and value["type"] == JSON_SCHEMA:
            # Less than a schema is still more than nothing.
            self._request.options[name] = {"type": "json_object"}
            name = JSON_SCHEMA
        else:
            del self._request.options[name]
        if not refusal.is_passing:
            self._dropped.append(name)

    def _reshape(self, said: str) -> bool:
        shape = self._request.next_shape(said)
        if shape is None:
            return False
        self._request.shapes.add(shape)
        self._shapes.append(shape)
        return True

    def _turn(self) -> None:
        """From a stream to one piece, or the other way round."""
        self._turned = True
        self._request.whole = not self._request.whole
        if self._request.whole:
            self._request.options.pop("stream_options", None)

    def _wait(self, error: openai.APIStatusError) -> bool:
        wait = _retry_after(error)
        if self._waited or (wait or 0) > self.longest_wait or self.longest_wait <= 0:
            return False
        self._waited = self.longest_wait <= QUICK_SECONDS
        self.longest_wait -= max(wait or 1.0, 0.5)
        time.sleep(max(wait if wait is not None else 1.0, 0.2))
        return True

    def _remember(self) -> None:
        known = self._known
        known.refused.update(self._dropped)
        known.refused.update(known.suspected.intersection(self._suspected))
        known.suspected.update(self._suspected)
        known.shapes.update(self._shapes)
        if self._turned:
            known.whole_only, known.stream_only = self._request.whole, not self._request.whole


def _in_order(data: list[Any]) -> list[Any]:
    """Vectors in the order of the texts: by their index, where the indices are of any use."""
    indices = [item.get("index") if isinstance(item, Mapping) else None for item in data]
    numbers = [index for index in indices if isinstance(index, int)]
    if sorted(numbers) != list(range(len(data))):
        return data
    return [item for _, item in sorted(zip(numbers, data, strict=True), key=lambda pair: pair[0])]


def _names(name: str, value: Any, refusal: EndpointRefusal) -> bool:
    """Whether a complaint names a parameter."""
    words = list(value) if name == NO_THINKING else [name]
    return any(word in refusal.said or word == refusal.param for word in words)


def _is_about_streaming(refusal: EndpointRefusal) -> bool:
    text = refusal.said.lower()
    return refusal.param == "stream" or ("stream" in text and "stream_options" not in text)


def _refusal(error: openai.APIStatusError) -> EndpointRefusal:
    try:
        body = json.loads(error.response.content)
    except ValueError:
        body = error.response.text
    found = refusal_in(body, error.status_code)
    return found or EndpointRefusal(error.status_code, said=str(error.body or ""))


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds after which the endpoint wants to be asked again, if it says so."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_tls(error: BaseException) -> bool:
    return any(isinstance(cause, ssl.SSLError) for cause in _causes(error)) or (
        "CERTIFICATE_VERIFY" in " ".join(str(cause) for cause in _causes(error))
    )


def _timed_out(error: BaseException) -> bool:
    return any("Timeout" in type(cause).__name__ for cause in _causes(error))


def _is_transport(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in ("httpx2", "httpx", "httpcore", "httpcore2")


def warm_up() -> None:
    """Load the library and what its first request loads; nothing is sent."""
    with openai.OpenAI(
        api_key="none", http_client=openai.DefaultHttpxClient(trust_env=False)
    ) as client:
        _ = client.chat.completions, client.embeddings


def chat_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The endpoint of the chat model that the settings name."""
    return OpenAIEndpoint(
        settings.openai_base_url,
        settings.openai_api_key,
        settings.request_timeout,
        extras=_extras(settings),
    )


def fallback_endpoint(settings: Settings) -> tuple[OpenAIEndpoint, str] | None:
    """The endpoint that answers where the chat's fails, and its model; if there is one."""
    if settings.fallback_base_url is None or settings.fallback_model is None:
        return None
    # Headers and body that somebody added are for the first endpoint.
    extras = Extras(thinking=settings.thinking == "on", ca_file=settings.ca_file)
    endpoint = OpenAIEndpoint(
        settings.fallback_base_url,
        settings.fallback_api_key,
        settings.request_timeout,
        extras=extras,
    )
    return endpoint, settings.fallback_model


def _extras(settings: Settings) -> Extras:
    return Extras(
        headers=settings.extra_headers,
        body=settings.extra_body,
        thinking=settings.thinking == "on",
        ca_file=settings.ca_file,
    )


def _embedding_endpoint(settings: Settings, timeout: float) -> OpenAIEndpoint:
    """The embedding endpoint; without an address of its own, the one of the chat.

    The chat's key only goes to the chat's address.
    """
    extras = Extras(headers=settings.extra_headers, ca_file=settings.ca_file)
    if settings.embedding_base_url in (None, settings.openai_base_url):
        key = settings.embedding_api_key or settings.openai_api_key
        url = settings.openai_base_url
    else:
        key, url = settings.embedding_api_key, settings.embedding_base_url
        extras = Extras(ca_file=settings.ca_file)
    return OpenAIEndpoint(url, key, timeout, extras=extras, part="embedding")


def speech_endpoint(settings: Settings) -> OpenAIEndpoint:
    """The endpoint that hears and speaks; without an address of its own, that of the chat.

    The chat's key only goes to the chat's address.
    """
    extras = Extras(headers=settings.extra_headers, ca_file=settings.ca_file)
    if settings.speech_base_url in (None, settings.openai_base_url):
        key, url = settings.speech_api_key or settings.openai_api_key, settings.openai_base_url
    else:
        key, url = settings.speech_api_key, settings.speech_base_url
        extras = Extras(ca_file=settings.ca_file)
    return OpenAIEndpoint(url, key, settings.request_timeout, extras=extras, part="speech")


class OpenAIEmbedder(EndpointEmbedder):
    """The embedding model that the settings name."""

    def __init__(self, settings: Settings) -> None:
        quick = _embedding_endpoint(settings, min(settings.request_timeout, EMBEDDING_SECONDS))
        patient = _embedding_endpoint(settings, settings.request_timeout)
        profile = patient.profile(settings.embedding_model)
        super().__init__(
            patient,
            settings.embedding_model,
            settings.embedding_dims,
            for_questions=quick,
            batch=profile.embed_batch,
            longest=profile.embed_chars,
        )


def extraction_endpoint(settings: Settings) -> tuple[OpenAIEndpoint, str]:
    """The endpoint and the name of the model that extracts memories."""
    return chat_endpoint(settings), settings.extraction_model or settings.chat_model


def check_connection(
    settings: Settings, parts: Collection[ModelPart] = ALL_PARTS
) -> ConnectionVerdict:
    """Try the models that are configured. Never raises.

    Args:
        settings: With addresses, keys and names.
        parts: Which of them: ``chat``, ``extraction``, ``fallback``, ``embedding``.
    """
    embedding = None
    if settings.embedder == "openai" and "embedding" in parts:
        embedding = _embedding_endpoint(settings, settings.request_timeout)
    return check(
        chat_endpoint(settings) if settings.has_language_model else None,
        settings.chat_model,
        embedding,
        settings.embedding_model,
        settings.embedding_dims,
        settings.extraction_model or "",
        fallback=fallback_endpoint(settings) if "fallback" in parts else None,
        parts=parts,
    )
