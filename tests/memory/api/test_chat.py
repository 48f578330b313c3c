from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.container import Container
from memory.types import MessageState, Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve, add


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_a_new_user_gets_a_profile_a_session_and_a_reply(
    api: TestClient, running: Container
) -> None:
    answer = api.post(
        "/api/chat/message",
        json={"user_id": "new.person", "message": "我叫小雨。", "metadata": {"from": "app"}},
    )
    assert answer.status_code == 200
    said = answer.json()
    assert said["success"] is True
    assert said["response"]
    assert said["memories_used"] == []
    assert said["metadata"] == {"from": "app"}
    assert running.db.users.get("new.person").name == "new.person"
    owner = Owner("new.person", "niannian")
    messages = running.db.messages.of(owner, said["session_id"])
    assert [m.text for m in messages] == ["我叫小雨。", said["response"]]


def test_a_session_goes_on_and_memories_shape_the_reply(
    api: TestClient, running: Container, owner: Owner
) -> None:
    memory = add(running, owner, "用户对花生过敏", importance=5)
    body = {"user_id": "xiaoyu", "message": "我对什么过敏？"}
    first = api.post("/api/chat/message", json=body).json()
    assert memory in first["memories_used"]
    second = api.post("/api/chat/message", json={**body, "session_id": first["session_id"]}).json()
    assert second["session_id"] == first["session_id"]
    assert running.db.messages.count(owner, first["session_id"]) == 4


def test_the_timestamp_is_the_message_s_time(
    api: TestClient, running: Container, owner: Owner
) -> None:
    said = api.post(
        "/api/chat/message",
        json={"user_id": "xiaoyu", "message": "我昨天去了西湖", "timestamp": "2025-10-18T09:00:00"},
    ).json()
    message = running.db.messages.of(owner, said["session_id"])[0]
    # Without a zone it is the user's own: nine in Shanghai is one in the morning UTC.
    assert message.created_at.isoformat() == "2025-10-18T01:00:00+00:00"
    api.post("/api/memory/process/xiaoyu")
    dated = [m.event_date for m in running.store.reads.matching(owner)]
    assert dated == ["2025-10-17"]


def test_not_to_remember_is_respected(api: TestClient, running: Container, owner: Owner) -> None:
    said = api.post(
        "/api/chat/message",
        json={"user_id": "xiaoyu", "message": "我对花生过敏。", "remember": False},
    ).json()
    done = api.post("/api/memory/process/xiaoyu").json()["data"]
    assert (done["done"], done["batches"]) == (True, 0)
    assert running.store.reads.count(owner) == 0
    assert not any(m.remember for m in running.db.messages.of(owner, said["session_id"]))


def test_a_streamed_reply_says_the_same_as_its_pieces(
    api: TestClient, running: Container, owner: Owner
) -> None:
    answer = api.post(
        "/api/chat/message", json={"user_id": "xiaoyu", "message": "我今天很开心", "stream": True}
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = events(answer.text)
    assert found[0][0] == "start"
    assert found[-1][0] == "done"
    pieces = "".join(data["text"] for name, data in found if name == "token")
    assert pieces == found[-1][1]["response"] != ""
    assert found[-1][1]["memories_used"] == []
    session = found[0][1]["session_id"]
    assert running.db.messages.of(owner, session)[1].state is MessageState.DONE


def test_somebody_in_danger_is_told_whom_to_call(api: TestClient, owner: Owner) -> None:
    body = {"user_id": "xiaoyu", "message": "我不想活了，想自杀"}
    said = api.post("/api/chat/message", json=body).json()
    assert said["help"]["kind"] == "suicide"
    assert any(line["number"] for line in said["help"]["lines"])
    streamed = events(api.post("/api/chat/message", json={**body, "stream": True}).text)
    assert streamed[0][1]["help"]["kind"] == "suicide"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"user_id": "xiaoyu", "message": "   "}, 400, "message_empty"),
        ({"user_id": "xiaoyu", "message": ""}, 422, "invalid"),
        ({"user_id": "xiaoyu", "message": "x" * 8001}, 422, "invalid"),
        ({"user_id": "xiaoyu", "message": 7}, 422, "invalid"),
        ({"user_id": "xiaoyu"}, 422, "invalid"),
        ({"user_id": "../x", "message": "hi"}, 422, "invalid"),
        ({"user_id": "xiaoyu", "message": "hi", "session_id": "a/b"}, 422, "invalid"),
        ({"user_id": "xiaoyu", "message": "hi", "persona_id": "nobody"}, 404, "persona_not_found"),
        (
            {"user_id": "xiaoyu", "message": "hi", "timestamp": "0001-01-01T00:00:00+14:00"},
            422,
            "invalid",
        ),
        ({"user_id": "xiaoyu", "message": "hi", "timestamp": "soon"}, 422, "invalid"),
        ({"user_id": "xiaoyu", "message": "hi", "surprise": 1}, 422, "invalid"),
    ],
)
def test_what_can_t_be_used_is_a_sentence_and_stores_nothing(
    calm: TestClient, calm_parts: Container, body: Any, status: int, error: str
) -> None:
    owner = Owner("xiaoyu", "niannian")
    before = calm_parts.db.messages.count(owner)
    answer = calm.post("/api/chat/message", json=body)
    assert answer.status_code == status
    problem = answer.json()
    assert problem["success"] is False
    assert problem["error"] == error
    assert problem["message"].endswith(".")
    assert problem["timestamp"]
    assert calm_parts.db.messages.count(owner) == before


