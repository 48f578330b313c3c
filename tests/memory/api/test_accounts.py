"""With accounts: two people try every route with each other's ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import AccessEntry, MemoryFilter, Owner, SessionSummary, Status
from tests.memory.api.conftest import Serve, add

EVERYTHING = MemoryFilter(statuses=frozenset(Status))
SECRET_TEXT = "用户的暗号是青蛙"


@dataclass
class Two:
    """Anna and Ben, each with a memory, a session and a token."""

    api: TestClient
    running: Container
    anna: Owner
    memory: str
    session: str
    change: str
    anna_token: str
    ben_token: str

    def as_(self, token: str) -> dict[str, str]:
        return {"authorization": f"Bearer {token}"}

    def state(self) -> tuple[Any, ...]:
        db, store = self.running.db, self.running.store
        return (
            store.reads.matching(self.anna, EVERYTHING),
            db.history.of(self.anna, limit=None),
            db.messages.of(self.anna, self.session),
            db.users.get("anna"),
            db.sessions.of(self.anna),
        )


@pytest.fixture
def two(serve: Serve) -> Two:
    api = serve(accounts="required", served_to_others="true")
    running: Container = api.running  # type: ignore[attr-defined]
    for name in ("anna", "ben"):
        running.db.users.create(name.title(), id=name)
    anna = Owner("anna", "niannian")
    memory = add(running, anna, SECRET_TEXT)
    add(running, Owner("ben", "niannian"), "用户喜欢滑雪")
    session = running.db.sessions.create(anna)
    running.db.messages.add(anna, session.id, "user", SECRET_TEXT)
    summary = SessionSummary(SECRET_TEXT, 1, running.clock())
    running.db.sessions.summarise(anna, session.id, summary)
    return Two(
        api=api,
        running=running,
        anna=anna,
        memory=memory,
        session=session.id,
        change=running.db.history.of(anna)[0].id,
        anna_token=running.accounts.create_token("anna", "phone", ["chat", "memory"])[1],
        ben_token=running.accounts.create_token("ben", "phone", ["chat", "memory"])[1],
    )


def attempts(two: Two) -> list[tuple[str, str, Any]]:
    """Every route with Anna's ids; ``None`` for a body: none."""
    user, memory = "anna", two.memory
    talk = [{"role": "user", "content": "嗨"}]
    return [
        ("POST", "/api/chat/message", {"user_id": user, "message": "hi"}),
        ("POST", "/api/chat/message", {"user_id": user, "message": "hi", "stream": True}),
        (
            "POST",
            "/api/chat/message",
            {"user_id": "ben", "message": "hi", "session_id": two.session},
        ),
        ("POST", "/api/chat/search-memories", {"user_id": user, "query": "暗号"}),
        ("GET", f"/api/chat/memories/{user}", None),
        ("DELETE", f"/api/chat/memory/{memory}", None),
        ("DELETE", f"/api/chat/memory/{memory}?user_id=anna", None),
        ("DELETE", f"/api/chat/memories/{user}", None),
        ("GET", f"/api/chat/summary/{two.session}", None),
        ("PUT", f"/api/chat/summary/{two.session}", {"text": "别的"}),
        ("DELETE", f"/api/chat/summary/{two.session}", None),
        ("POST", "/api/memory/add", {"user_id": user, "text": "用户怕高"}),
        ("POST", "/api/memory/add", {"user_id": user, "messages": talk}),
        (
            "POST",
            "/api/memory/add",
            {"user_id": "ben", "messages": talk, "session_id": two.session},
        ),
        ("POST", "/api/memory/batch-add", {"user_id": user, "memories": [{"text": "用户怕高"}]}),
        ("POST", "/api/memory/search", {"user_id": user, "query": "暗号"}),
        ("POST", "/api/memory/extract", {"user_id": user, "messages": talk}),
        ("POST", f"/api/memory/process/{user}?timeout=0", None),
        ("GET", f"/api/memory/user/{user}", None),
        ("PUT", "/api/memory/update", {"memory_id": memory, "text": "用户的暗号是别的"}),
        ("PUT", "/api/memory/update", {"memory_id": memory, "user_id": "ben", "pinned": True}),
        ("DELETE", f"/api/memory/memory/{memory}", None),
        ("DELETE", f"/api/memory/user/{user}", None),
        ("GET", f"/api/memory/history/{memory}", None),
        ("POST", f"/api/memory/undo/{two.change}", None),
        ("GET", f"/api/memory/stats/{user}", None),
        ("GET", f"/api/memory/context/{user}?message=hi", None),
        ("GET", f"/api/memory/diary/{user}", None),
        ("GET", f"/api/memory/export/{user}", None),
        ("POST", "/api/memory/import", {"user_id": user, "content": "我: 你好"}),
        (
            "POST",
            "/api/memory/batch-update",
            {"user_id": user, "memory_ids": [memory], "pinned": True},
        ),
        (
            "POST",
            "/api/memory/batch-update",
            {"user_id": "ben", "memory_ids": [memory], "pinned": True},
        ),
        ("POST", "/api/memory/batch-delete", {"user_id": user, "memory_ids": [memory]}),
        ("POST", "/api/memory/batch-delete", {"user_id": "ben", "memory_ids": [memory]}),
        ("GET", f"/api/users/{user}/profile", None),
        ("DELETE", f"/api/users/{user}/memories/cleanup?days_old=0", None),
        ("GET", f"/api/users/{user}/access", None),
        ("GET", f"/api/users/{user}/care", None),
        ("PUT", f"/api/users/{user}/care", {"minor": True}),
        ("POST", "/api/complaints", {"user_id": user, "text": "too slow"}),
        ("GET", f"/api/complaints?user_id={user}", None),
        ("DELETE", f"/api/users/{user}", None),
    ]


