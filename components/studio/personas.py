"""Personas tab: choose, edit in fields or as a file, add, archive."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.studio import drafts, editor, notice, persona_form
from components.text import t
from memory.chat.personas import avatar_path, parse_persona
from memory.container import Container
from memory.errors import BadInput, NiannianError
from memory.types import Persona, TextKind

KIND: TextKind = "persona"
WAYS = ("fields", "file")
_CHOSEN = "studio_persona"
_NEXT = "studio_persona_next"


def personas_tab(running: Container, me: Identity) -> None:
    """One persona at a time, with how it will look."""
    studio = running.studio
    known = {**studio.personas(), **studio.retired()}
    # A widget's value can't be set once it is there: the new persona waits for this run.
    wanted = st.session_state.pop(_NEXT, None) or st.session_state.get(_CHOSEN)
    st.session_state[_CHOSEN] = wanted if wanted in known else me.persona.id
    with st.container(horizontal=True, vertical_alignment="bottom", key="studio_choose_persona"):
        persona_id = st.selectbox(
            t("app.persona"),
            list(known),
            format_func=lambda value: _name(running, me, value),
            key=_CHOSEN,
            persist_state="session",
        )
        if st.button(t("studio.add_persona"), key="studio_add_persona", icon=":material/add:"):
            _add_dialog(running, me, persona_id)
        if persona_id in studio.personas() and not studio.is_shipped(persona_id):
            st.button(
                t("studio.archive_persona"),
                key="studio_archive_persona",
                icon=":material/archive:",
                on_click=_archive,
                args=(running, persona_id),
            )
    if persona_id in studio.retired():
        _retired(running, me, persona_id)
    else:
        _edit(running, me, persona_id)


def _edit(running: Container, me: Identity, persona_id: str) -> None:
    way = st.segmented_control(
        t("studio.way"),
        WAYS,
        default="fields",
        required=True,
        format_func=lambda value: t(f"studio.way_{value}"),
        label_visibility="collapsed",
        key="studio_way",
        on_change=drafts.show_again,
        args=(KIND, persona_id),
        persist_state="session",
    )
    left, right = st.columns([5, 3], gap="medium")
    with left:
        if way == "file":
            body = editor.field(running, KIND, persona_id)
        else:
            body = persona_form.form(running, persona_id)
        usable = editor.verdict(running, KIND, persona_id, body)
        editor.save_row(running, KIND, persona_id, usable)
    with right:
        _preview(persona_id, body, me)
        st.header(t("studio.versions"), anchor=False)
        editor.versions(running, me, KIND, persona_id)
    editor.differences(running, me, KIND, persona_id, body)


def _retired(running: Container, me: Identity, persona_id: str) -> None:
    st.info(t("studio.persona_archived"), icon=":material/archive:")
    editor.versions(running, me, KIND, persona_id)


def _preview(persona_id: str, body: str, me: Identity) -> None:
    """How the persona looks in the chat, while it can be read."""
    try:
        persona = parse_persona(persona_id, body)
    except BadInput:
        return
    text = persona.text(me.language)
    with st.container(border=True, key="studio_preview"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.image(avatar_path(persona.avatar), width=52, alt="")
            with st.container(gap=None):
                st.markdown(f"**{plain(text.name)}**")
                st.caption(plain(text.tagline))
        with st.chat_message(text.name, avatar=avatar_path(persona.avatar)):
            st.text(text.opening_lines[0])
        if text.mood_lines:
            st.caption(plain(text.mood_lines[0]))


def _name(running: Container, me: Identity, persona_id: str) -> str:
    persona: Persona = running.personas[persona_id]
    name = persona.text(me.language).name
    archived = persona_id in running.studio.retired()
    marks = [t("studio.archived")] if archived else []
    return f"{name} ({', '.join([persona_id, *marks])})"


def _add_dialog(running: Container, me: Identity, persona_id: str) -> None:
    @st.dialog(t("studio.add_persona"), icon=":material/add:")
    def dialog() -> None:
        with st.form("studio_new_persona", border=False):
            people = list(running.studio.personas())
            base = st.selectbox(
                t("studio.copy_of"),
                people,
                index=people.index(persona_id) if persona_id in people else 0,
                format_func=lambda value: _name(running, me, value),
            )
            new_id = st.text_input(
                t("studio.persona_id"), placeholder="mimi", help=t("studio.persona_id_help")
            )
            left, right = st.columns(2)
            chinese = left.text_input(t("studio.name_zh"), max_chars=40)
            english = right.text_input(t("studio.name_en"), max_chars=40)
            made = st.form_submit_button(t("studio.add"), type="primary", icon=":material/check:")
        if not made:
            return
        try:
            running.studio.add_persona(new_id.strip(), base, {"zh": chinese, "en": english})
        except NiannianError as error:
            st.error(editor.problem(error), icon=":material/error:")
            return
        st.session_state[_NEXT] = new_id.strip()
        st.rerun()

    dialog()


def _archive(running: Container, persona_id: str) -> None:
    try:
        running.studio.archive_persona(persona_id)
    except NiannianError as error:
        st.toast(editor.problem(error), icon=":material/error:")
        return
    drafts.forget(KIND, persona_id)
    notice.toast("studio.persona_is_archived")
