"""Complaints: a form for whoever is here, and for designers what others wrote."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.text import t
from memory.container import Container
from memory.db.operators import COMPLAINT_LENGTH
from memory.types import Complaint

SHOWN = 50
_NOTED = "complaints_noted"


def form(running: Container, me: Identity) -> None:
    """Write one; one's own with their answers below."""
    st.header(t("safety.complaints"), anchor=False)
    st.markdown(t("safety.complaints_text"))
    with st.form("complaint_form", border=False, clear_on_submit=True):
        text = st.text_area(
            t("safety.complaint_field"), max_chars=COMPLAINT_LENGTH, key="complaint_text"
        )
        sent = st.form_submit_button(t("safety.complaint_send"), icon=":material/send:")
    if sent:
        with sentences():
            running.db.operators.add_complaint(me.user.id, text)
            st.success(t("safety.complaint_sent"), icon=":material/check:")
    for complaint in running.db.operators.complaints(me.user.id)[:SHOWN]:
        _one(complaint)


def inbox(running: Container, me: Identity) -> None:
    """Everybody's, for designers; each can be answered."""
    st.header(t("safety.inbox"), anchor=False)
    found = running.db.operators.complaints()
    if not found:
        st.caption(t("safety.inbox_empty"))
    _noted(running, me, found[:SHOWN])
    names = {user.id: user.name for user in running.db.users.all()}
    for complaint in found[:SHOWN]:
        with st.container(border=True, key=f"complaint_{complaint.id}"):
            _said(complaint, names.get(complaint.user_id, complaint.user_id))
            with st.form(f"answer_form_{complaint.id}", border=False):
                answer = st.text_input(
                    t("safety.answer_field"),
                    value=complaint.answer or "",
                    max_chars=COMPLAINT_LENGTH,
                    key=f"answer_{complaint.id}",
                )
                sent = st.form_submit_button(t("safety.answer_send"), icon=":material/reply:")
            if sent:
                with sentences():
                    running.accounts.look(me.viewer, complaint.user_id, "settings", "change")
                    running.db.operators.answer_complaint(complaint.id, answer)
                    st.rerun()


def _noted(running: Container, me: Identity, shown: Sequence[Complaint]) -> None:
    """Write into the access log whose complaints are read: once in a visit, not at each run."""
    noted: set[str] = st.session_state.setdefault(_NOTED, set())
    for user_id in sorted({complaint.user_id for complaint in shown} - noted):
        running.accounts.look(me.viewer, user_id, "settings")
        noted.add(user_id)


def _one(complaint: Complaint) -> None:
    with st.container(border=True, key=f"own_complaint_{complaint.id}"):
        _said(complaint, "")
        if complaint.answer:
            st.caption(t("safety.answered"))
            st.text(complaint.answer)
        else:
            st.caption(t("safety.not_answered"))


def _said(complaint: Complaint, name: str) -> None:
    day = f"{complaint.created_at:%Y-%m-%d}"
    st.caption(f"{day} · {name}" if name else day)
    st.text(complaint.text)


__all__ = ["form", "inbox"]
