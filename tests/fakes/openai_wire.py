"""The wire format of the fake endpoint: JSON, server-sent events, broken replies."""

from __future__ import annotations

import json
import socket
import struct
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from memory.nlp.tokens import estimate

if TYPE_CHECKING:
    from tests.fakes.openai_server import FakeOpenAI


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


class Handler(BaseHTTPRequestHandler):
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
        elif self.fake.ollama and self.path == "/api/version":
            self._json({"version": "0.20.1"})
        else:
            self._error(404, "no such path")

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        raw = self.rfile.read(length)
        kind = self.headers.get("content-type", "")
        body = _form(kind, raw) if kind.startswith("multipart/") else json.loads(raw or b"{}")
        self._record(body)
        if self._failed(body):
            return
        path = self.path.partition("?")[0]
        complaint = self.fake.refusal(path, body)
        if not path.startswith(("/v1/", "/openai/")):
            self._error(404, "no such path")
        elif complaint:
            self._error(400, complaint)
        elif path.endswith("/chat/completions"):
            reply = self.fake.take_reply(body)
            if body.get("stream"):
                self._stream(_pieces(reply), body)
            else:
                self._json(self._completion(reply, body))
        elif path.endswith("/embeddings"):
            self._embeddings(body)
        elif path.endswith("/audio/transcriptions") and isinstance(body.get("file"), bytes):
            self._json({"text": self.fake.heard, "usage": {"type": "duration", "seconds": 3}})
        elif path.endswith("/audio/speech") and body.get("input") and body.get("voice"):
            self._send(200, self.fake.spoken, "audio/mpeg")
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
        if self.path.endswith("/models") and not self.fake.fail_models:
            return False
        fault = self.fake.take_fault()
        if fault is None:
            return False
        if isinstance(fault, int):
            self._error(fault, f"failing with {fault}, key {self._given_key()}")
        elif isinstance(fault, tuple):
            self._error(*fault)
        elif fault == "hang":
            self.fake.hang()
        elif fault == "html":
            self._send(200, b"<html><body>502 Bad Gateway</body></html>", "text/html")
        elif fault == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._broken_stream(fault)
        self.close_connection = isinstance(fault, str)
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
                    "message": {"role": "assistant", **self._content(reply), **self._thoughts()},
                    "finish_reason": self.fake.finish,
                }
            ],
            "usage": self._usage(reply, body),
        }

    def _content(self, text: str) -> dict[str, Any]:
        if self.fake.calls:
            function = {"name": "recall", "arguments": text}
            call = {"index": 0, "id": "1", "type": "function", "function": function}
            return {"content": None, "tool_calls": [call]}
        if self.fake.content_parts:
            return {"content": [{"type": "text", "text": text}]}
        return {"content": text}

    def _thoughts(self) -> dict[str, Any]:
        return {"reasoning_content": self.fake.thoughts} if self.fake.thoughts else {}

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
            until = time.monotonic() + self.fake.comments
            while time.monotonic() < until:
                self.wfile.write(b": keep-alive\n\n")
                self.wfile.flush()
                time.sleep(0.05)
            for thought in _pieces(self.fake.thoughts):
                self._event(_chunk({"content": None, "reasoning_content": thought}))
            for piece in pieces:
                said.append(piece)
                self._event(_chunk(self._content(piece)))
                if self.fake.delay:
                    time.sleep(self.fake.delay)
            if self.fake.finish is not None:
                self._event(_chunk({}, self.fake.finish))
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
        if self.fake.refused_text and any(self.fake.refused_text in str(t) for t in texts):
            self._error(self.fake.refused_status, "failed to encode response")
            return
        dims = int(body.get("dimensions") or self.fake.dims)
        data: list[dict[str, Any]] = [
            {"object": "embedding", "index": number, "embedding": self.fake.embed(str(text), dims)}
            for number, text in enumerate(texts)
        ]
        order = self.fake.embedding_order
        if order == "reversed":
            data.reverse()
        for item in data:
            if order == "zero":
                item["index"] = 0
            elif order == "none":
                del item["index"]
            elif order == "base64":
                packed = struct.pack(f"<{dims}f", *item["embedding"])
                item["embedding"] = b64encode(packed).decode()
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
            if status != 200 and self.fake.retry_after is not None:
                self.send_header("retry-after", str(self.fake.retry_after))
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.fake.aborted.set()


def _form(kind: str, raw: bytes) -> dict[str, Any]:
    """A multipart form: files as bytes, all else as text."""
    message = BytesParser().parsebytes(f"content-type: {kind}\r\n\r\n".encode() + raw)
    found: dict[str, Any] = {}
    for part in message.walk():
        if part.is_multipart():
            continue
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        found[name] = data if part.get_filename() else data.decode()
    return found


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
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
