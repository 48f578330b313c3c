"""Proxy selection and trusted certificates; requests to this machine take no proxy."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi

from memory.system.loopback import is_loopback


def proxy_for(url: str) -> str | None:
    """The address of the proxy for ``url``; ``None`` for none.

    ``HTTPS_PROXY``, ``HTTP_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` are read, and what the
    system is set to. ``socks://``, which some tools write, is SOCKS 5.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    # Browsers and resolvers keep every name under "localhost" on this machine (RFC 6761).
    if is_loopback(host) or host.endswith(".localhost") or proxy_bypass(host):
        return None
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    if "://" not in proxy:
        return f"http://{proxy}" if proxy else None
    scheme, _, rest = proxy.partition("://")
    return f"socks5://{rest}" if scheme.lower() == "socks" else proxy


def certificates(ca_file: str | None) -> ssl.SSLContext:
    """What TLS trusts: the usual authorities, and a file of one's own.

    Args:
        ca_file: Certificates in PEM; else what ``SSL_CERT_FILE`` names.

    Raises:
        OSError: the file can't be read.
    """
    return _context(ca_file or os.environ.get("SSL_CERT_FILE"))


@lru_cache(maxsize=4)
def _context(ca_file: str | None) -> ssl.SSLContext:
    # Once for all endpoints: reading the authorities takes longer than a request.
    context = ssl.create_default_context(cafile=certifi.where())
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context
