"""Speaking instead of typing: a recording becomes text, to be put right before it is sent."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.text import t
from memory.attachments.audio import read_recording
from memory.container import Container
from memory.errors import BadInput
from memory.types import Attachment


def hear(running: Container, me: Identity, data: bytes) -> tuple[str, Attachment]:
    """What was said in a recording, and the recording as an attachment.

    Raises:
        BadInput: it can't be used, or nobody spoke (``audio_silent``).
        ModelError: the endpoint failed.
    """
    if running.transcriber is None:
        raise BadInput(code="speech_unset")
    recording = read_recording(data)
    with st.bottom, st.spinner(t("voice.hearing")):
        found = running.transcriber.transcribe(recording)
    if not found.text:
        raise BadInput(code="audio_silent")
    kept = running.attachment_intake.recording(me.user.id, recording, found.seconds)
    return found.text, kept
