"""The rolling summary over the API: read, changed, forgotten, and what a model then reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.llm.learned import forget
from memory.types import Owner, SessionSummary
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    forget()
    with FakeOpenAI() as running:
        yield running


def summed_up(running: Container, owner: Owner, text: str) -> str:
    session = running.db.sessions.create(owner)
    running.db.messages.add(owner, session.id, "user", "很早的一句")
    running.db.sessions.summarise(owner, session.id, SessionSummary(text, 1, running.clock()))
    return session.id


def test_a_changed_summary_goes_along_with_the_next_message(
    serve: Serve, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    api: TestClient = serve()
    running: Container = api.running  # type: ignore[attr-defined]
    owner = Owner(running.db.users.create("小雨", id="xiaoyu").id, "niannian")
    session = summed_up(running, owner, "用户说起西湖。")
    place = f"/api/chat/summary/{session}"
    assert api.get(place).json()["data"]["text"] == "用户说起西湖。"

    changed = api.put(place, json={"text": "用户说起断桥。"}).json()["data"]
    assert (changed["text"], changed["edited"], changed["upto"]) == ("用户说起断桥。", True, 1)
    body = {"user_id": "xiaoyu", "session_id": session, "message": "后来呢"}
    assert api.post("/api/chat/message", json=body).status_code == 200
    asked = server.chats()[0]
    assert "断桥" in asked.prompt
    assert "很早的一句" not in asked.prompt

    assert api.delete(place).status_code == 200
    assert api.get(place).json()["error"] == "summary_not_found"
    assert api.put(place, json={"text": "x"}).status_code == 404
    assert api.get("/api/chat/summary/nobodys").json()["error"] == "session_not_found"
    assert api.put(place, json={"text": "很" * 3000}).status_code in (400, 422)


def test_a_session_is_found_by_the_name_that_its_user_gave_it(
    serve: Serve, server: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    api: TestClient = serve()
    running: Container = api.running  # type: ignore[attr-defined]
    body = {"user_id": "xiaoyu", "session_id": "evening", "message": "晚上好"}
    assert api.post("/api/chat/message", json=body).status_code == 200
    owner = Owner("xiaoyu", "niannian")
    id = running.db.sessions.of(owner)[0].id
    running.db.sessions.summarise(owner, id, SessionSummary("聊了晚饭。", 1, running.clock()))
    mine = {"user_id": "xiaoyu"}
    assert api.get("/api/chat/summary/evening", params=mine).json()["data"]["text"] == "聊了晚饭。"
    assert api.get("/api/chat/summary/evening").status_code == 404
    assert api.delete("/api/chat/summary/evening", params=mine).status_code == 200
    assert running.db.sessions.get(owner, id).summary is None
