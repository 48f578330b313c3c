"""Hearing and speaking at an endpoint: the wire, and each way in which it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from memory.attachments.audio import read_recording, wav_seconds
from memory.config import Settings, load_settings
from memory.container import make_transcriber, make_voice
from memory.errors import BadInput, NiannianError
from memory.i18n import error_text
from memory.llm.speech import check_speech, silence
from memory.system.worker_process import InProcess
from tests.fakes.openai_server import FakeOpenAI

MODELS = {"transcription_model": "fake-ear", "speech_model": "fake-voice"}


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI(key="sk-speech") as server:
        yield server


def settings_for(fake: FakeOpenAI, **more: object) -> Settings:
    given = {"speech_base_url": fake.url, "speech_api_key": "sk-speech", **MODELS, **more}
    return load_settings(**given)


def test_a_recording_becomes_text(fake: FakeOpenAI) -> None:
    ear = make_transcriber(settings_for(fake), InProcess())
    assert ear is not None
    heard = ear.transcribe(silence(2.5))
    assert (heard.text, heard.seconds) == ("我对花生过敏。", 2.5)
    body = fake.requests[0].body
    assert fake.requests[0].path == "/v1/audio/transcriptions"
    assert (body["model"], body["response_format"]) == ("fake-ear", "json")
    assert wav_seconds(body["file"]) == 2.5


def test_text_becomes_speech_in_the_voice_asked_for(fake: FakeOpenAI) -> None:
    voice = make_voice(settings_for(fake))
    assert voice is not None
    assert voice.speak("你好") == fake.spoken
    voice.speak("你好", "nova")
    assert [request.body["voice"] for request in fake.requests] == ["alloy", "nova"]
    with pytest.raises(BadInput):
        voice.speak(" ")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (401, "model_auth"),
        (402, "model_balance"),
        (404, "model_address"),
        (413, "model_too_long"),
        (429, "model_busy"),
        (500, "model"),
        ("hang", "model_timeout"),
        ("drop", "model_unreachable"),
        ("html", "unreadable_reply"),
        ("garbage", "unreadable_reply"),
    ],
)
def test_each_failure_is_one_sentence(fake: FakeOpenAI, fault: int | str, code: str) -> None:
    fake.fail(fault, always=True)
    settings = settings_for(fake, request_timeout=1)
    ear, voice = make_transcriber(settings, InProcess()), make_voice(settings)
    assert ear is not None
    assert voice is not None
    for request in (lambda: ear.transcribe(silence()), lambda: voice.speak("你好")):
        with pytest.raises(NiannianError) as raised:
            request()
        assert raised.value.code == code
        for language in ("zh", "en"):
            said = error_text(language, raised.value)
            assert "{" not in said
            assert "sk-speech" not in said


def test_the_chats_key_goes_to_the_chats_address_only(fake: FakeOpenAI) -> None:
    settings = load_settings(
        openai_base_url="https://api.example.org/v1",
        openai_api_key="sk-chat",
        speech_base_url=fake.url,
        **MODELS,
    )
    assert [verdict.code for verdict in check_speech(settings)] == ["model_auth"] * 2
    assert all("sk-chat" not in str(request.headers) for request in fake.requests)


def test_the_connection_test_says_how_each_did(fake: FakeOpenAI) -> None:
    found = check_speech(settings_for(fake))
    assert [(one.part, one.model, one.code) for one in found] == [
        ("transcription", "fake-ear", "ok"),
        ("speech", "fake-voice", "ok"),
    ]
    assert check_speech(load_settings()) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "audio_empty"), (b"hello there", "audio_type"), (bytes(26 * 1024**2), "audio_too_big")],
)
def test_what_is_no_recording(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_recording(data)
    assert raised.value.code == code
