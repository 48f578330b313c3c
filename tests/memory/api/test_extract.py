from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve, add

TALK = [
    {
        "role": "user",
        "content": "我对花生过敏。我昨天去了西湖。",
        "timestamp": "2025-10-18T09:00:00+08:00",
    },
    {"role": "assistant", "content": "记住了。"},
]


def test_rules_say_what_they_would_do_and_store_nothing(
    api: TestClient, running: Container
) -> None:
    answer = api.post("/api/memory/extract", json={"messages": TALK})
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["builtin"] is True
    assert {o["action"] for o in data["operations"]} == {"ADD"}
    dated = [o for o in data["operations"] if o["event_date"]]
    assert [(o["event_date"], o["kind"], o["source"]) for o in dated] == [
        ("2025-10-17", "temporal", [1])
    ]
    assert running.db.users.all() == []
    assert running.store.reads.owners() == []


def test_it_is_held_against_what_the_user_s_memories_say(
    api: TestClient, running: Container, owner: Owner
) -> None:
    lives = add(running, owner, "用户住在北京", category="identity")
    add(running, owner, "用户对花生过敏", importance=5)
    talk = [{"role": "user", "content": "我搬到上海住了。我对花生过敏。"}]
    data = api.post("/api/memory/extract", json={"user_id": "xiaoyu", "messages": talk}).json()[
        "data"
    ]
    updates = [o for o in data["operations"] if o["action"] == "UPDATE"]
    assert len(updates) == 1
    assert "上海" in updates[0]["text"]
    known = {k["id"]: k["memory_id"] for k in data["known"]}
    assert known[updates[0]["id"]] == lives
    assert not any("花生" in (o["text"] or "") for o in data["operations"])
    assert running.store.reads.get(owner, lives).text == "用户住在北京"


def test_an_unknown_user_or_persona_is_not_found(api: TestClient, owner: Owner) -> None:
    for body in ({"user_id": "nobody"}, {"user_id": "xiaoyu", "persona_id": "nobody"}):
        answer = api.post("/api/memory/extract", json={**body, "messages": TALK})
        assert answer.status_code == 404


def test_a_model_s_reply_comes_raw_and_with_its_repairs(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = {
        "action": "ADD", "text": "用户对花生过敏", "subject": "用户", "kind": "恒常",
        "category": "health", "importance": 5, "source": [1],
    }  # fmt: skip
    raw = f"好的：\n```json\n{json.dumps([item], ensure_ascii=False)}\n```"
    with FakeOpenAI() as endpoint:
        endpoint.say(f"<think>嗯</think>{raw}")
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        api = serve()
        data = api.post("/api/memory/extract", json={"messages": TALK, "language": "zh"}).json()[
            "data"
        ]
    assert data["raw"] == raw
    assert data["repairs"]
    assert data["builtin"] is False
    assert [(o["action"], o["subject"], o["kind"], o["source"]) for o in data["operations"]] == [
        ("ADD", "user", "constant", [1])
    ]


def test_an_unreadable_model_is_a_sentence(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeOpenAI() as endpoint:
        endpoint.say("no idea", "still none")
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        answer = serve().post("/api/memory/extract", json={"messages": TALK})
    assert (answer.status_code, answer.json()["error"]) == (502, "unreadable_reply")
