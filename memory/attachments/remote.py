"""Remote files: what an address on the public internet holds, and never one of a private network.

The name is resolved here and the connection goes to the very address that was checked, so
that a name server can't answer differently the second time (DNS rebinding). Each redirect
is checked like the first address.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from memory.errors import BadInput
from memory.system.outbound import is_public, resolve

MOST_REDIRECTS = 3
SECONDS = 15.0
"""For all of it; a server that sends a byte now and then is left, too."""

_CHUNK = 65_536
_MOVED = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file from an address: its bytes and the name in the address."""

    name: str
    data: bytes


def fetch(
    url: str,
    most_bytes: int,
    *,
    allowed: Callable[[str], bool] = is_public,
    context: ssl.SSLContext | None = None,
) -> RemoteFile:
    """The file at an http(s) address.

    Args:
        url: The address.
        most_bytes: A larger file is left.
        allowed: Which IP addresses may be connected to.
        context: Which certificates are trusted; the system's by default.

    Raises:
        BadInput: ``address_unusable``, ``address_private``, ``address_unreachable``,
            ``address_refused`` (with ``status``), ``address_too_big``, ``address_slow``.
    """
    until = time.monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        parts = _checked(url)
        host = parts.hostname or ""
        ip = _address_of(host, _port(parts), allowed)
        connection = _connection(parts, ip, until, context)
        # Reading has a limit for each piece only; this ends a server that sends byte by byte.
        ending = threading.Timer(until - time.monotonic(), _hang_up, [connection.sock])
        ending.start()
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"Accept": "*/*", "User-Agent": "niannian"})
            response = connection.getresponse()
            moved = response.headers.get("location")
            if response.status in _MOVED and moved:
                url = urljoin(url, moved)
                continue
            if response.status != 200:
                raise BadInput(code="address_refused", host=host, status=response.status)
            data = _body(response, most_bytes, until, host)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, TimeoutError) or time.monotonic() >= until:
                raise BadInput(code="address_slow", host=host, seconds=round(SECONDS)) from None
            raise BadInput(code="address_unreachable", host=host) from None
        finally:
            ending.cancel()
            connection.close()
        return RemoteFile(unquote(parts.path.rpartition("/")[2]) or host, data)
    raise BadInput(code="address_unreachable", host=urlsplit(url).hostname or "")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError:
        raise BadInput(code="address_unusable") from None
    printable = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in _PORTS or not parts.hostname or parts.username or not printable:
        raise BadInput(code="address_unusable")
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 0)


def _address_of(host: str, port: int, allowed: Callable[[str], bool]) -> str:
    """An address of ``host``; each one that it has must be allowed."""
    try:
        ip = resolve(host, port, allowed)
    except OSError:
        raise BadInput(code="address_unreachable", host=host) from None
    if ip is None:
        raise BadInput(code="address_private", host=host)
    return ip


def _connection(
    parts: SplitResult, ip: str, until: float, context: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    """A connection for ``parts`` whose socket leads to ``ip``."""
    left = max(0.1, until - time.monotonic())
    host, port = parts.hostname or "", _port(parts)
    try:
        plain = socket.create_connection((ip, port), timeout=left)
    except TimeoutError:
        raise BadInput(code="address_slow", host=host, seconds=round(SECONDS)) from None
    except OSError:
        raise BadInput(code="address_unreachable", host=host) from None
    connection = http.client.HTTPConnection(host, port, timeout=left)
    try:
        connection.sock = (
            (context or ssl.create_default_context()).wrap_socket(plain, server_hostname=host)
            if parts.scheme == "https"
            else plain
        )
    except (OSError, ValueError):
        plain.close()
        raise BadInput(code="address_unreachable", host=host) from None
    return connection


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse, most_bytes: int, until: float, host: str) -> bytes:
    said = response.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said[:20]) > most_bytes:
        raise BadInput(code="address_too_big", host=host, limit=most_bytes // 1024**2)
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise BadInput(code="address_too_big", host=host, limit=most_bytes // 1024**2)
        chunks.append(chunk)
    if time.monotonic() >= until:
        # What was hung up looks like the end of a file without a length.
        raise TimeoutError
    return b"".join(chunks)
