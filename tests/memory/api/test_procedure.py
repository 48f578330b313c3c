"""mem0's procedural memories: an agent's steps as one memory of it."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.api.mem0_procedure import MEMORY_TYPE
from memory.extraction.procedure import fitting
from memory.memories.edits import TEXT_LENGTH
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve

STEPS = [
    {"role": "system", "content": "Deploy the shop."},
    {"role": "assistant", "content": "Ran make build"},
    {"role": "tool", "content": "built shop:7 in 41 s"},
]


def add(api: TestClient, **fields: Any) -> Any:
    body = {"messages": STEPS, "agent_id": "deployer", "memory_type": MEMORY_TYPE, **fields}
    return api.post("/v3/memories/add/", json=body)


def test_without_a_model_the_steps_stay_word_for_word(api: TestClient) -> None:
    (made,) = add(api, metadata={"shop": "north"}).json()["results"]
    assert made["memory"].splitlines()[2] == "3. tool: built shop:7 in 41 s"
    assert made["metadata"] == {"shop": "north", "memory_type": MEMORY_TYPE}
    for filters in ({"memory_type": MEMORY_TYPE}, {"metadata": {"memory_type": MEMORY_TYPE}}):
        body = {"filters": {"AND": [{"agent_id": "deployer"}, filters]}}
        assert api.post("/v3/memories/", json=body).json()["count"] == 1
    other = {"filters": {"agent_id": "deployer", "memory_type": "other"}}
    assert api.post("/v3/memories/", json=other).json()["count"] == 0


def test_with_a_model_it_is_one_record(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeOpenAI() as endpoint:
        endpoint.say("Goal: deploy the shop\n1. make build: built shop:7 in 41 s")
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        api = serve()
        (made,) = add(api).json()["results"]
        assert made["memory"].startswith("Goal: deploy the shop")


def test_long_steps_are_whole_beside_the_text() -> None:
    record = "x" * TEXT_LENGTH + "y" * 900
    text, whole = fitting(record)
    assert len(text) <= TEXT_LENGTH
    assert text.endswith("y" * 600)
    assert whole == record
    assert fitting("short") == ("short", None)


@pytest.mark.parametrize(
    "fields", [{"memory_type": "other"}, {"messages": []}, {"messages": [{"role": 3}]}, {"messages": [7]}]
)  # fmt: skip
def test_what_is_no_procedure(api: TestClient, fields: dict[str, Any]) -> None:
    answer = add(api, **fields)
    assert 400 <= answer.status_code < 500
    assert api.get("/v1/entities/").json()["count"] == 0
