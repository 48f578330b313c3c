"""First visit: who there is to talk with, what is remembered and where, and how to begin."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import identity
from components.chat import composer as chat_composer
from components.identity import Identity
from components.markdown_escape import plain
from components.text import t
from memory.chat.personas import avatar_path
from memory.container import Container
from memory.types import Message, Persona, Session

OPENERS = ("tired", "myself", "you")
COLUMNS = 3


def show(running: Container, me: Identity, session: Session, messages: Sequence[Message]) -> None:
    """Under the first greeting, until something has been said."""
    if me.looking_at_another or any(message.role == "user" for message in messages):
        return
    if running.safety_watch.in_danger(me.user.id) or running.db.messages.has_said(me.owner):
        return
    with st.container(key="first_visit"):
        with st.container(horizontal=True, gap="small", key="openers"):
            for name in OPENERS:
                said = t(f"first_visit.{name}")
                st.button(
                    said,
                    key=f"opener_{name}",
                    on_click=chat_composer.submit,
                    args=(session.id, said),
                )
        personas = list(running.personas.values())
        if len(personas) > 1:
            st.caption(t("first_visit.others"))
            for start in range(0, len(personas), COLUMNS):
                for column, persona in zip(
                    st.columns(COLUMNS, gap="small", wrap=False),
                    personas[start : start + COLUMNS],
                    strict=False,
                ):
                    with column:
                        _card(me, persona)
        where = "on_server" if running.settings.served_to_others else "here"
        kept = t(f"first_visit.{where}")
        if not running.chat_model.is_builtin:
            kept = f"{kept} {t('first_visit.model', model=plain(running.chat_model.name))}"
        st.caption(f":material/lock: {kept}")


def _card(me: Identity, persona: Persona) -> None:
    text = persona.text(me.language)
    chosen = persona.id == me.persona.id
    with st.container(
        border=True,
        gap="xsmall",
        horizontal_alignment="center",
        key=f"persona_{'chosen' if chosen else 'card'}_{persona.id}",
    ):
        st.image(avatar_path(persona.avatar), width=72, alt="")
        st.markdown(f"**{plain(text.name)}**", text_alignment="center")
        st.caption(plain(text.tagline), text_alignment="center")
        st.button(
            t("first_visit.chosen") if chosen else t("first_visit.choose", name=plain(text.name)),
            key=f"choose_{persona.id}",
            disabled=chosen,
            width="stretch",
            on_click=lambda: identity.switch(persona_id=persona.id),
        )
