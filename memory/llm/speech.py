"""Speech: recordings to text and text to speech, at an endpoint or (text only) offline."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from memory.attachments.audio import Recording, read_recording
from memory.config import Settings
from memory.errors import BadInput, ModelError
from memory.llm.local_transcriber import transcribe_locally
from memory.llm.openai_client import speech_endpoint
from memory.llm.openai_endpoint import OpenAIEndpoint
from memory.system.worker_process import Limits, Worker

LOCAL_LIMITS = Limits(seconds=180, megabytes=2048)
LONGEST_SPEECH = 4000
"""Characters that are read aloud in one go; services take 4096."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in a recording; ``text`` is empty where nobody spoke."""

    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SpeechVerdict:
    """How a model did that hears (``transcription``) or speaks (``speech``).

    ``code`` is ``ok`` or a code of :mod:`memory.errors`.
    """

    part: Literal["transcription", "speech"]
    model: str
    code: str
    detail: str = ""
    latency_ms: float = 0.0


class Transcriber(Protocol):
    """Hears: a model behind an endpoint, or one on this machine."""

    @property
    def name(self) -> str:
        """The model's name."""

    def transcribe(self, recording: Recording) -> Transcript:
        """What was said.

        Raises:
            ModelError: the endpoint failed.
            BadInput: ``audio_broken``.
            WorkError: it takes too long, or too much memory.
        """


class EndpointTranscriber:
    """A model behind ``/audio/transcriptions``."""

    def __init__(self, endpoint: OpenAIEndpoint, model: str) -> None:
        self._endpoint, self._model = endpoint, model

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    def transcribe(self, recording: Recording) -> Transcript:
        """What was said."""
        text, seconds = self._endpoint.transcribe(recording, model=self._model)
        return Transcript(text.strip(), recording.seconds or seconds)


class LocalTranscriber:
    """The Whisper model of the extra ``voice``, in the worker process."""

    name = "whisper-base"

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def transcribe(self, recording: Recording) -> Transcript:
        """What was said."""
        text, seconds = self._worker.run(transcribe_locally, recording.data, limits=LOCAL_LIMITS)
        return Transcript(text, recording.seconds or seconds)


class EndpointVoice:
    """A model behind ``/audio/speech``."""

    media_type = "audio/mpeg"

    def __init__(self, endpoint: OpenAIEndpoint, model: str, voice: str) -> None:
        self._endpoint, self._model, self._voice = endpoint, model, voice

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    @property
    def host(self) -> str:
        """Where it is."""
        return self._endpoint.host

    def speak(self, text: str, voice: str | None = None) -> bytes:
        """``text`` as MP3.

        Args:
            text: At most :data:`LONGEST_SPEECH` characters are read.
            voice: The voice's name; the one of the settings by default.

        Raises:
            BadInput: ``nothing_to_read``.
            ModelError: the endpoint failed.
        """
        if not text.strip():
            raise BadInput(code="nothing_to_read")
        return self._endpoint.speak(
            text[:LONGEST_SPEECH], model=self._model, voice=voice or self._voice
        )


def check_speech(settings: Settings) -> list[SpeechVerdict]:
    """Try the models that the settings name: a second of silence, and one word. Never raises."""
    endpoint = speech_endpoint(settings)
    found: list[SpeechVerdict] = []
    if model := settings.transcription_model:
        ear = EndpointTranscriber(endpoint, model)
        found.append(_tried("transcription", endpoint, model, lambda: ear.transcribe(silence())))
    if model := settings.speech_model:
        voice = EndpointVoice(endpoint, model, settings.speech_voice)
        found.append(_tried("speech", endpoint, model, lambda: voice.speak("OK")))
    return found


def silence(seconds: float = 1.0, rate: int = 16_000) -> Recording:
    """A recording in which nobody speaks."""
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(bytes(2 * int(seconds * rate)))
    return read_recording(out.getvalue())


def _tried(
    part: Literal["transcription", "speech"],
    endpoint: OpenAIEndpoint,
    model: str,
    request: Callable[[], object],
) -> SpeechVerdict:
    started = perf_counter()
    try:
        request()
    except ModelError as error:
        told = [endpoint.host, str(error.params.get("status", "")), endpoint.complaint]
        return SpeechVerdict(part, model, error.code, " · ".join(filter(None, told)))
    return SpeechVerdict(part, model, "ok", endpoint.host, (perf_counter() - started) * 1000)