def test_nothing_of_another_is_found_and_nothing_changes(two: Two) -> None:
    before = two.state()
    for method, path, body in attempts(two):
        answer = two.api.request(method, path, json=body, headers=two.as_(two.ben_token))
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.json()["error"].endswith("_not_found")
        assert SECRET_TEXT not in answer.text
        assert "Anna" not in answer.text
    assert two.state() == before


def test_another_s_id_and_an_unknown_one_get_the_same_answer(two: Two) -> None:
    def said(path: str) -> tuple[int, str, str]:
        answer = two.api.get(path, headers=two.as_(two.ben_token))
        return answer.status_code, answer.json()["error"], answer.json()["message"]

    for path in ("/api/memory/user/{}", "/api/memory/stats/{}", "/api/users/{}/profile"):
        assert said(path.format("anna")) == said(path.format("nobody"))
    assert said(f"/api/memory/history/{two.memory}") == said("/api/memory/history/unknown")


def test_the_list_of_users_holds_oneself(two: Two) -> None:
    data = two.api.get("/api/users", headers=two.as_(two.ben_token)).json()["data"]
    assert [user["user_id"] for user in data["users"]] == ["ben"]
    assert data["total"] == 1


def test_one_s_own_is_found(two: Two) -> None:
    for method, path, body in attempts(two):
        if method == "DELETE" or (body or {}).get("user_id") == "ben" or "undo" in path:
            continue
        answer = two.api.request(method, path, json=body, headers=two.as_(two.anna_token))
        assert answer.status_code in (200, 400), (method, path, answer.text)


