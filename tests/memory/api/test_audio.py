"""Speaking to the API: the transcript and the reply, and each way in which it fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from memory.llm import local_transcriber
from memory.llm.speech import silence
from memory.types import Owner
from tests.fakes.openai_server import FakeOpenAI
from tests.memory.api.conftest import Serve
from tests.memory.api.test_chat import events

WAV = silence(2.0).data


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def spoken_to(serve: Serve, fake: FakeOpenAI) -> TestClient:
    """A server without a language model that hears."""
    return serve(speech_base_url=fake.url, transcription_model="fake-ear")


def say(api: TestClient, data: bytes = WAV, **fields: Any) -> Any:
    return api.post(
        "/api/chat/audio",
        files={"file": ("speech.wav", data, "audio/wav")},
        data={"user_id": "xiaoyu", **fields},
    )


def test_what_is_spoken_gets_a_reply(spoken_to: TestClient) -> None:
    answer = say(spoken_to)
    assert answer.status_code == 200
    said = answer.json()
    assert said["transcript"] == "我对花生过敏。"
    assert said["seconds"] == 2.0
    assert said["reply"]["response"]
    again = say(spoken_to, session_id=said["reply"]["session_id"]).json()
    assert again["reply"]["session_id"] == said["reply"]["session_id"]


def test_a_transcript_alone_stores_nothing(spoken_to: TestClient) -> None:
    said = say(spoken_to, send="false").json()
    assert said == {
        "success": True,
        "transcript": "我对花生过敏。",
        "seconds": 2.0,
        "reply": None,
    }
    assert spoken_to.get("/api/chat/memories/xiaoyu").status_code == 404


def test_the_reply_may_come_as_a_stream(spoken_to: TestClient) -> None:
    names = [name for name, _ in events(say(spoken_to, stream="true").text)]
    assert names[0] == "start"
    assert names[-1] == "done"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (401, "refused the key"),
        (429, "busy"),
        (404, "no interface for speech"),
        ("drop", "can't be reached"),
        ("html", "couldn't be read"),
    ],
)
def test_each_failure_of_the_endpoint_is_one_sentence(
    spoken_to: TestClient, fake: FakeOpenAI, fault: int | str, words: str
) -> None:
    fake.fail(fault, always=True)
    answer = say(spoken_to)
    assert answer.status_code >= 500
    assert words in answer.text


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "Nothing was recorded"), (b"hello", "no recording")]
)
def test_what_is_no_recording_is_refused(spoken_to: TestClient, data: bytes, words: str) -> None:
    answer = say(spoken_to, data)
    assert answer.status_code == 400
    assert words in answer.text


def test_silence_gives_nothing(spoken_to: TestClient, fake: FakeOpenAI) -> None:
    fake.heard = " "
    answer = say(spoken_to)
    assert answer.status_code == 400
    assert "Nobody was heard" in answer.text


def test_without_anything_that_hears_one_sentence_says_what_to_do(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_transcriber, "is_installed", lambda: False)
    api = serve()
    answer = say(api)
    assert answer.status_code == 400
    assert "EXTRAS=voice" in answer.text


def test_the_seconds_are_in_the_trace(spoken_to: TestClient) -> None:
    said = say(spoken_to).json()["reply"]
    running = spoken_to.running  # type: ignore[attr-defined]
    trace = running.db.traces.get(Owner("xiaoyu", "niannian"), said["message_id"])
    assert trace.audio_seconds == 2.0
