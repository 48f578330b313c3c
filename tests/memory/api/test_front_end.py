"""A front end of one's own: a little phone app, and what it must not see."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.memory.api.conftest import Serve


class PhoneApp:
    """What a phone would do; every answer must be a good one."""

    def __init__(self, api: TestClient, token: str = "") -> None:
        self._api = api
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, **given: Any) -> Any:
        answer = self._api.request(method, path, headers=self._headers, **given)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        return said.get("data", said)

    def say(self, text: str, **more: Any) -> Any:
        return self("POST", "/api/chat/message", json={"user_id": "mei", "message": text, **more})


def test_a_little_phone_app(api: TestClient) -> None:
    app = PhoneApp(api)
    mei = {"user_id": "mei", "name": "小梅", "language": "zh", "timezone": "Asia/Shanghai"}
    made = app("POST", "/api/users", json={**mei, "region": "cn"})
    assert (made["name"], made["timezone"], made["region"]) == ("小梅", "Asia/Shanghai", "CN")
    changed = app("PATCH", "/api/users/mei", json={"name": "梅", "region": None})
    assert (changed["name"], changed["region"], changed["language"]) == ("梅", None, "zh")
    assert app("GET", "/api/users/mei") == changed

    (first, *_) = app("GET", "/api/personas")["personas"]
    assert app("GET", f"/api/personas/{first['persona_id']}") == first
    drawing = api.get(first["avatar"])
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert drawing.text.lstrip().startswith("<svg")

    session = app("POST", "/api/sessions", json={"user_id": "mei", "greet": True})["session_id"]
    app.say("我对花生过敏。", session_id=session)
    app("POST", "/api/memory/process/mei")
    reply = app.say("我吃什么会过敏？", session_id=session)
    assert "花生" in reply["response"]

    (listed,) = app("GET", "/api/sessions", params={"user_id": "mei"})["sessions"]
    assert listed["session_id"] == session
    page = app("GET", f"/api/sessions/{session}/messages")
    roles = [message["role"] for message in page["messages"]]
    assert roles == ["assistant", "user", "assistant", "user", "assistant"]
    opening, told, *_, answered = page["messages"]
    assert opening["opening"] is True
    assert (page["total"], page["next_before"]) == (5, None)
    (learnt,) = told["memories_learnt"]
    assert answered["memories_used"] == reply["memories_used"]
    assert learnt in answered["memories_used"]
    assert app("GET", f"/api/messages/{answered['message_id']}") == answered

    trace = app("GET", answered["trace"])
    assert [one["memory_id"] for one in trace["memories"]] == answered["memories_used"]
    assert trace["usage"] == reply["usage"]
    assert told["trace"] is None

    memory = app("GET", f"/api/memory/memory/{learnt}")
    assert "花生" in memory["text"]
    app("PUT", "/api/memory/update", json={"memory_id": learnt, "text": "用户对坚果过敏"})
    assert app("GET", f"/api/memory/memory/{learnt}")["text"] == "用户对坚果过敏"
    assert app("GET", answered["trace"])["memories"] == trace["memories"]

    app("PATCH", f"/api/sessions/{session}", json={"title": "过敏"})
    assert app("GET", f"/api/sessions/{session}")["title"] == "过敏"
    app("PATCH", f"/api/sessions/{session}", json={"pinned": True})
    assert app("GET", "/api/sessions?user_id=mei")["sessions"][0]["pinned"] is True
    assert api.patch(f"/api/sessions/{session}", json={}).json()["error"] == "nothing_to_change"
    assert app("PATCH", f"/api/sessions/{session}", json={"folder": "健康"})["folder"] == "健康"
    whose = {"user_id": "mei"}
    assert app("GET", "/api/session-folders", params=whose)["folders"] == ["健康"]
    for folder, number in (("健康", 1), ("", 0), ("别的", 0)):
        listed = app("GET", "/api/sessions", params={**whose, "folder": folder})["sessions"]
        assert len(listed) == number
    app("PATCH", f"/api/sessions/{session}", json={"folder": ""})
    assert app("GET", "/api/session-folders", params=whose)["folders"] == []
    gone = app("DELETE", f"/api/messages/{told['message_id']}", params={"forget": True})
    assert told["message_id"] in gone["message_ids"]
    assert len(gone["message_ids"]) == 2
    assert gone["forgotten"] == 1
    assert api.get(f"/api/memory/memory/{learnt}").status_code == 404
    app("POST", f"/api/memory/undo/{gone['group_id']}")
    assert app("GET", f"/api/memory/memory/{learnt}")["text"] == "用户对坚果过敏"
    app("DELETE", f"/api/memory/memory/{learnt}")
    app("DELETE", f"/api/sessions/{session}")
    assert app("GET", "/api/sessions", params={"user_id": "mei"})["sessions"] == []
    assert api.get(f"/api/messages/{answered['message_id']}").json()["error"] == "message_not_found"


def test_pages(api: TestClient, running: Container, owner: Owner) -> None:
    app, db = PhoneApp(api), running.db
    ids = [db.sessions.create(owner, f"talk {number}").id for number in range(5)]
    for number in range(7):
        db.messages.add(owner, ids[0], "user" if number % 2 else "assistant", f"m{number}")
    seen, offset = [], 0
    while offset is not None:
        asked = {"user_id": "xiaoyu", "limit": 2, "offset": offset}
        data = app("GET", "/api/sessions", params=asked)
        seen += [one["session_id"] for one in data["sessions"]]
        offset = data["next_offset"]
    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[0]
    found = app("GET", "/api/sessions", params={"user_id": "xiaoyu", "query": "TALK 3"})
    assert [one["title"] for one in found["sessions"]] == ["talk 3"]
    texts: list[str] = []
    before: dict[str, int] = {}
    while True:
        data = app("GET", f"/api/sessions/{ids[0]}/messages", params={"limit": 3, **before})
        texts = [message["text"] for message in data["messages"]] + texts
        if data["next_before"] is None:
            break
        before = {"before": data["next_before"]}
    assert texts == [f"m{number}" for number in range(7)]


def test_a_session_by_the_caller_s_own_name(api: TestClient) -> None:
    app = PhoneApp(api)
    app.say("你好", session_id="team:7")
    data = app("GET", "/api/sessions/team:7/messages", params={"user_id": "mei"})
    assert [message["text"] for message in data["messages"]][:1] == ["你好"]
    for query in ({}, {"user_id": "nobody"}):
        assert api.get("/api/sessions/team:7", params=query).status_code == 404
    app.say("hello", user_id="ben")
    assert api.get("/api/sessions/team:7", params={"user_id": "ben"}).status_code == 404
    id = data["session"]["session_id"]
    assert api.get(f"/api/sessions/{id}", params={"user_id": "ben"}).status_code == 404


def test_with_accounts_others_are_not_found(serve: Serve) -> None:
    api = serve(accounts="required")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("mei", "ben"):
        running.db.users.create(name, id=name)
    tokens = {
        name: running.accounts.create_token(name, "phone", ["chat", "memory"])[1]
        for name in ("mei", "ben")
    }
    mei = PhoneApp(api, tokens["mei"])
    said = mei.say("我对花生过敏。")
    session, message = said["session_id"], said["message_id"]
    mei("GET", f"/api/messages/{message}/trace")
    assert mei("GET", "/api/sessions")["sessions"][0]["session_id"] == session
    theirs = {"authorization": f"Bearer {tokens['ben']}"}
    for method, path, body in (
        ("GET", f"/api/sessions/{session}", None),
        ("PATCH", f"/api/sessions/{session}", {"title": "mine"}),
        ("DELETE", f"/api/sessions/{session}", None),
        ("GET", f"/api/sessions/{session}/messages", None),
        ("GET", "/api/sessions?user_id=mei", None),
        ("POST", "/api/sessions", {"user_id": "mei"}),
        ("GET", f"/api/messages/{message}", None),
        ("GET", f"/api/messages/{message}/trace", None),
        ("DELETE", f"/api/messages/{message}", None),
        ("GET", "/api/users/mei", None),
        ("PATCH", "/api/users/mei", {"name": "mine"}),
    ):
        answer = api.request(method, path, json=body, headers=theirs)
        assert answer.status_code == 404, (method, path)
        assert api.request(method, path, json=body).status_code == 401, (method, path)
    new = api.post("/api/users", json={"name": "Cat"}, headers=theirs)
    assert (new.status_code, new.json()["error"]) == (403, "only_designers")
    assert mei("PATCH", "/api/users/mei", json={"name": "小梅"})["name"] == "小梅"
    memory_only = running.accounts.create_token("mei", "other", ["memory"])[1]
    refused = api.get("/api/sessions", headers={"authorization": f"Bearer {memory_only}"})
    assert refused.json()["error"] == "scope_missing"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "user_name_empty"),
        ({"user_id": "xiaoyu"}, "user_exists"),
        ({"name": "x" * 81}, "invalid"),
        ({"name": "Ben", "language": "tlh"}, "language"),
        ({"name": "Ben", "timezone": "Mars/Olympus"}, "timezone"),
        ({"name": "Ben", "region": "7!"}, "region"),
        ({"name": "Ben", "colour": "blue"}, "invalid"),
    ],
)
def test_users_that_cannot_be(calm: TestClient, body: dict[str, str], code: str) -> None:
    answer = calm.post("/api/users", json=body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"] == code


def test_a_user_changes_only_what_is_given(calm: TestClient) -> None:
    nothing = calm.patch("/api/users/xiaoyu", json={"name": None})
    assert nothing.json()["error"] == "nothing_to_change"
    assert calm.patch("/api/users/nobody", json={"name": "x"}).status_code == 404
