"""Head of the page and web app manifest: what a browser reads before Streamlit's own files.

Streamlit's ``index.html`` can't be changed, so a few tags are put into its answer: a script
that must run first, and what makes a phone offer to install the page. All of it is served
behind the same guard as the page, and nothing comes from elsewhere.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components import runtime

_HERE = Path(__file__).parent
_ICONS = {"/icon-192.png": 192, "/icon-512.png": 512}
_FILES = {
    "/page_start.js": "page_start.js",
    "/service-worker.js": "service_worker.js",
    **{path: path.removeprefix("/") for path in _ICONS},
}
_TAGS = (
    '<script src="./page_start.js"></script>'
    '<link rel="manifest" href="./manifest.webmanifest">'
    '<link rel="apple-touch-icon" href="./icon-192.png">'
    '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#FBF7F2">'
    '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1C1A19">'
)
_PLACE = b"<head>"
MANIFEST = {
    "name": "念念 Niannian",
    "short_name": "念念",
    "id": "./",
    "start_url": "./",
    "scope": "./",
    "display": "standalone",
    "background_color": "#FBF7F2",
    "theme_color": "#FBF7F2",
    "icons": [
        {"src": f".{path}", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for path, size in _ICONS.items()
        for purpose in ("any", "maskable")
    ],
}


def routes() -> list[Route]:
    """The manifest, its icons and the two scripts."""
    return [
        Route("/manifest.webmanifest", _manifest),
        *(Route(path, _file) for path in _FILES),
    ]


class PageHead:
    """Middleware that puts the tags into the page's HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a page is held back until its head is there."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        # Whole and plain, or there would be nothing to put tags into.
        asked = MutableHeaders(scope=scope)
        for name in ("accept-encoding", "if-none-match", "if-modified-since", "range"):
            del asked[name]
        start: Message | None = None
        body = b""

        async def with_tags(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await _send_page(send, start, body)

        await self._app(scope, receive, with_tags)


async def _send_page(send: Send, start: Message, body: bytes) -> None:
    running = runtime.ready()
    if running is not None:
        # Somebody waits for the scripts and the first run that follow.
        running.warm_up.hold_off()
    body = body.replace(_PLACE, _PLACE + _TAGS.encode(), 1)
    headers = MutableHeaders(scope=start)
    for name in ("etag", "last-modified"):
        del headers[name]
    headers["content-length"] = str(len(body))
    headers["cache-control"] = "no-cache"
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _wants_page(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and html and "content-encoding" not in headers)


async def _manifest(_: Request) -> Response:
    return JSONResponse(MANIFEST, media_type="application/manifest+json")


async def _file(request: Request) -> Response:
    # Asked for again each time: a new version of the program counts at once.
    name = _FILES[request.scope["path"].removeprefix(request.scope.get("root_path", ""))]
    return FileResponse(_HERE / name, headers={"cache-control": "no-cache"})
