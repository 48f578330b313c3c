"""The whole service over HTTP: routes, outer layers, lifespan; the page left out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.testclient import TestClient

from memory.api import service as service_module
from memory.api.app import create_app
from memory.api.service import Service
from memory.api.system_routes import Probe
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import BadInput
from memory.system.worker_process import InProcess
from memory.types import Kind, MemoryDraft, Owner, Subject
from scripts.fresh_server import free_port

HERE = ("127.0.0.1", 50_000)


class Parts:
    """Parts that are there already, as they are behind the page."""

    def __init__(self, running: Container | None) -> None:
        self.running = running

    def __call__(self) -> Container:
        assert self.running is not None
        return self.running

    def ready(self) -> Container | None:
        return self.running


Serve = Callable[..., TestClient]


@cache
def shared_app() -> FastAPI:
    """Its models take a second to build, and nothing of it belongs to one test."""
    return create_app(Parts(None))


def client_of(running: Container) -> TestClient:
    parts = Parts(running)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service_module, "create_app", lambda _: shared_app())
        service = Service(parts, running.settings)
    service.app.state.parts = parts
    service.app.state.probe = Probe()
    whole = Starlette(
        routes=service.routes, middleware=service.middleware, lifespan=service.lifespan
    )
    return TestClient(
        whole,
        base_url="http://localhost:8501",
        client=HERE,
        raise_server_exceptions=False,
        headers={"accept-language": "en"},
    )


@contextmanager
def listening(app: Starlette) -> Iterator[str]:
    """The app behind a real socket."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start the service with these settings (``accounts="required"``)."""
    opened: list[Any] = []

    def start(**settings: str) -> TestClient:
        folder = tmp_path / f"data{len(opened)}"
        monkeypatch.setenv("NIANNIAN_DATA_DIR", str(folder))
        for name, value in settings.items():
            monkeypatch.setenv(f"NIANNIAN_{name.upper()}", value)
        running = build(load_settings(), worker=InProcess())
        client = client_of(running)
        client.__enter__()
        opened.append((client, running))
        client.running = running  # type: ignore[attr-defined]
        return client

    yield start
    for client, running in opened:
        client.__exit__(None, None, None)
        running.close()


@pytest.fixture
def api(serve: Serve) -> TestClient:
    """The service without accounts."""
    return serve()


@pytest.fixture
def running(api: TestClient) -> Container:
    """The parts behind :func:`api`."""
    found: Container = api.running  # type: ignore[attr-defined]
    return found


@pytest.fixture
def owner(running: Container) -> Owner:
    """A person with a profile and the default persona."""
    running.db.users.create("小雨", id="xiaoyu", language="zh", timezone="Asia/Shanghai")
    return Owner("xiaoyu", "niannian")


def add(running: Container, owner: Owner, text: str, **fields: Any) -> str:
    """A memory; returns its id."""
    values = {"subject": Subject.USER, "kind": Kind.CONSTANT, "category": "health", **fields}
    return running.memory_service.add(owner, MemoryDraft(text=text, **values)).id


@pytest.fixture(scope="session")
def calm_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Parts for tests that ask for what can't be had: nothing of it stays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANNIAN_DATA_DIR", str(tmp_path_factory.mktemp("calm")))
        patch.setenv("NIANNIAN_TIMEZONE", "Asia/Shanghai")
        running = build(load_settings(), worker=InProcess())
    yield running
    running.close()


@pytest.fixture
def calm(calm_parts: Container) -> Iterator[TestClient]:
    """The service over :func:`calm_parts`, with one user."""
    with suppress(BadInput):  # there already, unless a test before erased them
        calm_parts.db.users.create("小雨", id="xiaoyu", language="zh", timezone="Asia/Shanghai")
    with client_of(calm_parts) as client:
        yield client
