"""The rolling summary above a long conversation: to read, to edit, to have written anew."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components.identity import Identity
from components.text import t
from memory.container import Container
from memory.types import Session, SessionSummary
from memory.types.conversation import SUMMARY_LENGTH

EDITING = "summary_editing"


def show(running: Container, me: Identity, session: Session) -> None:
    """A closed line where older turns were summed up; nothing in a short session."""
    summary = running.db.sessions.get(me.owner, session.id).summary
    if summary is None or running.chat_model.is_builtin:
        return
    editing = st.session_state.get(EDITING) == session.id
    with (
        st.container(key="summary"),
        st.expander(t("summary.title"), expanded=editing, icon=":material/history_edu:"),
    ):
        if editing:
            _editor(running, me, session, summary)
        else:
            _text(running, me, session, summary)


def _text(running: Container, me: Identity, session: Session, summary: SessionSummary) -> None:
    st.text(summary.text or t("summary.empty"))
    spent = summary.prompt_tokens + summary.reply_tokens
    cost = t("summary.cost", tokens=f"{spent:,}") if spent else ""
    edited = t("summary.edited") if summary.edited else ""
    st.caption("  \n".join(line for line in (t("summary.about"), cost, edited) if line))
    if me.looking_at_another:
        return

    def edit() -> None:
        st.session_state[EDITING] = session.id

    def rewrite() -> None:
        running.db.sessions.summarise(me.owner, session.id, None)
        running.summaries.turn_ended(me.owner, session.id)

    with st.container(horizontal=True, gap="small"):
        st.button(t("summary.edit"), key="summary_edit", icon=":material/edit:", on_click=edit)
        st.button(
            t("summary.rewrite"),
            key="summary_rewrite",
            type="tertiary",
            icon=":material/refresh:",
            on_click=rewrite,
        )


def _editor(running: Container, me: Identity, session: Session, summary: SessionSummary) -> None:
    text = st.text_area(
        t("summary.text"),
        summary.text,
        max_chars=SUMMARY_LENGTH,
        height=180,
        key=f"summary_text_{session.id}",
        label_visibility="collapsed",
    )

    def close() -> None:
        st.session_state.pop(EDITING, None)

    def save() -> None:
        close()
        changed = replace(
            summary,
            text=(st.session_state.get(f"summary_text_{session.id}") or text).strip(),
            edited=True,
            updated_at=running.clock(),
        )
        running.db.sessions.summarise(me.owner, session.id, changed)
        st.toast(t("summary.saved"))

    with st.container(horizontal=True, gap="small"):
        st.button(t("summary.save"), key="summary_save", type="primary", on_click=save)
        st.button(t("summary.cancel"), key="summary_cancel", type="tertiary", on_click=close)