@pytest.mark.parametrize("raw", [b"\xff\xfe{", b"{", b"\xed\xa0\x80", b'{"user_id": "a\xff"}'])
def test_a_body_that_is_no_json_is_said_so(calm: TestClient, raw: bytes) -> None:
    answer = calm.post(
        "/api/chat/message", content=raw, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"] == "unreadable_body"


def test_the_sentence_is_in_the_language_that_was_asked_for(api: TestClient, owner: Owner) -> None:
    body = {"user_id": "xiaoyu", "message": " "}
    zh = api.post("/api/chat/message", json=body, headers={"accept-language": "zh-CN,en;q=0.5"})
    en = api.post("/api/chat/message", json=body, headers={"accept-language": "en, zh;q=0.1"})
    assert zh.json()["message"] == "消息是空的。"
    assert en.json()["message"] == "The message is empty."


def test_a_failing_endpoint_is_a_sentence_and_the_message_is_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as endpoint:
        endpoint.fail(401, always=True)
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
        api = serve()
        running: Container = api.running  # type: ignore[attr-defined]
        body = {"user_id": "xiaoyu", "message": "在吗"}
        answer = api.post("/api/chat/message", json=body)
        assert (answer.status_code, answer.json()["error"]) == (502, "model_auth")
        assert "sk-very-secret" not in answer.text
        streamed = events(api.post("/api/chat/message", json={**body, "stream": True}).text)
        assert streamed[-1][0] == "error"
        assert streamed[-1][1]["error"] == "model_auth"
        owner = Owner("xiaoyu", "niannian")
        kept = [
            m.text
            for s in running.db.sessions.of(owner)
            for m in running.db.messages.of(owner, s.id)
        ]
        assert kept.count("在吗") == 2


def test_the_chat_s_own_memory_routes(api: TestClient, running: Container, owner: Owner) -> None:
    one = add(running, owner, "用户对花生过敏")
    add(running, owner, "用户养了一只猫", category="other")
    found = api.post("/api/chat/search-memories", json={"user_id": "xiaoyu", "query": "过敏"})
    assert found.json()["data"]["memories"][0]["id"] == one
    listed = api.get("/api/chat/memories/xiaoyu").json()["data"]
    assert listed["total"] == 2
    gone = api.delete(f"/api/chat/memory/{one}").json()["data"]
    assert gone["memory_ids"] == [one]
    assert api.delete("/api/chat/memories/xiaoyu").json()["data"]["changed"] == 1
    assert running.store.reads.count(owner) == 0
    assert api.delete("/api/chat/memories/xiaoyu").json()["data"]["changed"] == 0
    assert api.delete(f"/api/chat/memory/{one}").status_code == 404
    assert api.get("/api/chat/memories/nobody").status_code == 404
