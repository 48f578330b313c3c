"""ASGI application: its routes, middleware and lifespan."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware

from components import page_head, runtime
from components.stopping import end_in_time
from memory.api.logs import write_json_lines
from memory.api.service import Service
from memory.config import Settings, default_settings, load_settings
from memory.container import Container
from memory.errors import NiannianError

log = logging.getLogger(__name__)


class PageParts:
    """The parts that the page runs on; a reload after saved settings reaches both."""

    def __call__(self) -> Container:
        """The running parts; builds them if they aren't there."""
        return runtime.container()

    def ready(self) -> Container | None:
        """The running parts if they are there."""
        return runtime.ready()


def parts() -> dict[str, Any]:
    """Arguments for ``st.App``: ``routes``, ``middleware`` and ``lifespan``.

    Settings that can't be read don't stop the server here, because the page says what
    is wrong with them. Until it is put right, only this machine is answered.
    """
    settings = _settings()
    service = Service(PageParts(), settings)

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        # Only now: uvicorn and Streamlit set up their own handlers and logging on the way here.
        end_in_time(runtime.halt)
        write_json_lines(settings)
        async with service.lifespan():
            yield
        await to_thread.run_sync(runtime.reload)

    return {
        "routes": [*page_head.routes(), *service.routes],
        # Inside of the guard, which decides who is answered.
        "middleware": [*service.middleware, Middleware(page_head.PageHead)],
        "lifespan": lifespan,
    }


def _settings() -> Settings:
    try:
        return load_settings(runtime.secrets())
    except NiannianError as error:
        log.error("the settings can't be read, so only this machine is answered: %s", error)
        return default_settings()
