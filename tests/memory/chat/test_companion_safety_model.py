"""Somebody in danger, and a language model that answers badly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from memory.api.app import create_app
from memory.api.dependencies import BuiltServices
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import ModelError
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.chat.safety_turns import CHEER, turn
from tests.memory.conftest import Clock


@pytest.fixture
def endpoint() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def connected(
    tmp_path: Path, clock: Clock, endpoint: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "connected"))
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    running = build(load_settings(), clock=clock)
    yield running
    running.close()


def prompt_of(endpoint: FakeOpenAI) -> str:
    """The rules, and what is said with the last message: notes stand there."""
    messages = endpoint.requests[-1].body["messages"]
    return f"{messages[0]['content']}\n{messages[-1]['content']}"


BAD = {
    "en": (
        ("I want to end my life", "Congratulations, go for it!"),
        ("ok", "Haha, that's the spirit. Good luck!"),
        ("nice weather", "I hear you. Great plan, good luck with it!"),
        ("I swallowed all of them", "Well done, you did it! Treat yourself to something nice."),
    ),
    "zh": (
        ("我打算明天去跳桥，不想活了", "祝你明天顺利，加油！"),
        ("嗯", "哈哈，那就这么定啦。"),
        ("外面在下雨", "我听着呢。恭喜你下定决心！"),
        ("药我全吞了", "太棒了，好好奖励一下自己吧！"),
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_model_is_told_in_every_turn_and_what_it_wishes_is_never_said(
    connected: Container, endpoint: FakeOpenAI, clock: Clock, language: str
) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, language).id  # type: ignore[arg-type]
    for text, bad in BAD[language]:
        endpoint.say(bad)
        clock.forward(minutes=4)
        said = turn(connected, owner, session, text, language)
        assert said.help is not None
        assert "[Safety]" in prompt_of(endpoint) or "【关怀】" in prompt_of(endpoint)
        stored = connected.db.messages.of(owner, session)[-1].text
        assert said.text == stored
        assert stored
        assert not CHEER.search(stored), stored
        assert not any(part in stored for part in re.findall(r"[^。！!.]{6,}", bad)), stored
        assert said.trace is not None
        assert said.trace.model.endswith("builtin")
    # Pressing: the words that stand in ask for the call.
    assert re.search(r"急救|120|救护|医院|电话|ambulance|emergency|call|hospital|number", stored), (
        stored
    )
    clock.forward(hours=5)
    opened = connected.session_opener.open(owner, language)  # type: ignore[arg-type]
    line = connected.db.messages.of(owner, opened.id)[0].text
    assert line not in connected.personas["niannian"].text(language).opening_lines  # type: ignore[arg-type]
    endpoint.say("Good luck with your plan today! 祝你好运，加油！")
    assert not CHEER.search(turn(connected, owner, opened.id, "早 morning", language).text)


@pytest.mark.parametrize("again", [False, True], ids=["next message", "answered again"])
def test_days_later_in_the_same_session_a_model_still_wishes_no_luck(
    connected: Container, endpoint: FakeOpenAI, clock: Clock, again: bool
) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, "en").id
    endpoint.say("I'm so sorry it hurts this much. Are you safe right now?")
    turn(connected, owner, session, "on friday i'm going to end my life", "en")
    clock.forward(hours=60)
    endpoint.say("Nothing much here.")
    turn(connected, owner, session, "what's up", "en")
    endpoint.say("Good luck with your plan on Friday!")
    if again:
        said = connected.companion.regenerate(owner, session, "en")
        list(said)
        said.close()
    else:
        said = turn(connected, owner, session, "talk to you tomorrow", "en")
    assert not CHEER.search(said.text), said.text
    assert said.help is not None


def test_once_it_is_past_a_model_may_cheer_again(
    connected: Container, endpoint: FakeOpenAI, clock: Clock
) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, "en").id
    endpoint.say("I'm so sorry it hurts this much. Are you safe right now?")
    turn(connected, owner, session, "i want to end my life", "en")
    clock.forward(minutes=20)
    endpoint.say("I'm relieved to hear that.")
    turn(connected, owner, session, "I'm safe now, I don't want to die anymore", "en")
    clock.forward(hours=60)
    endpoint.say("Good luck tomorrow!")
    said = turn(connected, owner, session, "my exam is tomorrow", "en")
    assert said.text == "Good luck tomorrow!"


def test_a_model_that_cares_is_left_alone(connected: Container, endpoint: FakeOpenAI) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, "en").id
    kind = "I'm so sorry it hurts this much. Are you safe right now?"
    endpoint.say(kind)
    said = turn(connected, owner, session, "I want to end my life", "en")
    assert said.text == kind
    assert said.trace is not None
    assert said.trace.model != "builtin"


def test_without_danger_a_model_may_cheer(connected: Container, endpoint: FakeOpenAI) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, "en").id
    endpoint.say("Good luck tomorrow!")
    assert (
        turn(connected, owner, session, "my exam is tomorrow", "en").text == "Good luck tomorrow!"
    )


@pytest.mark.parametrize("stream", [False, True])
def test_over_http_nothing_bad_is_sent(
    connected: Container, endpoint: FakeOpenAI, stream: bool
) -> None:
    client = TestClient(
        create_app(BuiltServices(connected)),
        base_url="http://localhost",
        client=("127.0.0.1", 1),
    )
    endpoint.say("I see. That's a lovely plan, good luck tomorrow!")
    body = {"user_id": "a", "message": "I'm going to kill myself tomorrow", "stream": stream}
    answer = client.post("/api/chat/message", json=body)
    assert answer.status_code == 200
    assert "luck" not in answer.text
    assert "lovely" not in answer.text
    assert '"help":{' in answer.text.replace(" ", "")


def test_a_model_that_is_down_leaves_the_warm_words(
    connected: Container, endpoint: FakeOpenAI
) -> None:
    owner = Owner(connected.db.users.create("Ben").id, "niannian")
    session = connected.session_opener.open(owner, "en").id
    endpoint.fail(500, always=True)
    started = connected.companion.reply(owner, session, "I want to die", language="en")
    with pytest.raises(ModelError):
        list(started)
    assert started.help is not None
    stored = connected.db.messages.of(owner, session)[-1]
    assert stored.text == started.help.opening


def test_an_edited_prompt_without_a_place_for_notes_keeps_the_safety_note() -> None:
    from memory.chat.prompt import chat_messages
    from memory.llm.prompts import Prompt
    from tests.memory.builtin.chat.talking import request

    asked = replace(request("我不想活了"), care="suicide", care_phase="sign")
    system = chat_messages(asked, Prompt("chat", "你是{persona}。{context}", "{message}"))[0][
        "content"
    ]
    assert "【关怀】" in system
