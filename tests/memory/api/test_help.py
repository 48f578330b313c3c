"""Help over the API: in every turn of a danger, in the message's language, beside an error."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.chat.prompt import NOTES_FILE
from memory.config import load_settings
from memory.container import Container, build
from memory.system.worker_process import InProcess
from memory.types import Language, Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve, client_of
from tests.memory.api.test_chat import events
from tests.memory.conftest import Clock


def say(api: TestClient, text: str, session: str | None = None, **more: Any) -> dict[str, Any]:
    body = {"user_id": "lea", "message": text, "session_id": session, **more}
    answer = api.post("/api/chat/message", json={k: v for k, v in body.items() if v is not None})
    found: dict[str, Any] = answer.json()
    return found


def test_help_comes_with_every_turn_until_it_is_past(api: TestClient) -> None:
    first = say(api, "I want to kill myself")
    session = first["session_id"]
    for text in ("ok", "it is raining", "thanks"):
        assert say(api, text, session)["help"]["kind"] == "suicide"
    assert say(api, "the thoughts have passed, I'm safe now", session)["help"] is None
    assert say(api, "had some soup", session)["help"] is None


def test_lines_carry_kind_languages_and_hours_in_the_language_of_the_message(
    api: TestClient, running: Container
) -> None:
    # The program asks in English, the profile says nothing, the person writes Chinese.
    running.db.users.create("lea", id="lea", region="HK")
    help = say(api, "我唔系講笑，我不想活了")["help"]
    assert help["language"] == "zh"
    assert "\u4e00" < help["opening"][0] < "\u9fff"
    for line in help["lines"]:
        assert set(line) >= {"kind", "name", "number", "hours", "languages", "url"}
    assert {"emergency", "crisis"} <= {line["kind"] for line in help["lines"]}
    english = say(api, "I want to end my life")["help"]
    assert english["language"] == "en"
    assert english["opening"].isascii()


def test_urgent_is_said_and_the_emergency_number_leads(api: TestClient, running: Container) -> None:
    running.db.users.create("lea", id="lea", region="US")
    session = say(api, "I want to die")["session_id"]
    help = say(api, "I already swallowed the whole bottle", session)["help"]
    assert help["urgent"] is True
    assert help["lines"][0]["number"] == "911"
    assert "door" in help["opening"]


def test_a_worried_friend_is_not_thanked_for_carrying_it(api: TestClient) -> None:
    help = say(api, "my roommate says she wants to kill herself")["help"]
    assert help["kind"] == "friend"
    assert "Carrying this alone" not in help["opening"]


def test_the_stream_begins_with_help_in_later_turns_too(api: TestClient) -> None:
    session = say(api, "我不想活了")["session_id"]
    body = {"user_id": "lea", "message": "嗯嗯", "session_id": session, "stream": True}
    found = events(api.post("/api/chat/message", json=body).text)
    assert found[0][1]["help"]["kind"] == "suicide"
    assert found[-1][1]["help"]["lines"]


def test_help_stands_beside_the_error_of_a_model_that_is_down(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        api = serve()
        server.fail(500, always=True)
        body = {"user_id": "lea", "message": "我真的不想活了，今晚就走"}
        answer = api.post("/api/chat/message", json=body)
        assert answer.status_code == 502
        said = answer.json()
        assert (said["success"], said["error"]) == (False, "model")
        assert said["help"]["lines"]
        streamed = events(api.post("/api/chat/message", json={**body, "stream": True}).text)
        assert streamed[0][1]["help"]["kind"] == "suicide"
        assert streamed[-1][0] == "error"
        assert streamed[-1][1]["help"]["opening"]
        # Nothing of it where nobody is in danger.
        calm = api.post("/api/chat/message", json={"user_id": "mo", "message": "晚饭吃什么"})
        assert calm.status_code == 502
        assert "help" not in calm.json()


def test_a_marked_memory_is_listed_filtered_and_unmarked(
    api: TestClient, running: Container
) -> None:
    running.db.users.create("lea", id="lea")
    for text in ("用户想自杀", "用户喜欢柚子茶"):
        api.post("/api/memory/add", json={"user_id": "lea", "text": text})
    path = "/api/memory/user/lea"
    (marked,) = api.get(path, params={"safety": True}).json()["data"]["memories"]
    assert (marked["text"], marked["safety"]) == ("用户想自杀", "suicide")
    told = api.get("/api/users/lea/profile").json()["data"]
    assert "自杀" not in str(told)
    owner = Owner("lea", "niannian")
    assert [m.safety for m in running.store.reads.matching(owner)].count(None) == 1


CHEER = re.compile(r"加油|顺利|期待|good luck|how did it go|怎么样了|well done", re.IGNORECASE)


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, Clock]]:
    """The service on a clock that a test moves from day to day."""
    monkeypatch.setenv("NIANNIAN_DATA_DIR", str(tmp_path / "days"))
    clock = Clock(datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    running = build(load_settings(), clock=clock, worker=InProcess())
    with client_of(running) as client:
        client.running = running  # type: ignore[attr-defined]
        yield client, clock
    running.close()


def opening(api: TestClient, language: Language) -> str:
    """What a new session begins with."""
    running: Container = api.running  # type: ignore[attr-defined]
    owner = Owner("lea", "niannian")
    session = running.session_opener.open(owner, language)
    return running.db.messages.of(owner, session.id)[0].text


@pytest.mark.parametrize(
    ("language", "plan", "words", "night", "asked"),
    [
        ("zh", "我打算明天晚上去水库跳下去，不活了", "水库|跳下去", "晚安", "你都记得我什么？"),
        ("en", "I am going to hang myself tomorrow evening", "hang", "good night",
         "what do you know about me?"),
    ],
)  # fmt: skip
def test_a_plan_told_today_is_no_plan_on_the_days_after(
    days: tuple[TestClient, Clock],
    language: Language,
    plan: str,
    words: str,
    night: str,
    asked: str,
) -> None:
    api, clock = days
    running: Container = api.running  # type: ignore[attr-defined]
    owner = Owner("lea", "niannian")
    session = say(api, plan, language=language)["session_id"]
    running.extraction_worker.run_now(owner, session)
    assert running.extraction_worker.wait_idle()
    marked = api.get("/api/memory/user/lea", params={"safety": True}).json()["data"]["memories"]
    assert [memory["safety"] for memory in marked] == ["suicide"]
    for _ in range(3):
        clock.forward(days=1)
        said = [opening(api, language)]
        for text in (night, asked):
            said.append(say(api, text, language=language)["response"])
        for path in ("/api/users/lea/profile", "/api/memory/diary/lea"):
            shown = api.get(path).json()
            assert shown["success"]
            said.append(str(shown["data"]))
        for text in said:
            assert not re.search(words, text), text
            assert not CHEER.search(text), text
    # Whoever it is about sees it and can take it away.
    gone = api.delete(f"/api/chat/memory/{marked[0]['id']}", params={"user_id": "lea"})
    assert gone.status_code == 200
    listed = api.get("/api/memory/user/lea", params={"safety": True}).json()["data"]["memories"]
    assert listed == []


def test_a_model_that_cheers_has_help_beside_it_and_the_note_each_turn(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        api = serve()
        session = None
        for text in ("I want to kill myself on Sunday", "it is raining", "tell me a joke"):
            server.say("Good luck with that!")
            answer = say(api, text, session)
            session = answer["session_id"]
            assert answer["help"]["kind"] == "suicide", text
        notes = tomllib.loads(NOTES_FILE.read_text(encoding="utf-8"))["en"]
        told = [
            "\n".join(message["content"] for message in request.body["messages"])
            for request in server.chats()
        ]
        assert len(told) == 3
        assert all(notes["always"][:60] in text for text in told)
        assert notes["suicide"][:40] in told[0]
        assert all(notes["lasting"][:40] in text for text in told[1:])
