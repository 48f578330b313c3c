"""Memory health: one line that leads to the inbox."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.error_boundary import sentences
from components.identity import Identity, address
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.memories.review import FindingKind

LOOK_EVERY_SECONDS = 1.0
SECTION = "section"
"""The name under which the address says which findings are shown."""
_WAITING = "health_waiting"


def place() -> DeltaGenerator:
    """Room for the line, so that nothing moves when it comes; fill it last with :func:`show`."""
    with st.container(key="health"):
        return st.empty()


def show(running: Container, me: Identity, room: DeltaGenerator) -> None:
    """Write the line into its room, as soon as it is known."""
    with room.container():
        if running.review.ready(me.owner):
            _line(running, me)
        else:
            _line_to_be(running, me)


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _line_to_be(running: Container, me: Identity) -> None:
    """In its own place: drawing the page again would close whatever dialog is open."""
    with sentences():
        if running.review.ready(me.owner):
            _line(running, me)
        else:
            st.caption(f":shimmer[{t('inbox.looking')}]")


def _line(running: Container, me: Identity) -> None:
    found = running.review.health(me.owner)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", wrap=True):
        st.caption(t("inbox.health", count=found["memories"]), width="content")
        kinds = [kind for kind in FindingKind if found[kind.value]]
        for kind in kinds:
            st.page_link(
                page_path("inbox"),
                label=f"{t(f'inbox.kind_{kind.value}')} {found[kind.value]}",
                query_params={**address(me), SECTION: kind.value},
            )
        if not kinds:
            st.caption(t("inbox.healthy"), width="content")


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def wait(running: Container, me: Identity) -> None:
    """Says that the memories are being looked at; draws the page again once they were."""
    with sentences():
        if running.review.ready(me.owner) and st.session_state.pop(_WAITING, False):
            st.rerun()
        st.session_state[_WAITING] = True
        st.caption(f":shimmer[{t('inbox.looking')}]")
