"""A real browser on the real app."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.app_process import WITHOUT_ENCODER, AppProcess
from tests.browser.chromium import CHROMIUM, launched

# CI shares its two cores with the app and the browser; the default of five seconds is for idle ones.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--exhaustive"):
        # `make test-all` takes these journeys too.
        left = [item for item in items if item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    for item in items:
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        # On a developer's machine the rest of the tests still say something; CI must not skip.
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    with launched() as browser:
        yield browser


@pytest.fixture
def unstarted(tmp_path: Path) -> AppProcess:
    """For tests that fill the folder first."""
    return AppProcess(tmp_path / "data", **WITHOUT_ENCODER)


@pytest.fixture
def app(unstarted: AppProcess) -> Iterator[AppProcess]:
    unstarted.start()
    yield unstarted
    unstarted.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
