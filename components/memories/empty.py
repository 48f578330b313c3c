"""Empty state: what to do where nothing is remembered yet."""

from __future__ import annotations

import streamlit as st

from components import demo_story
from components.shell import page_path
from components.text import t
from memory.container import Container


def show(running: Container) -> None:
    """What to do when there is nothing to show."""
    with st.container(border=True, horizontal_alignment="center", key="nothing_yet"):
        st.markdown(f"**{t('memories.empty_title')}**", width="content")
        alone = running.accounts.required
        st.markdown(t("accounts.empty" if alone else "memories.empty_text"), width="content")
        with st.container(
            horizontal=True, horizontal_alignment="center", vertical_alignment="center"
        ):
            st.page_link(
                page_path("chat"), label=t("memories.go_chat"), icon=":material/chat_bubble:"
            )
            st.page_link(
                page_path("settings"),
                label=t("transfer.link"),
                icon=":material/upload:",
                query_params={"tab": "data"},
            )
            demo_story.load_button(running, key="demo_from_empty")
