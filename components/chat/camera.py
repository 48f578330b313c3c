"""Camera: a photo taken here waits beside the input until it is sent."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.chat.waiting import let_wait, waiting
from components.own_words import say_instead
from components.text import t
from memory.attachments.intake import MOST_FILES, GivenFile

PICTURE = "camera_picture"
OPEN = "camera_is_open"
BUTTON = "[data-testid='stCameraInputButton']"
ASKING = "[data-testid='stCameraInputWebcamComponent'] > div:first-child > p"


def camera_button(session_id: str) -> None:
    """A button that opens the camera; nothing is asked of the browser before.

    The dialog is drawn by every run until it is closed: the end of a reply begins one.
    """
    st.button(
        t("camera.open"),
        key="camera_open",
        type="tertiary",
        icon=":material/photo_camera:",
        help=t("camera.open_help"),
        disabled=len(waiting(session_id).files) >= MOST_FILES,
        on_click=_opened,
        args=(session_id,),
    )
    if st.session_state.get(OPEN) == session_id:
        _take(session_id)


def _opened(session_id: str) -> None:
    st.session_state[OPEN] = session_id


def _closed() -> None:
    st.session_state.pop(OPEN, None)


def _take(session_id: str) -> None:
    @st.dialog(t("camera.title"), icon=":material/photo_camera:", on_dismiss=_closed)
    def dialog() -> None:
        taken = st.camera_input(t("camera.title"), key=PICTURE, label_visibility="collapsed")
        say_instead(
            {
                BUTTON: t("camera.take" if taken is None else "camera.again"),
                ASKING: t("camera.ask"),
            }
        )
        if taken is None:
            return
        if st.button(t("camera.use"), key="camera_use", type="primary", width="stretch"):
            before = waiting(session_id)
            photo = GivenFile(t("camera.file_name", number=len(before.files) + 1), taken.getvalue())
            let_wait(replace(before, files=(*before.files, photo)))
            _closed()
            st.rerun()

    dialog()
