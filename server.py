"""ASGI entry: the page and the REST API in one process, over one data folder.

Run it with ``make serve``, or ``python server.py --port 8501``. ``streamlit run
app.py`` stays the page alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from anyio import to_thread

from components import runtime
from components.stopping import end_in_time
from memory.accounts.binding import check_binding
from memory.api.logs import write_json_lines
from memory.api.service import Service
from memory.config import load_settings
from memory.container import Container
from memory.errors import NiannianError


class PageParts:
    """The parts that the page runs on; a reload after saved settings reaches both."""

    def __call__(self) -> Container:
        """The running parts; builds them if they aren't there."""
        return runtime.container()

    def ready(self) -> Container | None:
        """The running parts if they are there."""
        return runtime.ready()


try:
    settings = load_settings(runtime.secrets())
except NiannianError as error:
    sys.exit(str(error))
service = Service(PageParts(), settings)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Logs as JSON lines; the parts start and end with the server."""
    end_in_time(runtime.halt)
    # Only now: uvicorn and Streamlit set up their own logging on the way here.
    write_json_lines(settings)
    async with service.lifespan():
        yield
    await to_thread.run_sync(runtime.reload)


app = st.App(
    Path(__file__).parent / "app.py",
    routes=service.routes,
    middleware=service.middleware,
    lifespan=lifespan,
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Niannian: page and API in one process")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="localhost")
    options = parser.parse_args()
    try:
        check_binding(options.host, settings)
    except NiannianError as error:
        sys.exit(str(error))
    app.run(
        config={
            "server.port": options.port,
            "server.address": options.host,
            # An update on disk must not put two versions of a class into one process.
            "server.fileWatcherType": "none",
        }
    )
