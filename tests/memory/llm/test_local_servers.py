"""Model servers on this machine, played by servers on free ports."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any

import pytest

from memory.llm.local_servers import FRESH_SECONDS, LocalServers, UsualPort

MODELS = {
    "/v1/models": {
        "data": [
            {"id": "bge-m3", "owned_by": "library"},
            {"id": "qwen3:8b", "owned_by": "library"},
            {"id": "gemma3", "owned_by": "library"},
        ]
    }
}
OLLAMA = {**MODELS, "/api/version": {"version": "0.9.1"}}


class Served:
    def __init__(self, pages: Mapping[str, Any]) -> None:
        seen = self.seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                seen.append(self.path)
                page = pages.get(self.path)
                body = page if isinstance(page, bytes) else json.dumps(page).encode()
                self.send_response(404 if page is None else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def serve() -> Iterator[Any]:
    running: list[Served] = []

    def start(pages: Mapping[str, Any]) -> Served:
        running.append(Served(pages))
        return running[-1]

    yield start
    for one in running:
        one.server.shutdown()
        one.server.server_close()


def ollama(port: int) -> UsualPort:
    return UsualPort("ollama", "Ollama", port, proof=("/api/version", "version"))


def test_a_server_is_found_with_the_models_that_can_chat(serve: Any) -> None:
    port = serve(OLLAMA).port
    [found] = LocalServers([ollama(port)]).wait()
    assert (found.name, found.url) == ("Ollama", f"http://127.0.0.1:{port}/v1")
    assert found.models == ("qwen3:8b", "gemma3")


@pytest.mark.parametrize(
    "pages", [MODELS, {"/api/version": {"version": "1"}}, {"/api/version": b"<html>", **MODELS}]
)
def test_what_is_something_else_is_not_offered(serve: Any, pages: Mapping[str, Any]) -> None:
    assert LocalServers([ollama(serve(pages).port)]).wait() == ()


def test_a_port_that_many_use_needs_the_right_owner(serve: Any) -> None:
    other = serve(MODELS).port
    mine = serve({"/v1/models": {"data": [{"id": "m.gguf", "owned_by": "llamacpp"}]}}).port
    ports = [UsualPort("llamacpp", "llama.cpp", port, owner="llamacpp") for port in (other, mine)]
    assert [found.models for found in LocalServers(ports).wait()] == [("m.gguf",)]


def test_asking_never_waits_for_a_port_that_is_silent() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        servers = LocalServers([ollama(silent.getsockname()[1])])
        began = monotonic()
        assert servers.current() == ()
        assert monotonic() - began < 0.2
        assert not servers.looked
        assert servers.wait() == ()
        assert servers.looked


def test_a_look_is_repeated_when_it_has_grown_old(serve: Any) -> None:
    served, now = serve(OLLAMA), [100.0]
    servers = LocalServers([ollama(served.port)], clock=lambda: now[0])
    servers.wait()
    asked = len(served.seen)
    servers.current()
    assert len(served.seen) == asked
    now[0] += FRESH_SECONDS + 1
    servers.wait()
    assert len(served.seen) == 2 * asked
