"""A program that hangs up in the middle of a reply, over a real socket."""

from __future__ import annotations

import time

import httpx2
import pytest

from memory.container import Container
from memory.types import MessageState, Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve
from tests.memory.api.test_mcp import listening

# Long enough to be cut short even where hanging up is noticed late.
LONG = "很久很久以前，" * 600


def test_what_was_said_is_kept_as_a_stopped_reply(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI(delay=0.05) as endpoint:
        endpoint.say(LONG)
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        api = serve()
        running: Container = api.running  # type: ignore[attr-defined]
        body = {"user_id": "xiaoyu", "message": "讲个故事", "stream": True}
        with listening(api.app) as url:  # type: ignore[arg-type]
            with httpx2.stream("POST", f"{url}/api/chat/message", json=body, timeout=20) as answer:
                for line in answer.iter_lines():
                    if line.startswith("event: token"):
                        break
            owner = Owner("xiaoyu", "niannian")
            session = running.db.sessions.of(owner)[0]
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                reply = running.db.messages.of(owner, session.id)[1]
                if reply.state is not MessageState.STREAMING:
                    break
                time.sleep(0.05)
        # The endpoint is let go as well, not read to its end for nobody.
        assert endpoint.aborted.wait(5)
    assert reply.state is MessageState.STOPPED
    assert 0 < len(reply.text) < len(LONG)
    assert LONG.startswith(reply.text)
