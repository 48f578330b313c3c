"""``/api/memory/process`` says what is still to be learnt, and can be believed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.config import load_settings
from memory.container import Container, build
from memory.errors import WorkerDied
from memory.system.worker_process import InProcess
from memory.types import Memory, MessageState, Owner
from tests.memory.api.conftest import client_of


def process(api: TestClient, query: str = "") -> Any:
    answer = api.post(f"/api/memory/process/xiaoyu{query}")
    assert answer.status_code == 200
    return answer.json()["data"]


def test_a_reply_that_has_not_ended_leaves_its_message_to_be_learnt(
    api: TestClient, running: Container, owner: Owner
) -> None:
    session = running.db.sessions.create(owner)
    asked = running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    data = process(api)
    assert (data["done"], data["unfinished"], data["batches"]) == (False, 1, 0)
    reply = running.db.messages.add(
        owner, session.id, "assistant", "", reply_to=asked.id, state=MessageState.STREAMING
    )
    data = process(api)
    assert (data["done"], data["unfinished"]) == (False, 1)
    running.db.messages.update(owner, reply.id, text="记住了", state=MessageState.DONE)
    data = process(api)
    assert (data["done"], data["unfinished"], data["added"]) == (True, 0, 1)


def test_done_means_that_the_store_has_it_too(
    api: TestClient, running: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is done with its history; the store is written a moment later."""
    writing, go_on = threading.Event(), threading.Event()
    put = running.store.writes.put

    def slow(memories: Sequence[Memory]) -> None:
        writing.set()
        assert go_on.wait(20)
        put(memories)

    monkeypatch.setattr(running.store.writes, "put", slow)
    session = running.db.sessions.create(owner)
    asked = running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    running.db.messages.add(owner, session.id, "assistant", "好", reply_to=asked.id)
    running.extraction_worker.run_now(owner, session.id)
    assert writing.wait(20)
    data = process(api, "?timeout=0.2")
    assert (data["done"], data["phase"], data["batches"]) == (False, "working", 0)
    go_on.set()
    assert process(api)["done"]
    assert running.store.reads.count(owner) == 1


def test_a_message_whose_reply_never_began_is_learnt_at_the_next_start(
    api: TestClient, running: Container, owner: Owner
) -> None:
    """Killed between the message and its reply: nobody answers it any more."""
    session = running.db.sessions.create(owner)
    running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    assert running.db.batches.unbatched_turns(owner, session.id) == 0
    running.close()
    again = build(load_settings(data_dir=running.settings.data_dir), worker=InProcess())
    try:
        assert again.db.batches.unbatched_turns(owner, session.id) == 1
        with client_of(again) as client:
            data = process(client)
            assert (data["done"], data["batches"], data["added"]) == (True, 1, 1)
            # And a message of now waits for its reply as ever.
            later = again.db.messages.add(owner, session.id, "user", "我住在杭州")
            data = process(client)
            assert (data["done"], data["unfinished"], data["batches"]) == (False, 1, 0)
            assert again.db.messages.get(owner, later.id).batch_id is None
    finally:
        again.close()


def test_a_batch_that_was_set_aside_is_said_and_tried_again_when_asked_to(
    api: TestClient, running: Container, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> Any:
        raise WorkerDied(exit=-9)

    monkeypatch.setattr(running.worker, "run", dies)
    session = running.db.sessions.create(owner)
    asked = running.db.messages.add(owner, session.id, "user", "我对花生过敏")
    running.db.messages.add(owner, session.id, "assistant", "好", reply_to=asked.id)
    for _ in range(3):
        process(api)
    data = process(api)
    assert (data["done"], data["set_aside"], data["phase"]) == (False, 1, "failed")
    assert data["error"] == "set_aside"
    monkeypatch.undo()
    assert process(api)["added"] == 0, "nothing takes it up by itself"
    data = process(api, "?retry=true")
    assert (data["set_aside"], data["added"], data["error"]) == (0, 1, None)
