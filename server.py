"""ASGI entry: the UI (and, as it grows, the REST API) in one process.

Run it with ``make serve``, or ``python server.py --port 8501``. ``streamlit run
app.py`` stays the UI alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def health(_: Request) -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


app = st.App(Path(__file__).parent / "app.py", routes=[Route("/health", health)])

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Niannian: UI and API in one process")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="localhost")
    options = parser.parse_args()
    app.run(config={"server.port": options.port, "server.address": options.host})
