"""``make check-models`` against an endpoint on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.llm.learned import forget
from scripts.check_models import main
from tests.fakes.openai_server import FakeOpenAI


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    forget()
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NIANNIAN_LANGUAGE", "en")
    monkeypatch.setenv("NIANNIAN_EMBEDDING_DIMS", "64")
    with FakeOpenAI(models=("swift-chat", "fake-embedding")) as running:
        yield running


def test_nothing_configured_is_all_right(
    server: FakeOpenAI, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main() == 0
    assert "built-in" in capsys.readouterr().out


def test_a_verdict_for_each_part(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "swift-chat")
    monkeypatch.setenv("NIANNIAN_EXTRACTION_MODEL", "swift-small")
    monkeypatch.setenv("NIANNIAN_EMBEDDER", "openai")
    monkeypatch.setenv("NIANNIAN_FALLBACK_BASE_URL", server.url)
    monkeypatch.setenv("NIANNIAN_FALLBACK_MODEL", "swift-spare")
    assert main() == 0
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines() if "OK" in line] == [
        "chat",
        "extraction",
        "fallback",
        "embedding",
    ]


def test_one_that_fails_is_named_and_ends_with_another_code(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "swift-chad")
    server.fail(404, always=True)
    server.fail_models = False
    assert main() == 1
    printed = capsys.readouterr().out
    assert "NO" in printed
    assert "swift-chat" in printed


def test_each_part_has_a_verdict_of_its_own(
    server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("NIANNIAN_CHAT_MODEL", "swift-chad")
    monkeypatch.setenv("NIANNIAN_EXTRACTION_MODEL", "swift-small")
    server.fail_models = False
    server.fail((404, "The model `swift-chad` does not exist"))
    assert main() == 1
    chat, extraction = capsys.readouterr().out.splitlines()[:2]
    assert ("NO" in chat, "OK" in extraction) == (True, True)
    server.fail((404, "no such model"), (404, "no such model"))
    assert main() == 1
    chat, extraction = capsys.readouterr().out.splitlines()[:2]
    assert ("NO" in chat, "NO" in extraction) == (True, True)
