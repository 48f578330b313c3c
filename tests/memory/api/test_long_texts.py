"""Messages that once stopped page, API and extraction for ever, over HTTP."""

from __future__ import annotations

import time

from starlette.testclient import TestClient

from memory.container import Container
from memory.types import Owner
from tests.test_long_texts import LIMIT, SENT


def test_a_reply_comes_and_the_extraction_ends(
    api: TestClient, running: Container, owner: Owner
) -> None:
    # The first reply loads models and word lists.
    for message in ("你好，我喜欢爬山。", *SENT):
        body = {"user_id": owner.user_id, "message": message}
        begun = time.process_time()
        answer = api.post("/api/chat/message", json=body)
        taken = time.process_time() - begun
        assert answer.status_code == 200
        assert answer.json()["response"]
        assert taken < LIMIT or message not in SENT, message[:40]
        processed = api.post(f"/api/memory/process/{owner.user_id}?timeout=120").json()["data"]
        assert processed["done"] is True, message[:40]
        assert processed["queued"] == 0
        assert processed["error"] is None
    # It read them, too.
    assert any("爬山" in memory.text for memory in running.store.reads.matching(owner))
