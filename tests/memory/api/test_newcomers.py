"""A new user id makes a profile when something is stored for it, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.api.dependencies import RequestScope
from memory.container import Container
from memory.errors import NotFound
from memory.types import Owner
from tests.memory.api.conftest import client_of
from tests.memory.api.test_mcp import call

TALK = "Me: 我对花生过敏\n念念: 记下了"
SAID = [{"role": "user", "content": "我对花生过敏"}]


REFUSED: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("memory/import", {"content": TALK, "dry_run": True}, 200),
    ("memory/import", {"content": "zzz"}, 400),
    ("memory/import", {"content": "zzz", "dry_run": True}, 400),
    ("memory/import", {"content": [{"memory": ""}]}, 200),
    ("memory/import", {"content": TALK, "persona_id": "nobody"}, 404),
    ("chat/message", {"message": "你好", "session_id": "a/b"}, 422),
    ("chat/message", {"message": "\x00 "}, 400),
    ("memory/add", {"text": "用户怕高", "event_date": "yesterday"}, 400),
    ("memory/add", {"text": "用户怕高", "category": "nonsense"}, 400),
    ("memory/add", {"text": " "}, 400),
    ("memory/add", {"messages": SAID, "session_id": "a/b"}, 422),
    ("memory/batch-add", {"memories": [{"text": "用户怕高"}, {"text": " "}]}, 400),
    ("memory/batch-add", {"memories": [{"text": "用户怕高", "event_date": "x"}]}, 400),
)
"""Path, body and status of what is only looked at, or can't be taken."""


def test_what_stores_nothing_leaves_no_profile(api: TestClient, running: Container) -> None:
    for path, body, status in REFUSED:
        answer = api.post(f"/api/{path}", json={"user_id": "ghost", **body})
        assert answer.status_code == status, (body, answer.text)
        assert running.db.users.all() == [], body
        assert running.store.reads.owners() == []


def test_a_tool_s_mistake_leaves_no_profile_either(api: TestClient, running: Container) -> None:
    for text, date in (("", ""), ("用户怕高", "soon")):
        assert call(api, "add_memory", user_id="ghost", text=text, event_date=date)["isError"]
    assert running.db.users.all() == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("memory/import", {"content": TALK}),
        ("chat/message", {"message": "你好"}),
        ("memory/add", {"text": "用户怕高"}),
        ("memory/add", {"messages": SAID}),
        ("memory/batch-add", {"memories": [{"text": "用户怕高"}]}),
    ],
)
def test_what_stores_something_makes_the_profile(
    api: TestClient, running: Container, path: str, body: Any
) -> None:
    answer = api.post(f"/api/{path}", json={"user_id": "guest", **body})
    assert answer.status_code == 200, answer.text
    assert [user.id for user in running.db.users.all()] == ["guest"]


def test_a_preview_says_the_same_before_and_after_there_is_a_profile(
    api: TestClient, running: Container
) -> None:
    body = {"user_id": "guest", "content": TALK, "dry_run": True}
    before = api.post("/api/memory/import", json=body).json()
    running.db.users.create("guest", id="guest")
    after = api.post("/api/memory/import", json=body).json()
    assert before["data"] == after["data"]
    assert before["data"]["counts"]["learnt"] == 1


def test_two_first_requests_at_once_are_both_answered(
    calm_parts: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one makes the profile after this one saw that there was none."""
    settle_in = RequestScope.settle_in

    def slow(self: RequestScope, owner: Owner) -> None:
        calm_parts.db.users.create("quicker", id=owner.user_id)
        settle_in(self, owner)

    monkeypatch.setattr(RequestScope, "settle_in", slow)
    with client_of(calm_parts) as client:
        body = {"user_id": "racing", "text": "用户怕高"}
        answer = client.post("/api/memory/add", json=body)
    assert answer.status_code == 200, answer.text
    assert calm_parts.db.users.get("racing").name == "quicker"
    calm_parts.erase_user("racing")
    with pytest.raises(NotFound):
        calm_parts.db.users.get("racing")
