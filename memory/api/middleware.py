"""The outermost layer: an id, a log line and a count for every request; no 5xx by accident.

Pure ASGI, so that streamed answers stream.
"""

from __future__ import annotations

import json
import logging
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from memory import metrics
from memory.api.errors import HTTP_CODES, body, unexpected
from memory.api.paths import MEM0_PREFIXES
from memory.api.request_info import CURRENT, RequestInfo, language_of, request_id
from memory.i18n import catalogue, translate
from memory.types import Language

log = logging.getLogger("niannian.requests")

SERVICE_PATHS = ("/api", "/mcp", "/health", "/metrics", "/info", "/docs", *MEM0_PREFIXES)
HEADER = "x-request-id"


class RequestMiddleware:
    """Wraps the whole server: API, page and WebSockets."""

    def __init__(self, app: ASGIApp, language: Language = "en") -> None:
        self._app = app
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, log and identify one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        info = RequestInfo(
            request_id(headers.get(HEADER, "")),
            language_of(headers.get("accept-language", ""), self._language),
        )
        marked = CURRENT.set(info)
        active = metrics.CONNECTIONS.labels(scope["type"])
        active.inc()
        try:
            if scope["type"] == "http":
                await self._http(scope, receive, send, info)
            else:
                await self._app(scope, receive, send)
        finally:
            active.dec()
            CURRENT.reset(marked)

    async def _http(self, scope: Scope, receive: Receive, send: Send, info: RequestInfo) -> None:
        started, answer = perf_counter(), _SentResponse(send, info, _is_service(scope["path"]))
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if not answer.service:
                raise
            # Whatever it was, the sender gets a sentence and the log a place.
            failed = unexpected(error)
            if not answer.begun:
                await failed(scope, receive, answer)
        finally:
            _record(scope, answer, perf_counter() - started, info)


class _SentResponse:
    """What is sent, with the request's id; errors of outer layers in the API's shape."""

    def __init__(self, send: Send, info: RequestInfo, service: bool) -> None:
        self._send = send
        self._info = info
        self.service = service
        self.status = 0
        self.begun = False
        self._reshaping = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun, self.status = True, message["status"]
            headers = MutableHeaders(scope=message)
            headers[HEADER] = self._info.id
            plain = not headers.get("content-type", "").startswith(("application/json", "text/ev"))
            self._reshaping = self.service and self.status >= 400 and plain
            if self._reshaping:
                await self._reshaped(message, headers)
                return
        elif self._reshaping:
            return
        await self._send(message)

    async def _reshaped(self, message: Message, headers: MutableHeaders) -> None:
        """Send our own sentence instead of a bare "Bad Request"."""
        # The body was never looked at there, so what is wrong is the address.
        code = "address" if self.status == 400 else HTTP_CODES.get(self.status, "http")
        key = "api.http_address" if self.status == 400 else f"api.http_{self.status}"
        language = self._info.language
        sentence = translate(language, key if key in catalogue(language) else "api.http_other")
        content = json.dumps(body(code, sentence), ensure_ascii=False).encode()
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(content))
        del headers["content-encoding"]
        await self._send(message)
        await self._send({"type": "http.response.body", "body": content})


def _record(scope: Scope, answer: _SentResponse, seconds: float, info: RequestInfo) -> None:
    route = _route(scope)
    metrics.REQUESTS.labels(scope["method"][:10], route, str(answer.status)).inc()
    metrics.SECONDS.labels(scope["method"][:10], route).observe(seconds)
    if not answer.service and answer.status < 500:
        return  # the page's many small files would bury everything else
    fields: dict[str, Any] = {
        "event": "request",
        "method": scope["method"][:10],
        "route": route,
        "status": answer.status,
        "ms": round(seconds * 1000, 1),
    }
    if info.user_id:
        fields["user_id"] = info.user_id
    log.info("request", extra=fields)


def _route(scope: Scope) -> str:
    """The route's pattern: a path itself may name somebody."""
    path = getattr(scope.get("route"), "path_format", None)
    if isinstance(path, str) and _is_service(path):
        return path
    return "other" if _is_service(scope["path"]) else "page"


def _is_service(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in SERVICE_PATHS)
