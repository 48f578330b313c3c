"""Integrity notices on every page: a rebuild in progress, and what was found."""

from __future__ import annotations

import streamlit as st

from components.text import language, t
from memory.container import Container
from memory.memories.integrity import sentences

REFRESH_SECONDS = 2.0


def notices(running: Container, *, may_dismiss: bool) -> None:
    """Nothing while all is well."""
    if running.integrity.progress is not None:
        _progress(running)
    elif running.integrity.notices:
        _found(running, may_dismiss=may_dismiss)


@st.fragment(run_every=REFRESH_SECONDS)
def _progress(running: Container) -> None:
    """Redrawn by itself until the rebuild is over."""
    progress = running.integrity.progress
    if progress is None:
        st.rerun()
    with st.container(key="integrity_rebuilding"):
        st.progress(
            progress.done / max(1, progress.total), sentences(running.integrity, language())[0]
        )


def _found(running: Container, *, may_dismiss: bool) -> None:
    sound = running.integrity.is_sound
    with st.container(key="integrity_found"):
        for sentence in sentences(running.integrity, language()):
            if sound:
                st.info(sentence, icon=":material/build:")
            else:
                st.warning(sentence, icon=":material/sync_problem:")
        if may_dismiss and sound:
            st.button(
                t("integrity.dismiss"), on_click=running.integrity.dismiss, key="integrity_dismiss"
            )
