"""The evaluation of models against an endpoint on this machine."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.model_eval import FOLDER, main
from memory.llm.learned import forget
from tests.fakes.openai_answers import answer
from tests.fakes.openai_server import FakeOpenAI


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    forget()
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    with FakeOpenAI() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        yield running


def figures(tmp_path: Path) -> dict[str, Any]:
    target = tmp_path / "figures.json"
    assert main(["--json", str(target)]) == 0
    found: dict[str, Any] = json.loads(target.read_text())
    return found


def test_forty_dialogues_and_thirty_situations() -> None:
    dialogues = tomllib.loads((FOLDER / "dialogues.toml").read_text())
    situations = tomllib.loads((FOLDER / "situations.toml").read_text())
    assert sum(map(len, dialogues.values())) == 40
    assert sum(map(len, situations.values())) == 30


def test_a_model_that_reads_is_told_from_one_that_says_nothing(
    server: FakeOpenAI, tmp_path: Path
) -> None:
    reading = figures(tmp_path)
    assert reading["found"] > 8
    assert reading["extraction_tokens"] > 10_000
    assert reading["replies"] == 30

    def silent(body: Mapping[str, Any]) -> str:
        system = str(body["messages"][0]["content"])
        return '{"memories": []}' if '"memories"' in system else answer(body)

    server.answer = silent
    nothing = figures(tmp_path)
    assert (nothing["found"], nothing["made"], nothing["invented"]) == (0, 0, 0)
    assert nothing["stale"] == nothing["outdated"] == 8


def test_habits_of_style_are_counted(server: FakeOpenAI, tmp_path: Path) -> None:
    server.answer = lambda body: "**（轻轻抱住你）** 用户今天累吗？"
    kept = figures(tmp_path)["style"]
    assert kept["no bold"] == kept["no stage directions"] == kept["no third person"] == 0
    assert kept["no question at the end"] == 0
    assert kept["short"] == 30


def test_without_a_model_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path))
    assert main([]) == 1
    assert "no language model" in capsys.readouterr().err
