"""The rolling summary of long sessions, with a model behind a real HTTP server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from memory.chat.summary import due_turns
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import ModelError
from memory.llm.learned import forget
from memory.system.worker_process import InProcess
from memory.transfer.collect import everything
from memory.types import Message, Owner, SessionSummary
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.conftest import Clock
from tests.verbs import say

LONG = "今天走了很远的路，" + "路边的树一棵一棵地数过去，" * 12
TOLD = "用户走了很远的路，念念答应下次陪着数树。"


@pytest.fixture
def server() -> Iterator[FakeOpenAI]:
    forget()
    with FakeOpenAI() as running:
        yield running


@pytest.fixture
def running(
    server: FakeOpenAI, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "data"))
    settings = load_settings(openai_base_url=server.url, batch_turns=100, idle_seconds=80_000)
    server.answer = lambda body: TOLD if is_summary(body) else "嗯，我在听。"
    container = build(settings, clock=clock, worker=InProcess())
    yield container
    container.close()


def is_summary(body: object) -> bool:
    return "写成一段小结" in str(body)


@pytest.fixture
def owner(running: Container) -> Owner:
    return Owner(running.db.users.create("小雨").id, "niannian")


def talk(running: Container, owner: Owner, turns: int = 16) -> str:
    session = running.db.sessions.create(owner)
    for number in range(turns):
        said = running.db.messages.add(owner, session.id, "user", f"第{number}件事。{LONG}")
        running.db.messages.add(
            owner, session.id, "assistant", f"第{number}件我听见了。", reply_to=said.id
        )
    return session.id


def test_older_turns_are_summed_up_before_they_drop_out(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session_id = talk(running, owner)
    summary = running.summaries.update(owner, session_id)
    assert summary is not None
    assert (summary.text, summary.edited) == (TOLD, False)
    assert summary.prompt_tokens > 500 > summary.reply_tokens > 0
    assert is_summary(server.chats()[-1].body)

    assert say(running, owner, session_id, "后来呢？") == "嗯，我在听。"
    asked = next(r for r in reversed(server.chats()) if not is_summary(r.body))
    system = asked.body["messages"][0]["content"]
    assert TOLD in system
    assert "第0件事" not in asked.prompt
    # What isn't in the summary is there as it was said: nothing fell out between them.
    messages = running.db.messages.of(owner, session_id, limit=None)
    first_left = next(m for m in messages if m.number > summary.upto)
    assert first_left.text in asked.prompt
    reply = running.db.messages.of(owner, session_id)[-1]
    trace = running.db.traces.get(owner, reply.id)
    assert trace is not None
    assert trace.summary == TOLD


def test_the_next_summary_is_made_of_the_last_one(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session_id = talk(running, owner)
    first = running.summaries.update(owner, session_id)
    assert first is not None
    mine = replace(first, text="我自己写的小结", edited=True)
    running.db.sessions.summarise(owner, session_id, mine)
    for number in range(16):
        running.db.messages.add(owner, session_id, "user", f"又{number}。{LONG}")
    second = running.summaries.update(owner, session_id)
    assert second is not None
    assert second.upto > first.upto
    assert second.prompt_tokens > first.prompt_tokens
    asked = [request.prompt for request in server.chats() if is_summary(request.body)]
    assert any("我自己写的小结" in prompt for prompt in asked)


def test_it_is_made_in_the_background_after_a_turn(running: Container, owner: Owner) -> None:
    session_id = talk(running, owner)
    say(running, owner, session_id, "后来呢？")
    until = time.monotonic() + 60
    while running.db.sessions.get(owner, session_id).summary is None:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_short_session_is_left_alone(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session_id = talk(running, owner, turns=2)
    assert running.summaries.update(owner, session_id) is None
    assert server.chats() == []


def test_what_may_not_be_kept_or_was_said_in_danger_is_not_told(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session = running.db.sessions.create(owner)
    quiet = running.db.messages.add(owner, session.id, "user", "别记这句", remember=False)
    running.db.messages.add(owner, session.id, "assistant", "好，不记", reply_to=quiet.id)
    running.db.messages.add(owner, session.id, "user", "危险的话", care="suicide")
    for number in range(16):
        running.db.messages.add(owner, session.id, "user", f"第{number}件事。{LONG}")
    assert running.summaries.update(owner, session.id) is not None
    asked = "\n".join(request.prompt for request in server.chats())
    assert "第0件事" in asked
    assert not any(text in asked for text in ("别记这句", "好，不记", "危险的话"))


def test_a_deleted_message_takes_its_summary_along(running: Container, owner: Owner) -> None:
    session_id = talk(running, owner)
    assert running.summaries.update(owner, session_id)
    messages = running.db.messages.of(owner, session_id, limit=None)
    running.db.deletion.delete_messages(owner, [messages[-1].id])
    assert running.db.sessions.get(owner, session_id).summary
    running.db.deletion.delete_messages(owner, [messages[0].id])
    assert running.db.sessions.get(owner, session_id).summary is None


def test_a_message_that_was_set_aside_takes_its_summary_along(
    running: Container, owner: Owner
) -> None:
    session_id = talk(running, owner)
    summary = running.summaries.update(owner, session_id)
    assert summary is not None
    messages = running.db.messages.of(owner, session_id, limit=None)
    running.db.branches.set_aside(owner, messages[-1].id)
    assert running.db.sessions.get(owner, session_id).summary == summary
    running.db.branches.set_aside(owner, messages[2].id)
    assert running.db.sessions.get(owner, session_id).summary is None


def test_a_summary_of_what_was_deleted_or_edited_meanwhile_is_not_kept(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session_id = talk(running, owner)
    messages = running.db.messages.of(owner, session_id, limit=None)

    def deleting(body: object) -> str:
        running.db.deletion.delete_messages(owner, [messages[0].id])
        return TOLD

    server.answer = deleting
    assert running.summaries.update(owner, session_id) is None

    mine = SessionSummary("我写的", 2, running.clock(), edited=True)

    def editing(body: object) -> str:
        running.db.sessions.summarise(owner, session_id, mine)
        return TOLD

    server.answer = editing
    assert running.summaries.update(owner, session_id) == mine


def test_it_goes_along_in_an_export_and_goes_with_the_session(
    running: Container, owner: Owner
) -> None:
    session_id = talk(running, owner)
    summary = running.summaries.update(owner, session_id)
    user = running.db.users.get(owner.user_id)
    export = everything(running.db, running.store, user, [owner], running.clock())
    assert export.sessions[0].session.summary == summary
    running.erase_user(owner.user_id)
    assert running.db.owners.of_session(session_id) is None


def test_an_endpoint_that_fails_leaves_everything_as_it_was(
    running: Container, owner: Owner, server: FakeOpenAI
) -> None:
    session_id = talk(running, owner)
    server.fail(402, always=True)
    with pytest.raises(ModelError):
        running.summaries.update(owner, session_id)
    assert running.db.sessions.get(owner, session_id).summary is None
    server.heal()
    assert running.summaries.update(owner, session_id)


def test_whole_turns_are_taken_until_there_is_room(running: Container, owner: Owner) -> None:
    messages = running.db.messages.of(owner, talk(running, owner), limit=None)
    due = due_turns(messages, 2000)
    assert due[-1].role == "assistant"
    assert due == messages[: len(due)]
    assert due_turns(messages[len(due) :], 2000) == []
    assert due_turns(messages[:4], 2000) == []
    many: list[Message] = [replace(m, text="嗯") for m in [*messages, *messages]]
    assert len(due_turns(many, 2000)) > len(many) / 2
