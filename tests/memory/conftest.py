"""A whole container on a temporary folder, with a clock that tests can turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from memory.config import load_settings
from memory.container import Container, build
from memory.system.worker_process import InProcess
from memory.types import Owner
from tests.made_once import inspector_made_once

__all__ = ["inspector_made_once"]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2025, 10, 18, 4, 0, tzinfo=UTC))


@pytest.fixture
def container(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    container = build(load_settings(), clock=clock, worker=InProcess())
    yield container
    container.close()


@pytest.fixture
def owner(container: Container) -> Owner:
    return Owner(container.db.users.create("小雨").id, "niannian")
