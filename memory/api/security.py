"""Request guard and security headers: who may address this server, from where, how often
and with how much, and what a browser is told about the answers.

Pure ASGI, so that streamed answers stream. One list serves the page and the API:

    st.App("app.py", routes=…, middleware=middlewares(settings))

In local mode neither page nor API needs a token, so they must not be open to web pages
that are shown by a browser on this machine: other ``Host`` names (DNS rebinding), other
machines, and requests that another site's page makes are refused. Another port of this
machine is another site.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from memory.api.paths import MEM0_PREFIXES
from memory.api.proxies import TrustedProxies, counted_address
from memory.api.rate_limit import RateLimits, SocketLimits
from memory.api.rejections import Refusal, refuse
from memory.config import Settings
from memory.system.loopback import is_address, is_loopback

API_PREFIXES = ("/api", "/mcp", *MEM0_PREFIXES)
# Read by programs as well, though not counted: probes and Prometheus ask often.
PROBED = ("/health", "/metrics", "/info", "/docs")
# Streamlit's, set at the sign-in.
SIGN_IN_COOKIE = "_streamlit_user"
# A file of years of conversations is larger than any other request, and messages may have
# documents, photos and recordings in them.
SIZE_FACTORS = {
    "/api/memory/import": 50,
    "/v1/memories": 30,
    "/v3/memories/add": 30,
    "/memories": 30,
    "/mem0/memories": 30,
    "/api/chat/audio": 30,
}
PAGE_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), payment=(), usb=()",
    # Nothing is fetched from elsewhere, so that no picture in a reply can carry
    # what was said to another server. Streamlit needs inline styles and, for
    # charts, functions made from text.
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            # The page's own socket; older browsers don't take 'self' for it.
            "connect-src 'self' ws://{host} wss://{host} data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "frame-ancestors 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
        )
    ),
}
API_HEADERS = {
    **PAGE_HEADERS,
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
HSTS = "max-age=31536000"
# A name or an address with a port, and nothing that a lax reader could take for more:
# "evil.example@localhost" is localhost to some.
_HOST = re.compile(
    r"(?P<host>\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::[0-9]{1,5})?", re.IGNORECASE
)


def middlewares(settings: Settings) -> list[Middleware]:
    """For ``st.App`` or ``FastAPI``: the outermost first."""
    stack = [Middleware(Guard, settings=settings)]
    if settings.cors_origins:
        # Outside the guard: an allowed page must be able to read why it was refused.
        stack.insert(0, Middleware(ApiCors, origins=settings.cors_origins))
    if settings.trusted_proxies:
        stack.insert(0, Middleware(TrustedProxies, proxies=settings.trusted_proxies))
    return stack


class ApiCors:
    """Answers to other origins' pages, for the API's paths alone.

    What a browser asks beforehand (a preflight) is answered here. It grants nothing
    that the settings don't, and what follows is checked by :class:`Guard` as ever.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)
        # Tokens go in a header that a page sets itself; cookies are never taken.
        self._cors = CORSMiddleware(
            app,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=["Content-Disposition", "Retry-After", "X-Request-ID"],
            max_age=600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with CORS where an allowed page calls the API."""
        # Whoever isn't allowed is left to the guard, which says so in the API's form.
        api = scope["type"] == "http" and _is_api(scope)
        if api and Headers(scope=scope).get("origin") in self._origins:
            await self._cors(scope, receive, _adding(send, scope, API_HEADERS))
        else:
            await self._app(scope, receive, send)


class Guard:
    """Hosts, origins, rates and sizes, before anything else sees the request."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._local = settings.accounts == "local"
        self._hosts = tuple(host.lower() for host in settings.allowed_hosts)
        self._origins = frozenset(settings.cors_origins)
        self._bytes = settings.max_body_bytes
        limit = settings.rate_limit
        self._limits = RateLimits((0 if self._local else 600) if limit is None else limit)
        connections, messages = settings.socket_connections, settings.socket_messages
        self._sockets = SocketLimits(
            (0 if self._local else 50) if connections is None else connections,
            (0 if self._local else 1200) if messages is None else messages,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it with a sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers, api = Headers(scope=scope), _is_api(scope)
        service = api or _is_below(scope, PROBED)
        host = _host_of(headers.getlist("host"))
        with_headers = _adding(send, scope, API_HEADERS if service else _page_headers(headers))
        refusal = self._refusal(scope, headers, host, api=api, service=service)
        if refusal is not None:
            await refuse(scope, receive, with_headers, refusal)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, with_headers, headers)
        elif api:
            await self._sized(scope, receive, with_headers, headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(
        self, scope: Scope, headers: Headers, host: str | None, *, api: bool, service: bool
    ) -> Refusal | None:
        if not self._host_allowed(host):
            return Refusal(400, "host", "This server isn't addressed by that host name.")
        client = scope.get("client")
        if self._local and client and _is_foreign(client[0]):
            return Refusal(403, "remote", "Without accounts only this machine is answered.")
        if not self._origin_allowed(scope, headers, api=api, service=service):
            return Refusal(403, "origin", "Pages of other sites may not call this server.")
        if not api:
            return None
        wait = self._limits.seconds_to_wait(counted_address(scope), _bearer(headers))
        if wait:
            return Refusal(
                429,
                "rate_limited",
                f"Too many requests; try again in {wait} s.",
                {"retry-after": str(wait)},
            )
        return None

    def _host_allowed(self, host: str | None) -> bool:
        if host is None:
            return False
        if not self._hosts and not self._local:
            return True
        return (
            is_loopback(host)
            or host in self._hosts
            or "*" in self._hosts
            or any(host.endswith(name[1:]) for name in self._hosts if name.startswith("*."))
        )

    def _origin_allowed(self, scope: Scope, headers: Headers, *, api: bool, service: bool) -> bool:
        origins = headers.getlist("origin")
        if not origins:
            foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
            # A link on another site may lead to the page, though into no frame of its own.
            return not foreign or (not service and _is_visit(scope, headers))
        if len(origins) > 1:
            return False
        return _is_own(origins[0], scope, headers) or (api and origins[0] in self._origins)

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """The page's socket, as long as neither it nor its like are too many."""
        address, user = counted_address(scope), _signed_in(headers)
        wait = self._sockets.enter(address, user)
        if wait:
            sentence = f"Too many connections; try again in {wait} s."
            await refuse(scope, receive, send, Refusal(429, "rate_limited", sentence))
            return

        async def counted() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and self._sockets.message(address, user):
                # The page opens another one, and is let in when its minute is over.
                await send({"type": "websocket.close", "code": 1008, "reason": "rate_limited"})
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        try:
            await self._app(scope, counted, send)
        finally:
            self._sockets.leave(address, user)

    async def _sized(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        most = self._bytes * SIZE_FACTORS.get(scope["path"].rstrip("/"), 1)
        too_large = Refusal(413, "too_large", f"A request may have at most {most} bytes.")
        said = headers.get("content-length", "0")
        if not said.isascii() or not said.isdigit():
            await refuse(scope, receive, send, Refusal(400, "length", "Content-Length is wrong."))
            return
        if int(said[:20]) > most:
            await refuse(scope, receive, send, too_large)
            return
        seen, over, begun = 0, False, False

        async def counted() -> Message:
            nonlocal seen, over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                # Whoever reads on is told that nobody is there any more.
                over = True
                return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            nonlocal begun
            if over and not begun:
                return
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, guarded)
        except Exception:
            if not over or begun:
                raise
        if over and not begun:
            await refuse(scope, receive, send, too_large)


def _is_api(scope: Scope) -> bool:
    return _is_below(scope, API_PREFIXES)


def _is_below(scope: Scope, prefixes: Sequence[str]) -> bool:
    path = scope["path"]
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in prefixes)


def _host_of(given: Sequence[str]) -> str | None:
    """The name in a ``Host`` header without its port; None if it isn't one."""
    match = _HOST.fullmatch(given[0]) if len(given) == 1 else None
    return match["host"].strip("[]").lower() if match else None


def _is_own(origin: str, scope: Scope, headers: Headers) -> bool:
    """Whether an ``Origin`` is this server as it was addressed, port included."""
    scheme, _, rest = origin.partition("://")
    # Behind a proxy that adds TLS, "http" may be "https" outside; never the other way.
    schemes = ("https",) if scope.get("scheme") in ("https", "wss") else ("http", "https")
    # Exactly, as Streamlit compares too: for anything else it would ask another
    # server under which address this one is known outside.
    return scheme in schemes and rest == headers.get("host")


def _is_visit(scope: Scope, headers: Headers) -> bool:
    """Whether somebody opens the page in a tab, be it from another site."""
    return (
        scope["type"] == "http"
        and scope["method"] in ("GET", "HEAD")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") in (None, "document")
    )


def _page_headers(headers: Headers) -> dict[str, str]:
    host = headers.get("host", "")
    if _host_of([host]) is None:
        host = "localhost"
    policy = PAGE_HEADERS["content-security-policy"].replace("{host}", host)
    return {**PAGE_HEADERS, "content-security-policy": policy}


def _is_foreign(client: str) -> bool:
    # In tests and behind a Unix socket the client has no address at all.
    return is_address(client) and not is_loopback(client)


def _bearer(headers: Headers) -> str | None:
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    if not secret:
        scheme, secret = "token", headers.get("x-api-key", "")
    if scheme.lower() not in ("bearer", "token") or not secret:
        return None
    # A digest: what counts requests needn't know tokens.
    return hashlib.sha256(secret.encode("latin-1", "replace")).hexdigest()


def _signed_in(headers: Headers) -> str | None:
    """A digest of the cookie that says who is signed in; Streamlit checks whether it is true."""
    cookie = cookie_parser(headers.get("cookie", "")).get(SIGN_IN_COOKIE)
    return hashlib.sha256(cookie.encode("latin-1", "replace")).hexdigest() if cookie else None


def _adding(send: Send, scope: Scope, extra: dict[str, str]) -> Send:
    added: Iterable[tuple[str, str]] = extra.items()
    if scope.get("scheme") in ("https", "wss"):
        added = (*added, ("strict-transport-security", HSTS))

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added:
                headers.setdefault(name, value)
        await send(message)

    return sending
