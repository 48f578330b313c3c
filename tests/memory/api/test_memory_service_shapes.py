"""Programs written for a plain memory service: their requests as they send them, their shapes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.memory.api.conftest import Serve


def test_a_session_may_have_the_callers_own_name(api: TestClient, running: Container) -> None:
    body = {
        "user_id": "mira",
        "message": "我周末去学划船",
        "session_id": "talk_7",
        "metadata": {"source": "phone", "timestamp": "2026-03-01T08:00:00Z"},
    }
    first = api.post("/api/chat/message", json=body).json()
    again = api.post("/api/chat/message", json={**body, "message": "还想买一副桨"}).json()
    other = api.post("/api/chat/message", json={**body, "user_id": "noor"}).json()
    assert {"response", "user_id", "session_id", "memories_used", "timestamp"} <= first.keys()
    assert (first["user_id"], first["session_id"]) == ("mira", "talk_7")
    assert again["session_id"] == other["session_id"] == "talk_7"
    (session,) = running.db.sessions.of(Owner("mira", "niannian"))
    assert session.title == "我周末去学划船"
    assert len(running.db.messages.of(session.owner, session.id)) == 4
    assert len(running.db.sessions.of(Owner("noor", "niannian"))) == 1
    # The id that we gave it means the same session.
    by_id = api.post("/api/chat/message", json={**body, "session_id": session.id}).json()
    assert by_id["session_id"] == session.id
    assert len(running.db.messages.of(session.owner, session.id)) == 6


def test_metadata_of_a_message_is_kept_with_what_is_learnt_of_it(api: TestClient) -> None:
    body = {"user_id": "mira", "message": "我对开心果过敏。", "metadata": {"source": "phone"}}
    assert api.post("/api/chat/message", json=body).json()["metadata"] == {"source": "phone"}
    api.post("/api/memory/process/mira")
    (memory,) = api.get("/api/memory/user/mira").json()["data"]["memories"]
    assert memory["metadata"] == {"source": "phone"}
    deep: dict[str, object] = {}
    for _ in range(30):
        deep = {"a": deep}
    refused = api.post("/api/chat/message", json={**body, "metadata": deep})
    assert refused.json()["error"] == "memory_metadata_deep"


def test_somebody_elses_session_is_no_name(api: TestClient, running: Container) -> None:
    theirs = api.post("/api/chat/message", json={"user_id": "mira", "message": "我怕黑"}).json()
    body = {"user_id": "noor", "message": "你好", "session_id": theirs["session_id"]}
    answer = api.post("/api/chat/message", json=body)
    assert (answer.status_code, answer.json()["error"]) == (404, "session_not_found")
    lines = [{"role": "user", "content": "我怕黑"}, {"role": "assistant", "content": "嗯"}]
    added = {"user_id": "noor", "messages": lines, "session_id": theirs["session_id"]}
    assert api.post("/api/memory/add", json=added).status_code == 404
    assert "noor" not in {user.id for user in running.db.users.all()}


def test_memories_used_are_ids(api: TestClient) -> None:
    added = api.post(
        "/api/memory/add",
        json={
            "user_id": "mira",
            "content": "用户对榛子过敏",
            "metadata": {"category": "allergies", "confidence": 0.9},
        },
    ).json()["data"]
    assert (added["user_id"], added["content"]) == ("mira", "用户对榛子过敏")
    said = api.post("/api/chat/message", json={"user_id": "mira", "message": "我对什么过敏？"})
    assert added["memory_id"] in said.json()["memories_used"]
    assert [m["memory_id"] for m in said.json()["memories"]] == said.json()["memories_used"]
    changed = api.put(
        "/api/memory/update",
        json={
            "memory_id": added["memory_id"],
            "content": "用户对榛子和腰果过敏",
            "metadata": {"category": "allergies", "updated": True},
        },
    ).json()["data"]
    assert changed["text"] == "用户对榛子和腰果过敏"
    assert changed["metadata"]["updated"] is True


def test_several_memories_each_with_metadata_and_the_figures(api: TestClient) -> None:
    memories = [
        {"content": "睡前看一小时书", "metadata": {"category": "habits"}},
        {"content": "周三在家办公", "metadata": {"category": "schedule"}},
    ]
    added = api.post("/api/memory/batch-add", json={"user_id": "mira", "memories": memories})
    assert [m["metadata"] for m in added.json()["data"]["memories"]] == [
        {"category": "habits"},
        {"category": "schedule"},
    ]
    data = api.get("/api/memory/stats/mira").json()["data"]
    assert data["user_id"] == "mira"
    assert [*data["date_distribution"].values()] == [2]
    assert data["category_distribution"] == {"habits": 1, "schedule": 1}
    assert data["total_memories"] == 2


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_figures_as_json(calm: TestClient, accept: str) -> None:
    said = calm.get("/metrics", headers={"accept": accept})
    assert said.headers["content-type"] == "application/json"
    assert said.json()["total_requests"] >= 0
    assert said.json()["active_connections"] >= 1
    assert abs(said.json()["timestamp"] - datetime.now(UTC).timestamp()) < 60


def test_what_this_is_and_where_its_documents_are(calm: TestClient) -> None:
    health = calm.get("/health").json()
    assert (health["status"], health["service"]) == ("healthy", "memory")
    assert isinstance(health["timestamp"], float)
    assert calm.get("/info").json()["docs"] == "/api/docs"
    assert calm.get("/docs", follow_redirects=False).headers["location"] == "/api/docs"


def test_the_routes_of_version_one(api: TestClient, running: Container) -> None:
    added = api.post(
        "/api/v1/memories",
        json={
            "user_id": "mira",
            "agent_id": "coach",
            "messages": [
                {"role": "user", "content": "我对猫毛过敏。"},
                {"role": "assistant", "content": "记住了。"},
            ],
            "metadata": {"source": "phone"},
        },
    )
    assert added.status_code == 200
    assert added.json()["success"] is True
    assert added.json()["memory_id"]
    api.post(
        "/api/memory/add",
        json={"user_id": "mira", "content": "用户喜欢攀岩", "category": "preference"},
    )
    (found,) = api.get(
        "/api/v1/memories/search", params={"user_id": "mira", "query": "攀岩", "limit": 1}
    ).json()
    assert found["content"] == "用户喜欢攀岩"
    assert 0 < found["relevance_score"] <= 1
    said = api.get("/api/v1/memories/context/mira", params={"message": "攀岩"}).json()
    assert "用户喜欢攀岩" in said["context"]
    profile = api.get("/api/v1/users/mira/profile").json()
    assert (profile["user_id"], profile["total_memories"]) == ("mira", 1)
    assert {"average_length", "most_active_hours", "conversation_topics"} <= set(
        profile["interaction_patterns"]
    )
    assert any("攀岩" in interest for interest in profile["key_interests"])
    kept = api.delete("/api/v1/users/mira/memories/cleanup", params={"days_old": 3}).json()
    assert kept["deleted_count"] == 0
    day = datetime.fromisoformat(kept["cleanup_date"])
    assert timedelta(days=2) < running.clock() - day < timedelta(days=4)
    assert api.get("/api/v1/users/nobody/profile").status_code == 404
    assert api.get("/api/v1/nothing").json()["error"] == "no_such_path"


MUG = "用户打碎了一只马克杯"


def test_one_request_adds_for_several_users(api: TestClient, running: Container) -> None:
    memories = [
        {"content": "每周三练合唱", "user_id": "mira"},
        {"content": "养了两只乌龟", "user_id": "noor", "metadata": {"n": 2}},
        {"content": "怕坐飞机"},
    ]
    said = api.post("/api/memory/batch-add", json={"user_id": "noor", "memories": memories})
    data = said.json()["data"]
    assert (data["added"], data["user_id"], data["group_id"]) == (3, "", None)
    assert sorted((m["user_id"], m["text"]) for m in data["memories"]) == [
        ("mira", "每周三练合唱"),
        ("noor", "养了两只乌龟"),
        ("noor", "怕坐飞机"),
    ]
    for group in data["group_ids"]:
        assert api.post(f"/api/memory/undo/{group}").status_code == 200
    for user in ("mira", "noor"):
        assert api.get(f"/api/memory/user/{user}").json()["data"]["total"] == 0
    # All or none: nobody gets anything of a request with a mistake in it.
    memories[2]["category"] = "nonsense"
    wrong = api.post("/api/memory/batch-add", json={"user_id": "otto", "memories": memories})
    assert wrong.json()["error"] == "memory_category"
    del memories[2]["category"]
    nobody = api.post("/api/memory/batch-add", json={"memories": memories})
    assert nobody.json()["error"] == "user_id_missing"
    assert api.get("/api/memory/user/mira").json()["data"]["total"] == 0
    assert "otto" not in {user.id for user in running.db.users.all()}


def test_with_accounts_a_batch_reaches_nobody_else(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("mira", "noor"):
        running.db.users.create(name, id=name)
    secret = running.accounts.create_token("mira", "test", ["memory"])[1]
    memories = [{"content": MUG}, {"content": "x", "user_id": "noor"}]
    answer = api.post(
        "/api/memory/batch-add",
        json={"user_id": "mira", "memories": memories},
        headers={"authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, answer.json()["error"]) == (404, "user_not_found")
    assert running.store.reads.count(Owner("mira", "niannian")) == 0


def test_search_by_address(api: TestClient) -> None:
    api.post("/api/memory/add", json={"user_id": "mira", "content": MUG})
    asked = {"user_id": "mira", "query": "马克杯", "limit": 1}
    for path in ("/api/memory/search", "/api/chat/search-memories"):
        (found,) = api.get(path, params=asked).json()["data"]["memories"]
        assert found["text"] == MUG
        assert found["relevance_score"] == found["score"]
    limited = {**asked, "threshold": 0.99}
    assert api.get("/api/memory/search", params=limited).json()["data"]["memories"] == []
    assert api.post("/api/memory/search", json=limited).json()["data"]["total"] == 0
    other = {**asked, "category": "health"}
    assert api.get("/api/memory/search", params=other).json()["data"]["total"] == 0
    assert api.get("/api/memory/search", params={"user_id": "mira"}).status_code == 422


@pytest.mark.parametrize(
    "messages",
    [
        "我对开心果过敏。",
        {"role": "user", "content": "我对开心果过敏。"},
        [
            {"role": "system", "content": "You are a nurse. The patient is allergic to latex."},
            {"role": "tool", "content": "Allergy: penicillin"},
            {"role": "user", "content": [{"type": "text", "text": "我对开心果过敏。"}]},
        ],
        [{"role": "user", "name": "mira", "content": "我对开心果过敏。"}],
    ],
)
@pytest.mark.parametrize("path", ["/api/memory/add", "/api/v1/memories", "/v1/memories/"])
def test_messages_in_every_form(api: TestClient, path: str, messages: object) -> None:
    said = api.post(path, json={"user_id": "mira", "messages": messages})
    assert said.status_code == 200, said.text
    (memory,) = api.get("/api/memory/user/mira").json()["data"]["memories"]
    assert "开心果" in memory["text"]


@pytest.mark.parametrize("path", ["/api/memory/add", "/v3/memories/add/"])
def test_what_a_friend_says_is_not_about_the_user(api: TestClient, path: str) -> None:
    messages = [
        {"role": "user", "name": "Otto", "content": "I am allergic to pistachios."},
        {"role": "user", "name": "小王", "content": "我对开心果过敏。"},
        {"role": "user", "name": "Mira", "content": "I play the cello."},
    ]
    api.post(path, json={"user_id": "mira", "messages": messages})
    data = api.get("/api/memory/user/mira").json()["data"]
    assert [memory["text"] for memory in data["memories"]] == ["The user plays the cello"]
    (session,) = api.get("/api/sessions?user_id=mira").json()["data"]["sessions"]
    page = api.get(f"/api/sessions/{session['session_id']}/messages").json()["data"]
    assert [message["text"] for message in page["messages"]] == [
        "Otto said: “I am allergic to pistachios.”",
        "小王说：“我对开心果过敏。”",
        "I play the cello.",
    ]


def test_nobody_said_anything(calm: TestClient) -> None:
    for messages in ([{"role": "system", "content": "Be kind."}], [], "", {"content": 7}):
        for path in ("/api/memory/add", "/api/v1/memories", "/api/memory/extract"):
            answer = calm.post(path, json={"user_id": "xiaoyu", "messages": messages})
            assert answer.status_code == 422, (path, messages)
            assert answer.json()["message"].endswith(".")


def test_the_bare_address_is_for_browsers_and_for_programs(calm: TestClient) -> None:
    assert calm.get("/", headers={"accept": "*/*"}).json()["name"] == "Niannian 念念"
    # The page isn't part of this server; there is nobody else to answer.
    assert calm.get("/", headers={"accept": "text/html,*/*;q=0.8"}).status_code == 404
    assert calm.get("/redoc", follow_redirects=False).headers["location"] == "/api/docs"
