"""Speaking instead of typing: a recording becomes text, to be put right before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.identity import Identity
from components.text import t
from memory.attachments.audio import read_recording
from memory.attachments.intake import GivenFile
from memory.container import Container
from memory.errors import BadInput
from memory.types import Attachment

HEARD = "chat_heard"


@dataclass(frozen=True, slots=True)
class Heard:
    """What waits to be sent with the corrected text: the recording, and files beside it."""

    session_id: str
    recordings: tuple[Attachment, ...]
    files: tuple[GivenFile, ...] = ()


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


def waiting(session_id: str) -> Heard | None:
    """What was heard in this session and isn't sent yet."""
    heard: Heard | None = st.session_state.get(HEARD)
    return heard if heard is not None and heard.session_id == session_id else None


def notice(session_id: str) -> None:
    """One line above the input while a transcript waits there to be sent."""
    heard = waiting(session_id)
    if heard is not None:
        seconds = sum(one.seconds for one in heard.recordings)
        st.caption(f":material/hearing: {t('voice.heard', seconds=f'{seconds:.0f}')}")
