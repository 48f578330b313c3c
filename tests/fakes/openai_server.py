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

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from memory.tokens import estimate
from tests.fakes.openai_answers import answer, embedding

Fault = int | str
"""A status code, or ``hang``, ``garbage``, ``cut``, ``drop``, ``html``, ``error_event``."""


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def prompt(self) -> str:
        """All message texts of a chat request, joined."""
        return "\n".join(str(m.get("content", "")) for m in self.body.get("messages", []))

    @property
    def prompt_tokens(self) -> int:
        return estimate(self.prompt)


@dataclass
class FakeOpenAI:
    """The server. Options say what kind of endpoint it plays."""

    dims: int = 64
    models: Sequence[str] = ("fake-chat", "fake-embedding")
    key: str | None = None
    """If set, other keys get 401."""
    json_mode: bool = True
    """Whether ``response_format`` is accepted."""
    usage_in_stream: bool = True
    """Whether ``stream_options`` is accepted."""
    sized_embeddings: bool = True
    """Whether ``dimensions`` is accepted."""
    delay: float = 0.0
    """Seconds between two pieces of a stream."""
    answer: Callable[[Mapping[str, Any]], str] = answer
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
        handler = type("Handler", (_Handler,), {"fake": self})
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
        if not self.usage_in_stream and "stream_options" in body:
            return "Unknown parameter: 'stream_options'."
        if path.endswith("/embeddings") and not self.sized_embeddings and "dimensions" in body:
            return "This model does not support specifying dimensions."
        return None

    def hang(self) -> None:
        self._stopping.wait(60)


class _Handler(BaseHTTPRequestHandler):
    fake: FakeOpenAI
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Tests read ``requests`` instead of a log."""

    def do_GET(self) -> None:
        self._record({})
        if self._failed({}):
            return
        if self.path.endswith("/models"):
            data = [{"id": name, "object": "model", "created": 0} for name in self.fake.models]
            self._json({"object": "list", "data": data})
        else:
            self._error(404, "no such path")

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        self._record(body)
        if self._failed(body):
            return
        complaint = self.fake.refusal(self.path, body)
        if complaint:
            self._error(400, complaint)
        elif self.path.endswith("/chat/completions"):
            reply = self.fake.take_reply(body)
            if body.get("stream"):
                self._stream(_pieces(reply), body)
            else:
                self._json(self._completion(reply, body))
        elif self.path.endswith("/embeddings"):
            self._embeddings(body)
        else:
            self._error(404, "no such path")

    def _record(self, body: Mapping[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.fake.requests.append(Recorded(self.path, body, headers))

    def _failed(self, body: Mapping[str, Any]) -> bool:
        expected = self.fake.key
        if expected is not None and self.headers.get("authorization") != f"Bearer {expected}":
            self._error(401, "Incorrect API key provided: " + self._given_key())
            return True
        fault = self.fake.take_fault()
        if fault is None:
            return False
        if isinstance(fault, int):
            self._error(fault, f"failing with {fault}, key {self._given_key()}")
        elif fault == "hang":
            self.fake.hang()
        elif fault == "html":
            self._send(200, b"<html><body>502 Bad Gateway</body></html>", "text/html")
        elif fault == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._broken_stream(fault)
        self.close_connection = not isinstance(fault, int)
        return True

    def _given_key(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    # --- answers --------------------------------------------------------------

    def _completion(self, reply: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.get("model"),
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": reply},
                    "finish_reason": "stop",
                }
            ],
            "usage": self._usage(reply, body),
        }

    @staticmethod
    def _usage(reply: str, body: Mapping[str, Any]) -> dict[str, int]:
        prompt = Recorded("", body, {}).prompt_tokens
        said = estimate(reply)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": said,
            "total_tokens": prompt + said,
        }

    def _stream(self, pieces: Iterator[str], body: Mapping[str, Any]) -> None:
        self._stream_head()
        said = []
        try:
            for piece in pieces:
                said.append(piece)
                self._event(_chunk({"content": piece}))
                if self.fake.delay:
                    time.sleep(self.fake.delay)
            self._event(_chunk({}, "stop"))
            if (body.get("stream_options") or {}).get("include_usage"):
                usage = self._usage("".join(said), body)
                self._event({**_chunk({}), "choices": [], "usage": usage})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.fake.aborted.set()
        self.close_connection = True

    def _broken_stream(self, fault: str) -> None:
        self._stream_head()
        for piece in ("你", "好"):
            self._event(_chunk({"content": piece}))
        if fault == "garbage":
            self.wfile.write(b"data: {not json at all\n\ndata: \xff\xfe\n\n")
        elif fault == "error_event":
            self._event({"error": {"message": "overloaded", "type": "server_error"}})
        elif fault == "cut":
            self.wfile.write(b'data: {"id": "chatcmpl-1", "choices": [{"delta": {"con')

    def _stream_head(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()

    def _event(self, value: Mapping[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()

    def _embeddings(self, body: Mapping[str, Any]) -> None:
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        dims = int(body.get("dimensions") or self.fake.dims)
        data = [
            {"object": "embedding", "index": number, "embedding": embedding(str(text), dims)}
            for number, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": sum(estimate(str(t)) for t in texts), "total_tokens": 0}
        self._json({"object": "list", "data": data, "model": body.get("model"), "usage": usage})

    def _error(self, status: int, message: str) -> None:
        error = {"error": {"message": message, "type": "error", "code": None}}
        self._send(status, json.dumps(error).encode(), "application/json")

    def _json(self, value: Mapping[str, Any]) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self._send(200, data, "application/json")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.fake.aborted.set()


def _chunk(delta: Mapping[str, str], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "fake-chat",
        "choices": [{"index": 0, "delta": dict(delta), "finish_reason": finish}],
    }


def _pieces(reply: str) -> Iterator[str]:
    for start in range(0, len(reply), 3):
        yield reply[start : start + 3]
