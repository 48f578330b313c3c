"""Rewrite dialog: one memory is reworded, or becomes several."""

from __future__ import annotations

import streamlit as st

from components.inbox import actions
from components.text import t
from memory.container import Container
from memory.memories.review.sentences import sentences
from memory.types import Memory, Owner

LENGTH = 4000


def rewrite_dialog(running: Container, owner: Owner, memory: Memory, *, split: bool) -> None:
    """Rewrite it.

    Args:
        running: The running parts.
        owner: Whose memory.
        memory: The memory.
        split: Begin with one line a sentence, each of which becomes a memory.
    """

    @st.dialog(t("inbox.rewrite_title"), icon=":material/edit:", width="medium")
    def dialog() -> None:
        text = "\n".join(sentences(memory.text)) if split else memory.text
        with st.form("rewrite", border=False):
            written = st.text_area(
                t("memories.text"),
                value=text,
                height=240 if split else 120,
                max_chars=LENGTH,
                help=t("inbox.rewrite_help"),
                key=f"rewrite_{memory.id}",
            )
            st.caption(t("inbox.rewrite_help"))
            saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
        if not saved:
            return
        lines = [line.strip() for line in written.splitlines() if line.strip()]
        if not lines:
            st.error(t("memories.text_missing"), icon=":material/info:")
            return
        actions.rewrite(running, owner, memory, lines)
        st.rerun()

    dialog()
