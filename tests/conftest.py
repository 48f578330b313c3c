"""What every test shares: no settings from the machine it runs on."""

from __future__ import annotations

import os

import pytest

from tests.postgres import postgres_url

__all__ = ["postgres_url"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive", action="store_true", help="every case of the tests that take minutes"
    )


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether a test that takes minutes goes through all of its cases, or a part of them."""
    return bool(request.config.getoption("--exhaustive"))


SETTING_PREFIXES = ("NIANNIAN_", "OPENAI_", "QDRANT_", "DATABASE_URL", "MEM0_", "FORWARDED_")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The environment and the working directory of a developer don't leak in."""
    for name in list(os.environ):
        if name.startswith(SETTING_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path_factory.mktemp("data")))
    monkeypatch.setenv("NIANNIAN_TIMEZONE", "Asia/Shanghai")
    # A key of a test must not end up in the keyring of whoever runs it.
    monkeypatch.setenv("NIANNIAN_KEYRING", "off")
    # Two seconds of loading in each worker, and answers that depend on when it is done.
    monkeypatch.setenv("NIANNIAN_SENTENCE_ENCODER", "false")
