"""Emergency contact: whom a person wants to have at hand; nothing is sent by itself."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.settings.form import note_saved
from components.text import t
from memory.container import Container
from memory.types.conversation import CONTACT_LENGTH


def form(running: Container, me: Identity) -> None:
    """Leave, change or remove it."""
    st.header(t("safety.contact"), anchor=False)
    st.markdown(t("safety.contact_text"))
    with st.form("contact_form", border=False):
        contact = st.text_input(
            t("safety.contact_field"),
            value=me.user.emergency_contact or "",
            max_chars=CONTACT_LENGTH,
            placeholder=t("safety.contact_hint"),
            autocomplete="off",
            key="emergency_contact",
        )
        saved = st.form_submit_button(t("app.save"), icon=":material/check:")
    if saved:
        with sentences():
            running.db.operators.set_emergency_contact(me.user.id, contact)
            note_saved()
            st.rerun()


def reminder(me: Identity) -> str:
    """A line for the help element, or ``""``: the contact that the person left."""
    contact = me.user.emergency_contact
    return (
        f":material/person: {t('safety.contact_line', contact=plain(contact))}" if contact else ""
    )


__all__ = ["form", "reminder"]
