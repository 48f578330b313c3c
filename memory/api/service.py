"""API service: the routes, middleware and lifespan that the server adds to the page."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from anyio import Event, Lock, create_task_group, to_thread
from anyio.abc import TaskGroup, TaskStatus
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from memory.api.app import create_app
from memory.api.dependencies import Services
from memory.api.middleware import RequestMiddleware
from memory.api.paths import MCP, OWN_PREFIXES
from memory.api.security import middlewares
from memory.config import Settings, setting_names
from memory.errors import NiannianError
from memory.system.foreign_settings import environment, foreign_settings
from memory.system.warm_up import WarmUp
from memory.types import Language

if TYPE_CHECKING:
    from memory.api.mcp import McpServer

log = logging.getLogger(__name__)


class Service:
    """The API beside a page, over the same running parts.

    Args:
        parts: Where the running parts are.
        settings: For the outer layers, which stand before the parts are there.
    """

    def __init__(self, parts: Services, settings: Settings) -> None:
        self._parts = parts
        self._settings = settings
        self.app: FastAPI = create_app(parts)
        self._mcp = _LateAssistants(parts)

    @property
    def routes(self) -> list[BaseRoute]:
        """Full paths, so that the OpenAPI document says what people type."""
        api = _Whole(self.app)
        return [
            InfoRoute("/", api),
            Route(MCP, _Whole(self._mcp)),
            *(Route(path, api) for path in OWN_PREFIXES),
            *(Route(f"{path}/{{rest:path}}", api) for path in OWN_PREFIXES),
        ]

    @property
    def middleware(self) -> list[Middleware]:
        """The outermost first."""
        chosen = self._settings.language
        fallback: Language = "en" if chosen == "auto" else chosen
        return [Middleware(RequestMiddleware, language=fallback), *middlewares(self._settings)]

    @asynccontextmanager
    async def lifespan(self, _: Any = None) -> AsyncIterator[None]:
        """Start the parts with the server, so that no first visitor waits for them.

        Parts that can't start don't stop the server: the page and ``/health`` say why.
        """
        foreign = ", ".join(foreign_settings(setting_names(), environment()))
        if foreign:
            log.warning("settings that change nothing here: %s", foreign)
        try:
            running = await to_thread.run_sync(self._parts.__call__)
        except NiannianError as error:
            log.error("the parts can't start: %s", error)
        else:
            running.warm_up.add("routes", partial(self._build_routes, running.warm_up))
            running.warm_up.add("mcp", self._mcp.load)
        async with self._mcp.running():
            yield

    def _build_routes(self, warm_up: WarmUp) -> None:
        """FastAPI builds the routes of a router when it is first asked for one of them.

        One after another, so that a page or a reply needn't wait for all of them.
        """
        nowhere = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": []}
        for route in self.app.routes:
            warm_up.give_way()
            route.matches(dict(nowhere))


class _LateAssistants:
    """The MCP endpoint, made when it is first needed: its library takes long to import."""

    def __init__(self, parts: Services) -> None:
        self._parts = parts
        self._making = threading.Lock()
        self._made: McpServer | None = None
        self._tasks: TaskGroup | None = None
        self._starting = Lock()
        self._started = False

    def load(self) -> McpServer:
        """The endpoint; imports its library the first time."""
        with self._making:
            if self._made is None:
                from memory.api.mcp import McpServer

                self._made = McpServer(self._parts)
            return self._made

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Requests can be answered inside the block."""
        async with create_task_group() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                # The library lets one endpoint run once: the next block gets a new one.
                self._tasks, self._made, self._started = None, None, False
                tasks.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        tasks = self._tasks
        if tasks is None:
            raise RuntimeError("the service isn't running: its lifespan wasn't entered")
        async with self._starting:
            made = self._made
            if made is None:
                made = await to_thread.run_sync(self.load)
            if not self._started:
                await tasks.start(self._run, made)
                self._started = True
        await made(scope, receive, send)

    async def _run(self, made: McpServer, *, task_status: TaskStatus[None]) -> None:
        async with made.running():
            task_status.started()
            await Event().wait()


class InfoRoute(Route):
    """The bare address for programs: browsers say that they want HTML, and get the page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether this is for a program."""
        asked = scope["type"] == "http" and scope["method"] == "GET"
        accepted = Headers(scope=scope).get("accept", "") if asked else ""
        if not accepted or "html" in accepted:
            return Match.NONE, {}
        match, child = super().matches(scope)
        return match, child


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
