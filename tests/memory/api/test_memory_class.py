"""Programs that were written around mem0's ``Memory`` class, with one import changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from memory.container import Container
from niannian.mem0 import AsyncMemory, Memory
from tests.memory.api.conftest import calm_parts, client_of, listening

__all__ = ["calm_parts"]


@pytest.fixture(scope="module")
def url(calm_parts: Container) -> Iterator[str]:
    with listening(client_of(calm_parts).app) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture(scope="module")
def memory(url: str) -> Iterator[Memory]:
    made = Memory(url=url)
    yield made
    made.close()


def texts(answer: dict[str, Any]) -> list[str]:
    return [one["memory"] for one in answer["results"]]


def test_first_steps(memory: Memory) -> None:
    said = [
        {"role": "user", "content": "我喜欢豆腐脑，讨厌香菜"},
        {"role": "assistant", "content": "记下了。"},
    ]
    made = memory.add(said, user_id="first", metadata={"via": "form"})
    assert {one["event"] for one in made["results"]} == {"ADD"}
    everything = memory.get_all(user_id="first")["results"]
    assert sorted(one["id"] for one in everything) == sorted(one["id"] for one in made["results"])
    assert all(one["metadata"] == {"via": "form"} for one in everything)
    found = memory.search("我喜欢什么，豆腐脑？", user_id="first", limit=5)["results"]
    assert any("豆腐脑" in one["memory"] for one in found)
    assert all(0 <= one["score"] <= 1 for one in found)


def test_every_method(memory: Memory) -> None:
    (made,) = memory.add("Owns a canoe", user_id="every", infer=False)["results"]
    id = made["id"]
    one = memory.get(id)
    assert one is not None
    assert {"id", "memory", "hash", "created_at", "updated_at", "metadata"} <= one.keys()
    memory.update(id, "Owns two canoes")
    memory.update(id, text="Owns three canoes", metadata={"colour": "red"})
    memory.update(id, expiration_date="2199-01-01")
    assert [line["new_memory"] for line in memory.history(id)][:3] == [
        "Owns a canoe",
        "Owns two canoes",
        "Owns three canoes",
    ]
    assert texts(memory.get_all(user_id="every", filters={"colour": "red"})) == [
        "Owns three canoes"
    ]
    assert "message" in memory.delete(id)
    assert memory.get("nobody") is None
    memory.add("Sings", user_id="every", run_id="r1", infer=False)
    memory.delete_all(user_id="every", run_id="r1")
    assert texts(memory.get_all(user_id="every")) == []


def test_a_configuration_is_said_to_be_the_server_s(url: str) -> None:
    with pytest.warns(UserWarning, match="server's settings"):
        Memory.from_config({"llm": {"provider": "openai"}}).close()


def test_an_assistant_that_looks_first_and_keeps_afterwards(memory: Memory) -> None:
    def chat(text: str) -> str:
        known = memory.search(text, user_id="assisted", limit=5)["results"]
        reply = f"({len(known)} known)"
        said = [{"role": "user", "content": text}, {"role": "assistant", "content": reply}]
        memory.add(said, user_id="assisted")
        return reply

    assert chat("我对猫毛过敏。") == "(0 known)"
    assert chat("猫毛会让我过敏吗？") == "(1 known)"


def test_notes_filed_under_topics(memory: Memory) -> None:
    for topic, note in (("algebra", "groups"), ("algebra", "rings"), ("botany", "mosses")):
        metadata = {"topic": topic, "type": "study_session", "at": datetime.now(UTC).isoformat()}
        memory.add(f"Studied {note}", user_id="pupil", infer=False, metadata=metadata)
    memory.add("Studied nothing", user_id="pupil", infer=False, metadata={"type": "joke"})
    filters = {"metadata.type": "study_session"}
    sessions = memory.get_all(user_id="pupil", filters=filters)["results"]
    assert Counter(one["metadata"]["topic"] for one in sessions) == {"algebra": 2, "botany": 1}
    found = memory.search("topic:botany mosses", user_id="pupil", filters=filters)
    assert texts(found)[0] == "Studied mosses"
    week = (datetime.now(UTC) - timedelta(days=7)).isoformat()
    for operator, number in (("$gte", 3), ("$lt", 0)):
        recent = memory.get_all(
            user_id="pupil", filters={"metadata.at": {operator: week}}, limit=10
        )
        assert len(recent["results"]) == number


def test_agents_that_share_a_run(memory: Memory) -> None:
    for agent, text in (("finder", "Found three sources"), ("author", "Wrote the first draft")):
        memory.add(text, agent_id=agent, run_id="task:1", infer=False, metadata={"by": agent})
    assert texts(memory.search("sources", run_id="task:1"))[0] == "Found three sources"
    both = memory.get_all(run_id="task:1")["results"]
    assert sorted((one["agent_id"], one["user_id"]) for one in both) == [
        ("author", None),
        ("finder", None),
    ]


def test_steps_of_a_procedure(memory: Memory) -> None:
    steps = "Release: 1. run the tests 2. build the image 3. push it"
    made = memory.add(steps, user_id="releaser", memory_type="procedural_memory")
    assert [one["event"] for one in made["results"]] == ["ADD"]
    assert "push it" in texts(memory.search("release: run the tests?", user_id="releaser"))[0]


def test_who_belongs_to_whom(memory: Memory) -> None:
    made = memory.add("我的姐姐小葵住在青岛", user_id="relating")
    ends = {
        (one[0]["relationship"], one[0]["target"]) for one in made["relations"]["added_entities"]
    }
    assert ("姐姐", "小葵") in ends
    assert memory.search("小葵住在哪", user_id="relating")["relations"]


def test_tidying_up(memory: Memory) -> None:
    ids = []
    for number in range(5):
        (made,) = memory.add(f"Ran {number} miles", user_id="tidy", infer=False)["results"]
        ids.append(made["id"])
    newest = sorted(
        memory.get_all(user_id="tidy")["results"], key=lambda one: one["created_at"], reverse=True
    )
    for one in newest[2:]:
        memory.delete(one["id"])
    assert texts(memory.get_all(user_id="tidy")) == ["Ran 4 miles", "Ran 3 miles"]
    kept = memory.get(ids[4])
    assert kept is not None
    memory.update(ids[4], metadata={**kept.get("metadata", {}), "archived": True})
    assert texts(memory.get_all(user_id="tidy", filters={"archived": True})) == ["Ran 4 miles"]


def test_a_threshold_keeps_strangers_out(memory: Memory) -> None:
    memory.add("Resets the router by its red button", user_id="support", infer=False)
    same = memory.search("Resets the router by its red button", user_id="support", threshold=0.7)[
        "results"
    ]
    assert same[0]["score"] > 0.8
    assert texts(memory.search("chocolate cake", user_id="support", threshold=0.7)) == []


def test_the_same_for_asyncio(url: str) -> None:
    async def run() -> list[str]:
        memory = AsyncMemory(url=url)
        (made,) = (await memory.add("Owns a drum", user_id="beat", infer=False))["results"]
        await memory.update(made["id"], text="Owns two drums")
        assert await memory.get("nobody") is None
        assert (await memory.get(made["id"]) or {})["memory"] == "Owns two drums"
        assert len(await memory.history(made["id"])) == 2
        assert texts(await memory.search("drums", user_id="beat")) == ["Owns two drums"]
        await memory.delete(made["id"])
        await memory.delete_all(user_id="beat")
        found = texts(await memory.get_all(user_id="beat"))
        await memory.close()
        return found

    assert asyncio.run(run()) == []


def test_a_reset_at_the_end(memory: Memory) -> None:
    memory.add("Owns a bell", user_id="last", infer=False)
    memory.reset()
    assert texts(memory.get_all(user_id="last")) == []
