"""Memory feedback: thumbs up or down on one memory."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.text import t
from memory.container import Container
from memory.types import Memory

_VALUES = ("negative", "positive")
"""In the order in which the thumbs stand for numbers."""


def thumbs(running: Container, me: Identity, memory: Memory) -> None:
    """Two thumbs; the one that was given is shown, and pressed again it is taken back."""
    key = f"opinion_{memory.id}"
    said = running.db.feedback.of(me.owner, memory.id)
    now = None if said is None else int(said[0] == "positive")
    st.session_state[key] = now
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("memories.opinion"), width="content", help=t("memories.opinion_help"))
        st.feedback("thumbs", key=key, on_change=_keep, args=(running, me, memory.id, key))
    if said is not None and said[1]:
        st.caption(plain(said[1]))


def _keep(running: Container, me: Identity, memory_id: str, key: str) -> None:
    chosen = st.session_state.get(key)
    value = None if chosen is None else _VALUES[chosen]
    running.db.feedback.set(me.owner, memory_id, value, None)
