"""The safety tab of the settings: age and its mode, contact, complaints, alarms."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.safety import alarms, complaints, contact
from components.text import t, word
from memory.container import Container


def safety(running: Container, me: Identity) -> None:
    """What a person may see of it, and what a designer may see and put right."""
    served = running.settings.served_to_others
    _age(running, me)
    if served and not me.looking_at_another:
        contact.form(running, me)
        complaints.form(running, me)
    elif served and me.designer and me.user.emergency_contact:
        st.header(t("safety.contact"), anchor=False)
        st.text(me.user.emergency_contact)
    if me.designer:
        if served:
            complaints.inbox(running, me)
        alarms.table(running)


def _age(running: Container, me: Identity) -> None:
    """Whether the minors' mode is on, since when, from whom; a designer may correct it."""
    st.header(t("safety.age"), anchor=False)
    user = me.user
    state = {None: "unknown", True: "minor", False: "adult"}[user.minor]
    st.markdown(t(f"safety.age_{state}"))
    if user.age_at is not None and user.age_source is not None:
        source = word("age_source", user.age_source)
        st.caption(t("safety.age_since", day=f"{user.age_at:%Y-%m-%d}", source=source))
    if me.designer:
        label = t("safety.correct_adult" if user.minor else "safety.correct_minor")
        if st.button(label, key="correct_age", icon=":material/edit:"):
            with sentences():
                running.accounts.look(me.viewer, user.id, "settings", "change")
                running.db.operators.set_age(user.id, minor=not user.minor, source="designer")
                st.rerun()
    elif user.minor is None and not me.looking_at_another:
        if st.button(t("safety.under_18"), key="state_minor", icon=":material/child_care:"):
            with sentences():
                running.db.operators.set_age(user.id, minor=True, source="stated")
                st.rerun()
    elif user.minor:
        st.caption(t("safety.age_fixed"))


__all__ = ["safety"]
