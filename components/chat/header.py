"""The head of the chat: the persona's face, name and mood, and what speaks for it."""

from __future__ import annotations

import zlib

import streamlit as st

from components.identity import Identity
from components.settings.form import fixed
from components.settings.local_servers import offer
from components.shell import page_path
from components.text import t
from memory.chat.personas import avatar_path
from memory.container import Container
from memory.types import Session


def show(running: Container, me: Identity, session: Session) -> None:
    """Face, name, mood line; a plain word when no language model is in use."""
    with st.container(horizontal=True, vertical_alignment="center", key="chat_head"):
        st.image(avatar_path(me.persona.avatar), width=52, alt="")
        with st.container(gap=None):
            st.header(me.persona_name, anchor=False)
            if not running.safety_watch.in_danger(me.user.id):
                # A mood of the persona's own is small talk.
                st.caption(_mood(running, me, session))
    if running.chat_model.is_builtin:
        with st.container(horizontal=True, vertical_alignment="center", key="builtin_note"):
            st.caption(t("chat.builtin", name=me.persona_name))
            if me.designer:
                st.page_link(
                    page_path("settings"),
                    label=t("chat.connect"),
                    icon=":material/arrow_forward:",
                    icon_position="right",
                )
        if me.designer:
            offer(running, fixed(), "found_here")


def _mood(running: Container, me: Identity, session: Session) -> str:
    text = me.persona.text(me.language)
    lines = text.mood_lines or (text.tagline,)
    # The same mood for a session and a day: it should not change with every click.
    seed = f"{session.id}{running.clock().date()}"
    return lines[zlib.crc32(seed.encode()) % len(lines)]
