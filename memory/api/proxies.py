"""Trusted proxies: X-Forwarded-For and X-Forwarded-Proto, believed only of those that are named."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_RESOLVED = "niannian.forwarded"
UNPROVEN = "forwarded"
"""The address under which requests are counted that name another one without proof."""


class TrustedProxies:
    """Puts the client's address in place of the proxy's, where the proxy is a named one.

    Args:
        app: What comes next.
        proxies: IP addresses and networks (``10.0.0.0/8``). Anybody can write an
            ``X-Forwarded-For``, so it says something only if it comes from one of these.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._forwarding = ProxyHeadersMiddleware(self._named, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the address that it really came from."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope["niannian.peer"] = scope.get("client")
        await self._forwarding(scope, receive, send)  # type: ignore[arg-type]

    async def _named(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[_RESOLVED] = scope.get("client") != scope.pop("niannian.peer", None)
        await self._app(scope, receive, send)


def counted_address(scope: Scope) -> str:
    """The address under which a request is counted.

    Without a named proxy, whoever sends ``X-Forwarded-For`` is counted together with
    all others who do: a server that was started some other way than ``server.py`` may
    have believed the header before it came here, and a new address for each request
    would get round every limit.
    """
    client = scope.get("client")
    if not scope.get(_RESOLVED) and "x-forwarded-for" in Headers(scope=scope):
        return UNPROVEN
    return client[0] if client else ""
