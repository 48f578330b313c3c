"""Endpoints behind a SOCKS proxy, over its real protocol (RFC 1928)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import pytest

from memory.config import Settings
from memory.llm.learned import forget
from memory.llm.openai_client import chat_endpoint
from tests.fakes.openai_server import FakeOpenAI


class SocksProxy(ThreadingTCPServer):
    """Every host that is asked for is the one at ``target``; no authentication."""

    daemon_threads = True

    def __init__(self, target: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.target = target
        self.asked: list[tuple[str, int]] = []


class _Client(BaseRequestHandler):
    def handle(self) -> None:
        server: SocksProxy = self.server  # type: ignore[assignment]
        client: socket.socket = self.request
        _, methods = client.recv(2)
        client.recv(methods)
        client.sendall(b"\x05\x00")
        _, _, _, kind, length = client.recv(5)
        assert kind == 3, "names are looked up by the proxy"
        host = client.recv(length).decode()
        server.asked.append((host, struct.unpack("!H", client.recv(2))[0]))
        with socket.create_connection(server.target) as upstream:
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=_pass_on, args=(upstream, client), daemon=True)
            back.start()
            _pass_on(client, upstream)
            back.join()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:  # the other side hung up
        return


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    forget()
    with FakeOpenAI() as server:
        yield server


@pytest.mark.parametrize("scheme", ["socks5h", "socks"])
def test_an_endpoint_is_reached_through_a_socks_proxy(
    fake: FakeOpenAI, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = urlsplit(fake.url)
    assert at.hostname
    assert at.port
    with SocksProxy((at.hostname, at.port)) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        for name in ("HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.server_address[1]}")
        settings = Settings(openai_base_url="http://models.example/v1", openai_api_key="sk-x")
        endpoint = chat_endpoint(settings)
        said = list(endpoint.stream([{"role": "user", "content": "在吗"}], model="gpt-6-luna"))
        proxy.shutdown()
    assert said
    assert set(proxy.asked) == {("models.example", 80)}
