"""Age statement at the first visit: 18 or older, or the minors' mode."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.text import t
from memory.container import Container


def needed(running: Container, me: Identity) -> bool:
    """Whether this person has to say first whether they are 18."""
    return running.settings.served_to_others and me.user.minor is None and not me.looking_at_another


def ask(running: Container, me: Identity) -> None:
    """The card in place of the conversation; a click is kept and the page goes on."""

    def said(minor: bool) -> None:
        with sentences():
            running.db.operators.set_age(me.user.id, minor=minor, source="stated")

    with st.container(border=True, key="age_statement"):
        st.header(t("safety.statement_title"), anchor=False)
        st.markdown(t("safety.statement_text", name=plain(me.persona_name)))
        st.button(
            t("safety.adult"),
            key="age_adult",
            type="primary",
            width="stretch",
            on_click=said,
            args=(False,),
        )
        st.button(
            t("safety.under_18"), key="age_minor", width="stretch", on_click=said, args=(True,)
        )
        st.caption(t("safety.statement_note"))


__all__ = ["ask", "needed"]
