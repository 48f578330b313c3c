"""Polling fragment: says that memories are being made, and redraws the page once they are."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.text import t
from memory.container import Container
from memory.extraction.worker import Phase

LOOK_EVERY_SECONDS = 1.0


def watch(running: Container, me: Identity) -> None:
    """Show the line while an extraction of this owner is under way; nothing otherwise."""
    if _extracting(running, me):
        _line(running, me)


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _line(running: Container, me: Identity) -> None:
    if not _extracting(running, me):
        st.rerun()
    st.caption(f":shimmer[{t('chat.working')}]")


def _extracting(running: Container, me: Identity) -> bool:
    return running.extraction_worker.state(me.owner).phase is Phase.WORKING
