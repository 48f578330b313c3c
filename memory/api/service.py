"""Everything that the server adds to the page: routes, outer layers, what starts and ends."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from memory.api.app import create_app
from memory.api.asking import Parts
from memory.api.assistants import PATH as MCP_PATH
from memory.api.assistants import Assistants
from memory.api.observing import Observe
from memory.api.security import middlewares
from memory.config import Settings
from memory.errors import NiannianError
from memory.types import Language

log = logging.getLogger(__name__)


class Service:
    """The API beside a page, over the same running parts.

    Args:
        parts: Where the running parts are.
        settings: For the outer layers, which stand before the parts are there.
    """

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self._parts = parts
        self._settings = settings
        self.app: FastAPI = create_app(parts)
        self._assistants: Assistants | None = None

    @property
    def routes(self) -> list[BaseRoute]:
        """Full paths, so that the OpenAPI document says what people type."""
        api = _Whole(self.app)
        return [
            Route("/api", api),
            Route("/api/{rest:path}", api),
            Route("/health", api),
            Route("/health/{rest:path}", api),
            Route("/metrics", api),
            Route(MCP_PATH, _Whole(self._mcp)),
        ]

    @property
    def middleware(self) -> list[Middleware]:
        """The outermost first."""
        fallback: Language = "zh" if self._settings.language == "zh" else "en"
        return [Middleware(Observe, language=fallback), *middlewares(self._settings)]

    @asynccontextmanager
    async def lifespan(self, _: Any = None) -> AsyncIterator[None]:
        """Start the parts with the server, so that no first visitor waits for them.

        Parts that can't start don't stop the server: the page and ``/health`` say why.
        """
        try:
            await to_thread.run_sync(self._parts.__call__)
        except NiannianError as error:
            log.error("the parts can't start: %s", error)
        self._assistants = Assistants(self._parts)
        async with self._assistants.running():
            yield
        self._assistants = None

    async def _mcp(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._assistants is None:
            raise RuntimeError("the service isn't running: its lifespan wasn't entered")
        await self._assistants(scope, receive, send)


class _Whole:
    """An ASGI app behind a route of any method, with the path as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as if there were no route around it."""
        scope["path_params"] = {}
        scope.pop("endpoint", None)
        scope.pop("route", None)
        await self._app(scope, receive, send)
