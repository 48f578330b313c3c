"""What somebody thinks of a memory: kept, filtered by, and a little of the ranking."""

from __future__ import annotations

from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.memory.api.conftest import add

TEA, MORE_TEA = "用户喜欢喝桂花乌龙茶", "用户喜欢喝茉莉乌龙茶"


def found(api: TestClient) -> list[str]:
    body = {"user_id": "xiaoyu", "query": "乌龙茶"}
    return [
        one["text"] for one in api.post("/api/memory/search", json=body).json()["data"]["memories"]
    ]


def test_thumbs_decide_between_equals(api: TestClient, running: Container, owner: Owner) -> None:
    ids = {text: add(running, owner, text) for text in (TEA, MORE_TEA)}
    first, second = found(api)
    for value, expected in (("negative", [second, first]), (None, [first, second])):
        body = {"memory_id": ids[first], "feedback": value}
        assert api.post("/api/memory/feedback", json=body).status_code == 200
        assert found(api) == expected


def test_lists_by_it(api: TestClient, running: Container, owner: Owner) -> None:
    add(running, owner, MORE_TEA)
    body = {"memory_id": add(running, owner, TEA), "feedback": "positive", "reason": "right"}
    api.post("/api/memory/feedback", json=body)
    listed = api.get("/api/memory/user/xiaoyu?feedback=positive&feedback=negative").json()["data"]
    assert [one["text"] for one in listed["memories"]] == [TEA]
    assert listed["total"] == 1
    running.erase_owner(owner)
    assert running.db.feedback.ids(owner, ["positive"]) == frozenset()


def test_what_is_no_feedback(api: TestClient, running: Container, owner: Owner) -> None:
    id = add(running, owner, TEA)
    for body in ({"memory_id": id, "feedback": "meh"}, {"memory_id": id}, {"feedback": None}):
        assert api.post("/api/memory/feedback", json=body).status_code == 422
    unknown = {"memory_id": "nobody", "feedback": "positive"}
    assert api.post("/api/memory/feedback", json=unknown).status_code == 404
