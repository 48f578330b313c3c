"""The real app in-process: the frame, one page, the running parts on a folder of their own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from components import runtime
from memory.container import Container
from memory.types import Owner, User
from tests.made_once import inspector_made_once

__all__ = ["inspector_made_once"]

APP = Path(__file__).parents[2] / "app.py"
TIMEOUT_SECONDS = 30


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> Iterator[None]:
    """Each AppTest starts a runtime, which reads the metadata of every installed package."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def _folder_let_go() -> Iterator[None]:
    """Each test has a folder of its own, so the parts on the last one must go."""
    runtime.reload()
    yield
    runtime.reload()


@pytest.fixture
def running() -> Container:
    """The parts that the app will use."""
    return runtime.container()


@pytest.fixture
def user(running: Container) -> User:
    return running.db.users.create("小雨", language="zh", timezone="Asia/Shanghai", region="CN")


@pytest.fixture
def open_app() -> Callable[..., AppTest]:
    """Open the app as a browser would, with what its address says."""

    def open_it(**query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=TIMEOUT_SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_it


@pytest.fixture
def owner(user: User) -> Owner:
    return Owner(user.id, "niannian")


@pytest.fixture
def open_page_named(open_app: Callable[..., AppTest], user: User) -> Callable[[str], AppTest]:
    """Open one page by its name, as ``user``."""

    def open_it(name: str) -> AppTest:
        app = open_app(user=user.id)
        app.switch_page(f"pages/{name}.py")
        app.query_params["user"] = user.id
        return app.run()

    return open_it
