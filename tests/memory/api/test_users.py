from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Kind, MemoryFilter, Owner, Status, Subject
from tests.memory.api.conftest import add

EVERYTHING = MemoryFilter(statuses=frozenset(Status))


def test_users_page_by_page(api: TestClient, running: Container) -> None:
    for number in range(5):
        running.db.users.create(f"User {number}", id=f"u{number}")
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        data = api.get("/api/users", params=query).json()["data"]
        assert data["total"] == 5
        seen += [user["user_id"] for user in data["users"]]
        cursor = data["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == [f"u{number}" for number in range(5)]


def test_a_profile_says_what_is_remembered(
    api: TestClient, running: Container, owner: Owner
) -> None:
    add(running, owner, "用户对花生过敏", importance=5)
    add(running, owner, "用户喜欢滑雪", category="preference")
    add(running, owner, "用户喜欢咖啡", category="preference")
    add(running, owner, "念念喜欢滑雪", subject=Subject.AI, category="preference")
    api.post("/api/chat/message", json={"user_id": "xiaoyu", "message": "你好"})
    data = api.get("/api/users/xiaoyu/profile", headers={"accept-language": "zh"}).json()["data"]
    assert data["user"]["name"] == "小雨"
    assert "花生" in data["summary"]
    assert [line["text"] for line in data["key_interests"]] == ["喜欢咖啡", "喜欢滑雪"]
    assert data["interaction_patterns"]["messages_last_year"] == 2
    assert data["interaction_patterns"]["active_days"] == 1
    assert data["counts"]["memories"] == 4
    assert data["counts"]["about_ai"] == 1


def test_a_profile_of_somebody_unknown_to_the_memories(api: TestClient, owner: Owner) -> None:
    data = api.get("/api/users/xiaoyu/profile").json()["data"]
    assert data["summary"] == "Nothing lasting is remembered about 小雨 yet."
    assert data["key_interests"] == []


def test_cleaning_up_spares_what_is_pinned_and_can_be_undone(
    api: TestClient, running: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = add(running, owner, "用户怕高")
    kept = add(running, owner, "用户对花生过敏", pinned=True)
    path = "/api/users/xiaoyu/memories/cleanup"
    assert api.delete(path).json()["data"]["changed"] == 0
    later = running.clock() + timedelta(days=91)
    object.__setattr__(running, "clock", lambda: later)
    seen = api.delete(path, params={"dry_run": True}).json()
    assert seen["data"]["changed"] == 1
    assert [memory["id"] for memory in seen["data"]["memories"]] == [old]
    assert running.store.reads.count(owner, EVERYTHING) == 2
    done = api.delete(path, params={"days_old": 90}).json()
    assert "can be undone" in done["message"]
    assert done["data"]["kept_pinned"] == 1
    assert [memory.id for memory in running.store.reads.matching(owner, EVERYTHING)] == [kept]
    assert api.post(f"/api/memory/undo/{done['data']['group_id']}").status_code == 200
    assert running.store.reads.count(owner) == 2
    assert api.delete(path, params={"days_old": -1}).status_code == 422


def test_erasing_leaves_nothing(api: TestClient, running: Container, owner: Owner) -> None:
    add(running, owner, "用户对花生过敏")
    add(running, Owner("xiaoyu", "qing"), "用户怕高", kind=Kind.CONSTANT)
    api.post("/api/chat/message", json={"user_id": "xiaoyu", "message": "你好"})
    data = api.delete("/api/users/xiaoyu").json()["data"]
    assert data == {"user_id": "xiaoyu", "memories": 2}
    assert running.db.users.all() == []
    assert running.store.reads.owners() == []
    for path in ("/api/users/xiaoyu/profile", "/api/memory/user/xiaoyu"):
        assert api.get(path).status_code == 404
    assert api.delete("/api/users/xiaoyu").status_code == 404
