"""``/api/docs``: the OpenAPI document to read and to try, without anything from the web.

The usual pages (Swagger UI, ReDoc) are fetched from a CDN, and the packages that
bundle them carry megabytes that nobody here maintains. This one is three small files.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, RedirectResponse

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "cache-control": "no-cache"}


@router.get("/docs")
@router.get("/redoc")
@router.get("/api")
def start() -> RedirectResponse:
    """Whoever types the bare address wants to read."""
    return RedirectResponse("/api/docs")


@router.get("/api/docs")
def page() -> FileResponse:
    """The page."""
    return FileResponse(STATIC / "docs.html", headers=HEADERS)


@router.get("/api/docs/docs.css")
def style() -> FileResponse:
    """Its style."""
    return FileResponse(STATIC / "docs.css", media_type="text/css", headers=HEADERS)


@router.get("/api/docs/docs.js")
def script() -> FileResponse:
    """Its script."""
    return FileResponse(STATIC / "docs.js", media_type="text/javascript", headers=HEADERS)
