"""Attachments on their way: what is sent along with the next message of a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.text import t
from memory.attachments.intake import GivenFile
from memory.types import Attachment

WAITING = "chat_waiting"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Recordings, whose transcript is in the input to be corrected, and files."""

    session_id: str
    recordings: tuple[Attachment, ...] = ()
    files: tuple[GivenFile, ...] = ()


def waiting(session_id: str) -> Waiting:
    """What waits in this session; what was left behind in another one is gone."""
    kept: Waiting | None = st.session_state.get(WAITING)
    return kept if kept is not None and kept.session_id == session_id else Waiting(session_id)


def let_wait(what: Waiting) -> None:
    """From now on this waits, instead of what did."""
    st.session_state[WAITING] = what


def take(session_id: str) -> Waiting:
    """What waits in this session, to be sent now: nothing waits any more."""
    now = waiting(session_id)
    discard()
    return now


def discard() -> None:
    """Nothing waits any more (also a callback)."""
    st.session_state.pop(WAITING, None)


def notice(session_id: str, send: Callable[[], None]) -> None:
    """One line above the input while something waits, with a way to throw it away.

    Photos can also be sent without a word: ``send`` is the callback that does.
    """
    now = waiting(session_id)
    lines = []
    if now.recordings:
        seconds = sum(one.seconds for one in now.recordings)
        lines.append(f":material/hearing: {t('voice.heard', seconds=f'{seconds:.0f}')}")
    if now.files:
        lines.append(f":material/photo_camera: {t('camera.taken', count=len(now.files))}")
    if not lines:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="waiting"):
        st.caption("  \n".join(lines), width="content")
        if not now.recordings:
            st.button(
                t("camera.send"),
                key="waiting_send",
                type="tertiary",
                icon=":material/send:",
                on_click=send,
            )
        st.button(
            t("camera.discard"),
            key="waiting_discard",
            type="tertiary",
            icon=":material/close:",
            on_click=discard,
        )
