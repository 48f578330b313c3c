"""HTTP transport of one endpoint, over the openai library. The only file that imports it.

The library takes half a second to import, so that happens at the first request, or in
the background before it (:func:`warm_up`). It makes the requests and reports statuses; the
answers are read elsewhere, because what endpoints really send is more than it can read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from memory.attachments.audio import Recording
from memory.llm.address import Address
from memory.llm.failures import DroppedLineError, RefusedRequestError
from memory.llm.proxies import certificates, proxy_for
from memory.llm.refusals import EndpointRefusal, refusal_in
from memory.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import openai
else:
    openai = LazyModule("openai")

CONNECT_SECONDS = 10.0
_DROPPED = ("RemoteProtocolError", "ReadError", "WriteError")
_VERSION = re.compile(r"/v\d")


@dataclass(frozen=True, slots=True)
class Extras:
    """What a user adds to every request of an endpoint."""

    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    thinking: bool = False
    ca_file: str | None = None


class EndpointTransport:
    """Makes the requests to one base address with one key. Safe to share between threads.

    All methods that make one raise ``RefusedRequestError`` for an error status,
    ``DroppedLineError`` where the line ended before any answer, ``TimeoutError``,
    ``ValueError`` for an answer that isn't JSON, or another ``OSError``.
    """

    def __init__(self, address: Address, key: str, timeout: float, extras: Extras) -> None:
        self._address = address
        self._key = key
        self._timeout = timeout
        self._extras = extras

    @cached_property
    def _client(self) -> openai.OpenAI:
        headers = dict(self._extras.headers)
        if self._address.wants_api_key_header:
            headers["api-key"] = self._key
        url = self._address.url
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

    def chat(self, model: str, body: Mapping[str, Any], *, stream: bool) -> Any:
        """Ask for a reply; the body of the answer isn't read yet."""
        # Given as an argument, the library walks every message and its types, which takes
        # longer than all the rest of a reply; what it would send is the same.
        chat = self._client.chat.completions.with_streaming_response
        whole = {**body, **self._extras.body}
        with _errors():
            asked = chat.create(model=model, messages=(), stream=stream, extra_body=whole)
            return asked.__enter__()

    def embeddings(self, body: Mapping[str, Any]) -> Any:
        """Ask for embeddings; the answer as JSON."""
        with _errors():
            return self._client.post("/embeddings", body=dict(body), cast_to=object)

    def transcript(self, model: str, recording: Recording) -> Any:
        """Ask for what is said in a recording; the answer as JSON."""
        with _errors():
            return self._client.post(
                "/audio/transcriptions",
                body={"model": model, "response_format": "json", "temperature": "0"},
                files=[("file", (recording.name, recording.data, recording.media_type))],
                options={"headers": {"Content-Type": "multipart/form-data"}},
                cast_to=object,
            )

    def speech(self, model: str, text: str, voice: str) -> Any:
        """Ask for ``text`` spoken, as MP3; its bytes, or the JSON of a refusal."""
        with _errors():
            answer = self._client.audio.speech.create(
                model=model, input=text, voice=voice, response_format="mp3"
            )
        kind = answer.response.headers.get("content-type", "audio/")
        if kind.startswith("application/json"):
            return json.loads(answer.content)
        heard = kind.startswith(("audio/", "application/octet", "binary/"))
        return answer.content if heard else b""

    def models(self) -> Any:
        """Ask for the names of models; the answer as JSON."""
        with _errors():
            return self._client.get("/models", cast_to=object)

    @property
    def base(self) -> str:
        """The base address in use."""
        return str(self._client.base_url).rstrip("/")

    @property
    def lacks_version(self) -> bool:
        """Whether the base address names no version, so that ``/v1`` may be missing."""
        return _VERSION.search(urlsplit(self.base).path) is None

    def move(self, location: str, operation: str) -> bool:
        """Go on at the address to which the endpoint moved; whether that may be done.

        The key only goes to the same host, and never from https to http.
        """
        old = urlsplit(self.base)
        new = urlsplit(urljoin(f"{self.base}{operation}", location))
        path = new.path.rstrip("/")
        same = new.hostname == old.hostname and (old.scheme, new.scheme) != ("https", "http")
        if not same or not path.endswith(operation):
            return False
        return self.rebase(f"{new.scheme}://{new.netloc}{path.removesuffix(operation)}")

    def rebase(self, url: str) -> bool:
        """Use another base address from now on; whether it is another."""
        if url.rstrip("/") == self.base:
            return False
        self.__dict__["_client"] = self._client.with_options(base_url=url)
        return True


@contextmanager
def _errors() -> Iterator[None]:
    """The library's errors as the ones that are named above."""
    try:
        yield
    except openai.APIStatusError as error:
        headers = error.response.headers
        raise RefusedRequestError(
            _refusal(error), _retry_after(headers), headers.get("location", "")
        ) from None
    except openai.APITimeoutError:
        raise TimeoutError from None
    except openai.APIConnectionError as error:
        dropped = type(error.__cause__).__name__ in _DROPPED
        raise (DroppedLineError if dropped else ConnectionError)(str(error)) from error
    except openai.APIResponseValidationError as error:
        raise ValueError(str(error)) from None
    except openai.OpenAIError as error:
        raise ConnectionError(str(error)) from error


def _refusal(error: openai.APIStatusError) -> EndpointRefusal:
    try:
        body = json.loads(error.response.content)
    except ValueError:
        body = error.response.text
    found = refusal_in(body, error.status_code)
    return found or EndpointRefusal(error.status_code, said=str(error.body or ""))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds after which the endpoint wants to be asked again: as a number, or a date."""
    with suppress(ValueError):
        return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
    said = headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(said))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    return None


def warm_up() -> None:
    """Load the library and what its first request loads; nothing is sent."""
    with openai.OpenAI(
        api_key="none", http_client=openai.DefaultHttpxClient(trust_env=False)
    ) as client:
        _ = client.chat.completions, client.embeddings