@pytest.mark.parametrize(
    "header", [None, "Bearer nn_0_wrong", "Bearer", "Basic YTpi", "nn_x_y", "Bearer \xff"]
)
def test_without_a_right_token_nothing_is_answered(two: Two, header: str | None) -> None:
    headers = {"authorization": header.encode("latin-1")} if header else {}
    for method, path, body in [
        *attempts(two),
        ("GET", "/api/users", None),
        ("GET", "/metrics", None),
        ("GET", "/health/detailed", None),
        ("POST", "/mcp", {}),
    ]:
        answer = two.api.request(method, path, json=body, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.json()["error"] in ("token_missing", "token_wrong")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert two.api.get("/health").status_code == 200


def test_a_revoked_token_is_refused_at_once(two: Two) -> None:
    token, secret = two.running.accounts.create_token("ben", "old", ["memory"])
    headers = two.as_(secret)
    assert two.api.get("/api/memory/user/ben", headers=headers).status_code == 200
    two.running.accounts.revoke("ben", token.id)
    assert two.api.get("/api/memory/user/ben", headers=headers).status_code == 401


def test_a_token_is_good_for_its_scopes_only(two: Two) -> None:
    create = two.running.accounts.create_token
    chat, memory = create("ben", "c", ["chat"])[1], create("ben", "m", ["memory"])[1]
    say = {"user_id": "ben", "message": "hi"}
    for token, status in ((chat, 200), (memory, 403)):
        answer = two.api.post("/api/chat/message", json=say, headers=two.as_(token))
        assert answer.status_code == status
    for token, status in ((chat, 403), (memory, 200)):
        answer = two.api.get("/api/memory/user/ben", headers=two.as_(token))
        assert answer.status_code == status
    assert two.api.get("/metrics", headers=two.as_(memory)).status_code == 403


def test_a_designer_sees_all_and_every_look_is_written_down(two: Two) -> None:
    two.running.db.logins.set_role("ben", "designer")
    scopes = ["memory", "designer"]
    token = two.running.accounts.create_token("ben", "studio", scopes)[1]
    answer = two.api.get("/api/memory/user/anna", headers=two.as_(token))
    assert answer.json()["data"]["memories"][0]["id"] == two.memory
    looks = two.running.db.access_log.entries("anna")
    assert [(look.by_user_id, look.what) for look in looks] == [
        ("ben", "GET /api/memory/user/{user_id}")
    ]
    assert two.api.get("/metrics", headers=two.as_(token)).status_code == 200
    # A program can't make people here; they sign in.
    unknown = {"user_id": "somebody", "text": "用户怕高"}
    assert two.api.post("/api/memory/add", json=unknown, headers=two.as_(token)).status_code == 404


def test_locally_a_wrong_token_is_still_a_mistake(api: TestClient) -> None:
    answer = api.get("/api/users", headers={"authorization": "Bearer nn_0_wrong"})
    assert (answer.status_code, answer.json()["error"]) == (401, "token_wrong")


def test_locally_a_token_sees_its_own_user_only(api: TestClient, running: Container) -> None:
    for name in ("anna", "ben"):
        running.db.users.create(name, id=name)
    secret = running.accounts.create_token("ben", "phone", ["memory"])[1]
    headers = {"authorization": f"Bearer {secret}"}
    assert api.get("/api/memory/user/ben", headers=headers).status_code == 200
    assert api.get("/api/memory/user/anna", headers=headers).status_code == 404
    assert api.get("/api/memory/user/anna").status_code == 200


# --- the access log -------------------------------------------------------------------


@pytest.fixture
def designer(two: Two) -> dict[str, str]:
    """The headers of Ben, who is a designer now."""
    two.running.db.logins.set_role("ben", "designer")
    scopes = ["chat", "memory", "designer"]
    return two.as_(two.running.accounts.create_token("ben", "studio", scopes)[1])


def logged(two: Two, headers: dict[str, str], user_id: str = "anna") -> list[tuple[str, str]]:
    answer = two.api.get(f"/api/users/{user_id}/access", headers=headers)
    assert answer.status_code == 200, answer.text
    return [(entry["action"], entry["by_user_id"]) for entry in answer.json()["data"]["entries"]]


def test_what_a_designer_s_token_did_stays_when_its_victim_is_erased(
    two: Two, designer: dict[str, str]
) -> None:
    said = {"user_id": "anna", "message": "我讨厌所有人"}
    assert two.api.post("/api/chat/message", json=said, headers=designer).status_code == 200
    change = {"memory_id": two.memory, "text": "用户爱撒谎"}
    assert two.api.put("/api/memory/update", json=change, headers=designer).status_code == 200
    search = {"user_id": "anna", "query": "x"}
    assert two.api.post("/api/memory/search", json=search, headers=designer).status_code == 200
    expected = [("view", "ben"), ("change", "ben"), ("chat", "ben")]
    # Anna reads it herself.
    assert logged(two, two.as_(two.anna_token)) == expected
    assert two.api.delete("/api/users/anna", headers=designer).status_code == 200
    after = logged(two, designer)
    assert after == [("erase", "ben"), *expected]
    entries = two.running.db.access_log.entries("anna")
    assert {entry.token_id for entry in entries} == {designer["authorization"].split("_")[1]}
    # Ids and routes, never a word that was said.
    assert "讨厌" not in str(entries)
    assert "撒谎" not in str(entries)


def test_what_a_designer_s_token_does_with_age_contact_and_complaints_is_logged(
    two: Two, designer: dict[str, str]
) -> None:
    two.running.db.operators.set_emergency_contact("anna", "aunt 021 555")
    complaint = two.running.db.operators.add_complaint("anna", "It never listens.")
    steps: list[tuple[str, str, Any]] = [
        ("GET", "/api/users/anna/care", None),
        ("PUT", "/api/users/anna/care", {"minor": True}),
        ("GET", "/api/complaints", None),
        ("GET", "/api/complaints?user_id=anna", None),
        ("PUT", f"/api/complaints/{complaint.id}", {"answer": "It does now."}),
    ]
    for method, path, body in steps:
        answer = two.api.request(method, path, json=body, headers=designer)
        assert answer.status_code == 200, answer.text
    entries = two.running.db.access_log.entries("anna")
    assert [entry.action for entry in reversed(entries)] == [
        *("view", "change", "view", "view", "change")
    ]
    assert {entry.by_user_id for entry in entries} == {"ben"}
    assert "021" not in str(entries)


def test_reading_the_log_of_another_is_logged_itself(two: Two, designer: dict[str, str]) -> None:
    assert logged(two, designer) == []
    assert logged(two, designer) == [("view", "ben")]


def test_nobody_reads_the_log_of_another(two: Two) -> None:
    answer = two.api.get("/api/users/anna/access", headers=two.as_(two.ben_token))
    assert (answer.status_code, answer.json()["error"]) == (404, "user_not_found")


def test_erasing_oneself_is_written_down_too(two: Two) -> None:
    assert two.api.delete("/api/users/anna", headers=two.as_(two.anna_token)).status_code == 200
    (entry,) = two.running.db.access_log.entries("anna")
    assert (entry.action, entry.by_user_id) == ("erase", "anna")


def test_the_log_is_read_page_by_page(two: Two, designer: dict[str, str]) -> None:
    for _ in range(5):
        two.api.get("/api/memory/user/anna", headers=designer)
    seen, cursor = 0, None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        path = "/api/users/anna/access"
        data = two.api.get(path, params=query, headers=two.as_(two.anna_token)).json()["data"]
        seen += len(data["entries"])
        cursor = data["next_cursor"]
        if cursor is None:
            break
    assert seen == 5


def test_what_is_older_than_the_settings_say_is_forgotten(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: Container = serve(accounts="required", access_log_days="30").running  # type: ignore[attr-defined]
    now = running.clock()
    for days in (40, 10):
        at = now - timedelta(days=days)
        running.db.access_log.add(AccessEntry(at, "boss", "anna", None, "memories"))
    for name in ("anna", "boss"):
        running.db.users.create(name, id=name)
    running.accounts.look(running.db.users.get("boss"), "anna", "chat")
    assert [entry.what for entry in running.db.access_log.entries("anna")] == ["chat", "memories"]


def test_whoever_signs_in_again_after_an_erasure_sees_who_erased_them(two: Two) -> None:
    db = two.running.db
    first = db.logins.create("https://id.example|lin", "Lin", role="person", timezone=None)
    two.running.accounts.look(db.users.get("ben"), first.id, "settings", "erase")
    two.running.erase_user(first.id)
    again = db.logins.create("https://id.example|lin", "Lin", role="person", timezone=None)
    assert again.id != first.id
    assert [entry.action for entry in db.access_log.entries(again.id)] == ["erase"]
    other = db.logins.create("https://id.example|mei", "Mei", role="person", timezone=None)
    assert db.access_log.entries(other.id) == []
