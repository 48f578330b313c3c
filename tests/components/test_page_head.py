"""Head of the page: its tags are in the HTML, whole, and nothing else is touched."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from components import page_head

PAGE = "<!doctype html><html><head><script src='a.js'></script></head><body>念</body></html>"


async def page(request: Request) -> Response:
    return HTMLResponse(PAGE, headers={"etag": "1"})


async def data(request: Request) -> Response:
    return JSONResponse({"head": "<head>"})


def client() -> TestClient:
    routes = [*page_head.routes(), Route("/data", data), Route("/{rest:path}", page)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(page_head.PageHead)]))


def test_the_tags_stand_before_everything_else() -> None:
    answer = client().get("/memories", headers={"accept": "text/html", "if-none-match": "1"})
    assert answer.status_code == 200
    assert answer.text.index("page_start.js") < answer.text.index("a.js")
    assert "念" in answer.text
    assert "etag" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_nothing_else_is_touched() -> None:
    assert client().get("/data", headers={"accept": "text/html"}).json() == {"head": "<head>"}
    assert client().get("/x", headers={"accept": "*/*"}).text == PAGE


def test_what_the_manifest_names_is_there() -> None:
    found = client()
    manifest = json.loads(found.get("/manifest.webmanifest").text)
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        answer = found.get(icon["src"].removeprefix("."))
        assert answer.headers["content-type"] == icon["type"]
        assert answer.content.startswith(b"\x89PNG")
    for script in ("/page_start.js", "/service-worker.js"):
        assert "javascript" in found.get(script).headers["content-type"]


def test_the_scripts_fetch_nothing_from_elsewhere() -> None:
    folder = Path(page_head.__file__).parent
    for name in (
        "page_start.js",
        "service_worker.js",
        "page_names.js",
        "page_focus.js",
        "page_script.js",
    ):
        assert "://" not in (folder / name).read_text(encoding="utf-8")
