"""A local HTTP server that speaks the OpenAI wire format.

The most honest double of an endpoint: real sockets, real server-sent events,
real status codes. Use it as a context manager::

    with FakeOpenAI() as server:
        server.say("你好")                 # the next reply
        server.fail(429)                   # the next request fails
        settings = load_settings(openai_base_url=server.url, openai_api_key="k")
        ...
        assert server.requests[0].body["temperature"] == 0

Without queued replies it answers by itself (``tests.fakes.openai_answers``):
an extraction prompt with realistic memories, anything else with a short echo.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.fakes.openai_answers import answer, embedding
from tests.fakes.openai_wire import Handler, Recorded

Fault = int | tuple[int, str] | str
"""A status code, one with the words to it, or ``hang``, ``garbage``, ``cut``, ``drop``, ``html``, ``error_event``."""


@dataclass
class FakeOpenAI:
    """The server. Options say what kind of endpoint it plays."""

    dims: int = 64
    models: Sequence[str] = ("fake-chat", "fake-embedding")
    key: str | None = None
    """If set, other keys get 401."""
    json_mode: bool = True
    """Whether ``response_format`` is accepted."""
    json_schema: bool = True
    """Whether ``response_format`` may be a schema."""
    longest_chat: int | None = None
    """Characters that all messages of a request may have together."""
    usage_in_stream: bool = True
    """Whether ``stream_options`` is accepted."""
    sees: bool = True
    """Whether messages may hold pictures."""
    heard: str = "我对花生过敏。"
    """What is said in every recording."""
    spoken: bytes = b"ID3" + bytes(2000)
    """What every text sounds like."""
    sized_embeddings: bool = True
    """Whether ``dimensions`` is accepted."""
    most_texts: int | None = None
    """Texts that one request for embeddings may have."""
    longest_text: int | None = None
    """Characters that a text to embed may have."""
    refused_text: str = ""
    """A text to embed with this in it is refused, with ``refused_status``."""
    refused_status: int = 500
    input_types: bool = False
    """Whether a text to embed has to be told for a question or for what is searched."""
    bare_texts: bool = False
    """Whether a text to embed has to stand by itself, in no list."""
    embedding_order: str = ""
    """``reversed``, or with ``zero`` or ``none`` as index, or ``base64``."""
    retry_after: float | None = None
    """Seconds that a fault asks to be waited for."""
    thoughts: str = ""
    """What is thought before each reply, in a field of its own."""
    finish: str | None = "stop"
    """The reason why a reply ends; ``None`` leaves it out."""
    content_parts: bool = False
    """Whether content is a list of parts."""
    calls: bool = False
    """Whether each piece of a reply goes to a function that nobody offered."""
    streams: bool = True
    """Whether ``stream`` is accepted."""
    part_lists: bool = False
    """Whether what is said has to stand in a list of parts."""
    roles: str = ""
    """``alternate``: the user begins and roles take turns; ``no_system``: no such role."""
    comments: float = 0.0
    """Seconds for which nothing but comments come, before a stream."""
    fail_models: bool = True
    """Whether faults hit the list of models too."""
    ollama: bool = False
    """Whether it can be told for an Ollama."""
    delay: float = 0.0
    """Seconds between two pieces of a stream."""
    answer: Callable[[Mapping[str, Any]], str] = answer
    embed: Callable[[str, int], list[float]] = embedding
    requests: list[Recorded] = field(default_factory=list)
    aborted: threading.Event = field(default_factory=threading.Event)
    """Set once a client hung up in the middle of a stream."""
    port: int = 0
    _replies: deque[str] = field(default_factory=deque)
    _faults: deque[Fault] = field(default_factory=deque)
    _always: Fault | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def say(self, *replies: str) -> None:
        """Queue chat replies; each is given once, in order."""
        self._replies.extend(replies)

    def fail(self, *faults: Fault, always: bool = False) -> None:
        """Let the next requests fail, or all of them until :meth:`heal`."""
        if always:
            self._always = faults[0]
        else:
            self._faults.extend(faults)

    def heal(self) -> None:
        """Forget all faults."""
        self._always = None
        self._faults.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def chats(self) -> list[Recorded]:
        """The chat requests so far."""
        return [r for r in self.requests if r.path.endswith("/chat/completions")]

    def start(self) -> FakeOpenAI:
        """Listen on a free port of the loopback."""
        handler = type("Handler", (Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; hanging requests are let go."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> FakeOpenAI:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # --- called by the handler ------------------------------------------------

    def take_fault(self) -> Fault | None:
        if self._always is not None:
            return self._always
        return self._faults.popleft() if self._faults else None

    def take_reply(self, body: Mapping[str, Any]) -> str:
        return self._replies.popleft() if self._replies else self.answer(body)

    def refusal(self, path: str, body: Mapping[str, Any]) -> str | None:
        """Which parameter this endpoint doesn't know, as real ones complain."""
        if not self.json_mode and "response_format" in body:
            return "Unknown parameter: 'response_format'."
        form = body.get("response_format") or {}
        if not self.json_schema and form.get("type") == "json_schema":
            return "Invalid parameter: 'response_format' of type 'json_schema' is not supported."
        said = sum(len(str(m["content"])) for m in body.get("messages", ()))
        if self.longest_chat is not None and said > self.longest_chat:
            return "This model's maximum context length is exceeded; reduce the length."
        if not self.usage_in_stream and "stream_options" in body:
            return "Unknown parameter: 'stream_options'."
        parts = [
            p
            for m in body.get("messages", ())
            if isinstance(m["content"], list)
            for p in m["content"]
        ]
        if not self.sees and any(part["type"] == "image_url" for part in parts):
            return "Invalid content type. image_url is only supported by certain models."
        if path.endswith("/chat/completions") and not self.streams and body.get("stream"):
            return "Your organization must be verified to stream this model."
        if self.part_lists and any(isinstance(m["content"], str) for m in body["messages"]):
            return "messages.0.content: Input should be a valid list"
        roles = [m["role"] for m in body.get("messages", ())]
        if self.roles == "no_system" and "system" in roles:
            return "System role not supported"
        spoken = [role for role in roles if role != "system"]
        if self.roles == "alternate" and spoken != (["user", "assistant"] * 99)[: len(spoken)]:
            return "Conversation roles must alternate user/assistant/user/assistant/..."
        texts = body.get("input") or ()
        if self.most_texts is not None and len(texts) > self.most_texts:
            return f"batch size is invalid, it should not be larger than {self.most_texts}"
        if texts and self.input_types and "input_type" not in body:
            return "'input_type' parameter is required for asymmetric models"
        if self.bare_texts and isinstance(texts, list):
            return "input should be a valid string"
        if self.longest_text is not None and any(len(t) > self.longest_text for t in texts):
            return "input is too long: must have less than 512 tokens"
        if path.endswith("/embeddings") and not self.sized_embeddings and "dimensions" in body:
            return "This model does not support specifying dimensions."
        return None

    def hang(self) -> None:
        self._stopping.wait(60)
