"""Audio files: what kind one is, told from its bytes, and how long."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

from memory.errors import BadInput

MOST_BYTES = 25 * 1024 * 1024
"""What the services that transcribe take."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording: its bytes, what it is, and its seconds (0 where the header doesn't tell)."""

    data: bytes
    media_type: str
    name: str
    seconds: float


def read_recording(data: bytes) -> Recording:
    """A recording in one of the formats that services take.

    Raises:
        BadInput: ``audio_empty``, ``audio_too_big`` or ``audio_type``.
    """
    if not data:
        raise BadInput(code="audio_empty")
    if len(data) > MOST_BYTES:
        raise BadInput(code="audio_too_big", limit=MOST_BYTES // 1024**2)
    kind = _kind(data)
    if kind is None:
        raise BadInput(code="audio_type")
    return Recording(data, f"audio/{kind}", f"speech.{kind}", wav_seconds(data))


def wav_seconds(data: bytes) -> float:
    """The length of a WAV file; 0 for another or a broken one."""
    try:
        with wave.open(io.BytesIO(data)) as opened:
            return float(opened.getnframes() / opened.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0


def _kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mp4"
    if data[:3] == b"ID3" or (data[0] == 0xFF and len(data) > 1 and data[1] & 0xE0 == 0xE0):
        return "mpeg"
    beginnings = {b"OggS": "ogg", b"fLaC": "flac", b"\x1aE\xdf\xa3": "webm"}
    return beginnings.get(data[:4])
