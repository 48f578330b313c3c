"""Programs written for a plain memory service: their requests as they send them, their shapes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from memory.container import Container
from memory.types import Owner


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
    assert sum(data["category_distribution"].values()) == data["total_memories"] == 2


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
    assert any("攀岩" in interest for interest in profile["key_interests"])
    kept = api.delete("/api/v1/users/mira/memories/cleanup", params={"days_old": 3}).json()
    assert kept["deleted_count"] == 0
    day = datetime.fromisoformat(kept["cleanup_date"])
    assert timedelta(days=2) < running.clock() - day < timedelta(days=4)
    assert api.get("/api/v1/users/nobody/profile").status_code == 404
    assert api.get("/api/v1/nothing").json()["error"] == "no_such_path"
