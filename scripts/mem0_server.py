"""mem0's own server over the data folder: ``python -m scripts.mem0_server --port 8888``.

The API alone, without the page. mem0's routes (``/memories``, ``/search`` …) stand at the
root, everything else of the API where it always is. The app itself answers the same routes
under ``/mem0``, so while it runs this isn't needed, and can't open the folder.
"""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from components.stopping import end_in_time
from memory.api.dependencies import BuiltServices
from memory.api.logs import write_json_lines
from memory.api.mem0_server_routes import AtRoot
from memory.api.service import Service
from memory.auth.binding import check_binding
from memory.container import Container, build
from memory.errors import FolderBusy, NiannianError
from scripts import console


def application(running: Container) -> Starlette:
    """The API with mem0's server at its root."""
    service = Service(BuiltServices(running), running.settings)

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        end_in_time(running.halt)
        write_json_lines(running.settings)
        async with service.lifespan():
            yield

    return Starlette(
        routes=service.routes,
        middleware=[Middleware(AtRoot), *service.middleware],
        lifespan=lifespan,
    )


def main() -> None:
    """Serve until somebody stops it."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.mem0_server",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8888)
    parser.add_argument("--host", default="localhost")
    options = parser.parse_args()
    settings = console.settings()
    try:
        check_binding(options.host, settings)
        running = build(settings)
    except FolderBusy:
        console.fail_with("api.mem0_server_busy", folder=settings.data_dir)
    except NiannianError as error:
        console.fail(error)
    try:
        # Which proxies are believed is a setting (memory/api/proxies.py).
        uvicorn.run(
            application(running),
            host=options.host,
            port=options.port,
            log_config=None,
            proxy_headers=False,
            server_header=False,
        )
    finally:
        running.close()


if __name__ == "__main__":
    main()
