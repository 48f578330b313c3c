"""Every example of docs/api.md, run against a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.container import Container
from tests.memory.api.conftest import client_of, listening

TEXT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
HERE = "localhost:8501"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def address(calm_parts: Container) -> Iterator[str]:
    with listening(client_of(calm_parts).app) as url:  # type: ignore[arg-type]
        yield url.removeprefix("http://")


def commands() -> list[str]:
    lines = "\n".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("curl")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_curl_examples(address: str) -> None:
    memory_id = change_id = "none"
    assert len(commands()) > 8
    for command in commands():
        # The ids in the text are dots: those of the answer before.
        given = command.replace(HERE, address)
        given = given.replace("undo/…", f"undo/{change_id}").replace("…", memory_id)
        done = subprocess.run(["bash", "-c", given], capture_output=True, text=True, check=True)
        if '"stream": true' in command:
            assert "event: done" in done.stdout
            continue
        answer = json.loads(done.stdout)
        assert answer["success"] is True, (command, answer)
        data = answer.get("data", {})
        memory_id = data.get("memory_id") or memory_id
        change_id = (data.get("change_ids") or [change_id])[0]
    assert "none" not in (memory_id, change_id)


def test_the_python_examples(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANNIAN_URL", f"http://{address}")
    found = blocks("python")
    assert len(found) > 3
    for block in found:
        exec(compile(block.replace(HERE, address), "docs/api.md", "exec"), {})
    said = capsys.readouterr().out
    assert "404 memory_not_found 没有这条记忆。" in said
    assert "用户喜欢滑雪" in said
