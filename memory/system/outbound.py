"""SSRF guard: requests to addresses that somebody else chose.

A host's name is resolved once; every address that it has must be public, and the request goes
to one that was checked, so that a name that changes its mind in between gains nothing.
Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping

import httpx

from memory.errors import BadInput

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked_address(url: str) -> httpx.URL:
    """An http(s) address as it is stored; its host may turn out to be private later.

    Raises:
        BadInput: ``outbound_address``.
    """
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError):
        raise BadInput(code="outbound_address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise BadInput(code="outbound_address")
    return parsed


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet reaches."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        else:
            ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int, allowed: Callable[[str], bool] = is_public) -> str | None:
    """An IP address of a host; ``None`` if one of those that it has isn't ``allowed``.

    Blocks while the name is resolved.

    Raises:
        OSError: the name can't be resolved.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # an empty label, or one of more than 63 bytes
        raise OSError(f"{host!r} is no host name") from None
    addresses = [str(entry[4][0]) for entry in found]
    return addresses[0] if all(map(allowed, addresses)) else None


def post(
    url: httpx.URL,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float,
    private_allowed: bool = False,
) -> httpx.Response:
    """Send a body to an address that somebody chose.

    Args:
        url: As :func:`checked_address` gave it.
        body: What to send.
        headers: Beside ``Host``.
        timeout: Seconds for each step of it.
        private_allowed: Whether this machine and private networks may be asked.

    Raises:
        BadInput: ``outbound_private``.
        OSError, httpx.HTTPError: there was no answer.
    """
    host = url.host
    port = url.port or (443 if url.scheme == "https" else 80)
    ip = resolve(host, port, (lambda _address: True) if private_allowed else is_public)
    if ip is None:
        raise BadInput(code="outbound_private")
    # No proxy of the environment: it would resolve the name once more.
    with httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout) as client:
        return client.post(
            url.copy_with(host=ip),
            content=body,
            headers={**headers, "Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": host},
        )
