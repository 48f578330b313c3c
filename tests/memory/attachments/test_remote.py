"""Addresses: only public ones, checked after each look-up and at each redirect."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from memory.attachments import remote
from memory.attachments.remote import fetch
from memory.errors import BadInput
from memory.system.outbound import is_public

HERE = "127.0.0.1"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(200):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 3000)
        elif self.path == "/a%20b.txt":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")
        else:
            self.send_error(404)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer((HERE, 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://{HERE}:{server.server_address[1]}"
    server.shutdown()


def get(url: str, most: int = 1000) -> remote.RemoteFile:
    """As if this machine's own address were a public one."""
    return fetch(url, most, allowed=lambda address: address == HERE)


def refused(url: str, **named: int) -> str:
    with pytest.raises(BadInput) as raised:
        get(url, **named)
    return raised.value.code


def test_a_file_and_its_name(site: str) -> None:
    found = get(f"{site}/a%20b.txt")
    assert (found.name, found.data) == ("a b.txt", b"hello")
    assert get(f"{site}/to//a%20b.txt").data == b"hello"


def test_what_goes_wrong_is_told_apart(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(f"{site}/none") == "address_refused"
    assert refused(f"{site}/large") == "address_too_big"
    assert refused(f"{site}/to/{site}/to/{site}/to/{site}/to/x") == "address_unreachable"
    assert refused(f"{site}/to/file:///etc/passwd") == "address_unusable"
    assert refused(f"http://{HERE}:1/") == "address_unreachable"
    assert refused("http://user:pw@example.org/") == "address_unusable"
    assert refused("http://exa mple.org/") == "address_unusable"
    monkeypatch.setattr(remote, "SECONDS", 0.4)
    started = time.monotonic()
    assert refused(f"{site}/slow") == "address_slow"
    assert time.monotonic() - started < 5


def test_a_redirect_into_the_private_network_is_refused(site: str) -> None:
    # Another name of this machine, which isn't the one address that is allowed.
    assert refused(f"{site}/to/http://[::1]:80/x") == "address_private"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://localhost/x",
        "http://[::1]/x",
        "http://[::ffff:10.0.0.1]/x",
        "http://10.1.2.3/x",
        "http://192.168.0.1/x",
        "http://169.254.169.254/latest/meta-data",
        "http://0/x",
        "http://2130706433/x",
        "http://100.64.0.1/x",
    ],
)
def test_private_addresses_are_never_fetched(url: str) -> None:
    with pytest.raises(BadInput) as raised:
        fetch(url, 1000)
    assert raised.value.code == "address_private"


def test_public_addresses() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert not is_public("2002:7f00:1::")
    assert not is_public("224.0.0.1")
