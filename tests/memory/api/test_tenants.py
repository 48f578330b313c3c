"""Tenants: users of one are not found by the requests of another, wherever it is named."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner

NORTH, SOUTH = {"x-tenant-id": "north"}, {"x-tenant-id": "south"}


def keep(api: TestClient, user: str, text: str, headers: dict[str, str]) -> str:
    body = {"user_id": user, "text": text}
    answer = api.post("/api/memory/add", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    id: str = answer.json()["data"]["memory_id"]
    return id


def test_a_user_belongs_to_whom_they_were_made_for(api: TestClient, running: Container) -> None:
    named: list[dict[str, Any]] = [
        {"headers": NORTH, "json": {"user_id": "a", "text": "x"}},
        {"params": {"tenant_id": "north"}, "json": {"user_id": "b", "text": "x"}},
        {"json": {"user_id": "c", "text": "x", "tenant_id": "north"}},
    ]
    for given in named:
        assert api.post("/api/memory/add", **given).status_code == 200
    api.post("/api/memory/add", json={"user_id": "d", "text": "x"})
    made = api.post("/api/users", json={"user_id": "e", "name": "E", "tenant_id": "south"})
    assert made.json()["data"]["tenant_id"] == "south"
    assert running.db.users.of_tenant("north") == ["a", "b", "c"]
    listed = api.get("/api/users", headers=NORTH).json()["data"]
    assert [user["user_id"] for user in listed["users"]] == ["a", "b", "c"]
    assert api.get("/api/users").json()["data"]["total"] == 5


def test_others_users_are_not_found(api: TestClient, running: Container) -> None:
    id = keep(api, "mira", "Keeps bees", NORTH)
    said = api.post(
        "/api/chat/message", json={"user_id": "mira", "message": "hello"}, headers=NORTH
    ).json()
    for method, path, body in (
        ("GET", "/api/memory/user/mira", None),
        ("GET", f"/api/memory/memory/{id}", None),
        ("GET", f"/v1/memories/{id}/", None),
        ("DELETE", f"/v1/memories/{id}/", None),
        ("PUT", "/api/memory/update", {"memory_id": id, "text": "y"}),
        ("POST", "/api/memory/add", {"user_id": "mira", "text": "y"}),
        ("POST", "/api/memory/search", {"user_id": "mira", "query": "bees"}),
        ("POST", "/v3/memories/add/", {"user_id": "mira", "messages": "y", "infer": False}),
        ("GET", f"/api/sessions/{said['session_id']}", None),
        ("GET", f"/api/messages/{said['message_id']}", None),
        ("GET", "/api/users/mira", None),
        ("DELETE", "/api/users/mira", None),
        ("GET", "/api/users/mira/access", None),
        ("GET", "/api/graph/mira", None),
    ):
        answer = api.request(method, path, json=body, headers=SOUTH)
        assert answer.status_code == 404, (method, path, answer.text)
    assert running.store.reads.count(Owner("mira", "niannian")) == 1


def test_what_names_everybody_means_the_tenant_s(api: TestClient) -> None:
    keep(api, "mira", "Keeps bees", NORTH)
    keep(api, "noor", "Keeps wasps", SOUTH)
    agent = {"agent_id": "clerk", "messages": "Knows the bus times", "infer": False}
    for tenant in (NORTH, SOUTH):
        made = api.post("/v3/memories/add/", json=agent, headers=tenant)
        assert made.status_code == 200, made.text
    everybody = {"filters": {"OR": [{"user_id": "*"}, {"agent_id": "*"}]}}
    listed = api.post("/v3/memories/", json=everybody, headers=NORTH).json()
    assert sorted(one["memory"] for one in listed["results"]) == [
        "Keeps bees",
        "Knows the bus times",
    ]
    assert {one["user_id"] for one in listed["results"]} == {"mira", None}
    found = api.post("/v3/memories/search/", json={"query": "Keeps", **everybody}, headers=SOUTH)
    assert [one["memory"] for one in found.json()["results"]] == ["Keeps wasps"]
    users = api.get("/v1/entities/", headers=SOUTH).json()["results"]
    assert [one["name"] for one in users if one["type"] == "user"] == ["noor"]
    assert api.delete("/v1/memories/?user_id=*", headers=NORTH).json()["deleted"] == 2
    assert api.post("/v3/memories/", json=everybody).json()["count"] == 2
    assert api.get("/v1/memories/events/", headers=SOUTH).json()["count"] == 2


@pytest.mark.parametrize(
    "given",
    [
        {"headers": {"x-tenant-id": "no spaces"}},
        {"headers": {"x-tenant-id": "x" * 300}},
        {"headers": NORTH, "params": {"tenant_id": "south"}},
        {"json": {"user_id": "xiaoyu", "query": "x", "tenant_id": 7}},
        {"json": {"user_id": "xiaoyu", "query": "x", "tenant_id": ["north"]}},
    ],
)
def test_what_is_no_tenant(calm: TestClient, given: dict[str, Any]) -> None:
    answer = calm.post("/api/memory/search", **{"json": {"user_id": "x", "query": "x"}, **given})
    assert (answer.status_code, answer.json()["error"]) == (400, "tenant_id")


def test_no_body_names_none(calm: TestClient) -> None:
    for path in ("/api/memory/search", "/api/chat/audio"):
        for content in (b"", b"null", b"{", b"\xff\xfe", b"[" * 5_000):
            answer = calm.post(path, content=content, headers={"content-type": "application/json"})
            assert answer.status_code in (400, 422)


def test_a_tenant_comes_along_with_an_export(api: TestClient, running: Container) -> None:
    keep(api, "mira", "Keeps bees", NORTH)
    whole = api.get("/api/memory/export/mira", headers=NORTH).json()
    assert whole["user"]["tenant_id"] == "north"
