"""A program that hangs up in the middle of a reply, over a real socket."""

from __future__ import annotations

import time

import httpx2
import pytest

from memory.container import Container
from memory.types import Message, MessageState, Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve
from tests.memory.api.test_mcp import listening

ME = Owner("xiaoyu", "niannian")
BODY = {"user_id": "xiaoyu", "session_id": "s1", "message": "讲个故事", "stream": True}


def ended(running: Container) -> Message:
    """The reply, once it is over."""
    session = running.db.sessions.of(ME)[0]
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        reply = running.db.messages.of(ME, session.id)[1]
        if reply.state is not MessageState.STREAMING:
            return reply
        time.sleep(0.05)
    raise AssertionError("the reply never ended")


def hang_up_after_the_first_word(url: str) -> None:
    with httpx2.stream("POST", f"{url}/api/chat/message", json=BODY, timeout=20) as answer:
        for line in answer.iter_lines():
            if line.startswith("event: token"):
                return


def connected(endpoint: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    monkeypatch.setenv("OPENAI_API_KEY", "k")


def test_a_reply_goes_on_when_the_connection_breaks(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "很久很久以前，" * 20
    with FakeOpenAI(delay=0.01) as endpoint:
        endpoint.say(said)
        connected(endpoint, monkeypatch)
        api = serve()
        running: Container = api.running  # type: ignore[attr-defined]
        with listening(api.app) as url:  # type: ignore[arg-type]
            hang_up_after_the_first_word(url)
            reply = ended(running)
    assert (reply.state, reply.text) == (MessageState.DONE, said)


def test_stopping_keeps_what_was_said_and_lets_the_endpoint_go(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "很久很久以前，" * 600
    with FakeOpenAI(delay=0.05) as endpoint:
        endpoint.say(said)
        connected(endpoint, monkeypatch)
        api = serve()
        running: Container = api.running  # type: ignore[attr-defined]
        with listening(api.app) as url:  # type: ignore[arg-type]
            hang_up_after_the_first_word(url)
            which = {"user_id": "xiaoyu", "session_id": "s1"}
            answer = httpx2.post(f"{url}/api/chat/stop", json=which).json()
            reply = ended(running)
            again = httpx2.post(f"{url}/api/chat/stop", json=which).json()
            unknown = httpx2.post(f"{url}/api/chat/stop", json={**which, "session_id": "s2"}).json()
        assert endpoint.aborted.wait(5)
    assert reply.state is MessageState.STOPPED
    assert 0 < len(reply.text) < len(said)
    assert answer["data"] == {"message_id": reply.id, "response": reply.text}
    nothing = {"message_id": None, "response": ""}
    assert again["data"] == unknown["data"] == nothing
    assert len(running.db.sessions.of(ME)) == 1
