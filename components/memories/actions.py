"""Memory actions, wherever a memory is shown: open, correct, forget, undo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.identity import Identity, address
from components.shell import page_path
from components.text import error_text, t, word
from memory.container import Container
from memory.errors import NiannianError, NotFound
from memory.types import Actor, Memory, Status

TEXT_LENGTH = 500


def find(running: Container, me: Identity, memory_id: str) -> Memory | None:
    """The memory as it is now; None once it was forgotten."""
    try:
        return running.store.reads.get(me.owner, memory_id)
    except NotFound:
        return None


def actions(
    running: Container, me: Identity, memory_id: str, memory: Memory | None, key: str
) -> None:
    """The row of actions for one memory; belongs in a fragment or a dialog.

    Args:
        running: The running parts.
        me: Whose memory.
        memory_id: Its id, which outlives it.
        memory: The memory as it is now; None once it was forgotten.
        key: Unique on the page.
    """
    editing = f"{key}_editing"
    if memory is None or memory.status is not Status.ACTIVE:
        _gone(running, me, memory_id, memory, key)
        return
    if st.session_state.get(editing):
        _edit_form(running, me, memory, key, editing)
        return
    with st.container(horizontal=True, gap="small", key=f"{key}_actions"):
        st.page_link(
            page_path("memories"),
            label=t("trace.open"),
            icon=":material/open_in_new:",
            query_params={**address(me), "memory": memory_id},
        )
        st.button(
            t("trace.correct"),
            key=f"{key}_edit",
            type="tertiary",
            icon=":material/edit:",
            on_click=lambda: st.session_state.update({editing: True}),
        )
        st.button(
            t("trace.forget"),
            key=f"{key}_forget",
            type="tertiary",
            icon=":material/delete:",
            on_click=lambda: _try(
                key, lambda: running.memory_service.delete(me.owner, [memory_id], actor=Actor.HAND)
            ),
        )
    _problem(key)


def caption(memory: Memory) -> str:
    """Subject, kind, category and date of a memory in one quiet line."""
    parts = [
        word("subject", memory.subject),
        word("kind", memory.kind),
        word("category", memory.category),
    ]
    if memory.event_date:
        parts.append(memory.event_date)
    if memory.safety:
        parts.append(t("memories.safety"))
    return " · ".join(parts)


def _edit_form(running: Container, me: Identity, memory: Memory, key: str, editing: str) -> None:
    text_key = f"{key}_text"

    def save() -> None:
        text = str(st.session_state[text_key]).strip()
        if text and text != memory.text:
            _try(
                key,
                lambda: running.memory_service.edit(
                    me.owner, memory.id, text=text, actor=Actor.HAND
                ),
            )
        st.session_state[editing] = False

    st.text_area(
        t("trace.correct"),
        value=memory.text,
        max_chars=TEXT_LENGTH,
        key=text_key,
        height=80,
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, gap="small"):
        st.button(t("app.save"), key=f"{key}_save", type="primary", on_click=save)
        st.button(
            t("app.cancel"),
            key=f"{key}_cancel",
            on_click=lambda: st.session_state.update({editing: False}),
        )


def _gone(
    running: Container, me: Identity, memory_id: str, memory: Memory | None, key: str
) -> None:
    """A memory that isn't in force: say so, and offer to bring it back."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_actions"
    ):
        if memory is None and not running.db.history.of(me.owner, memory_id=memory_id, limit=1):
            st.caption(t("trace.forgotten"))
            return
        st.caption(
            t("trace.forgotten") if memory is None else word("status", memory.status),
            width="content",
        )
        if (
            memory is not None
            and running.memory_service.supersession.in_place_of(me.owner, memory) is not None
        ):
            # Just bringing it back would leave it beside what contradicts it.
            st.button(
                t("before_now.swap"),
                key=f"{key}_swap",
                type="tertiary",
                icon=":material/swap_horiz:",
                help=t("before_now.swap_help"),
                on_click=lambda: _try(
                    key, lambda: running.memory_service.supersession.swap_back(me.owner, memory_id)
                ),
            )
        else:
            st.button(
                t("app.undo") if memory is None else t("trace.restore"),
                key=f"{key}_undo",
                type="tertiary",
                icon=":material/undo:",
                on_click=lambda: _try(
                    key, lambda: running.memory_service.restore(me.owner, memory_id)
                ),
            )
    _problem(key)


def _try(key: str, change: Callable[[], object]) -> None:
    """Do it; a refusal is kept for the next line on the screen, not lost in a callback."""
    try:
        change()
    except NiannianError as error:
        st.session_state[f"{key}_problem"] = error_text(error)


def _problem(key: str) -> None:
    said = st.session_state.pop(f"{key}_problem", None)
    if said:
        st.error(said, icon=":material/error:")
