"""A persona in fields, both languages side by side; what is typed becomes its file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.studio import drafts
from components.text import t, word
from memory.container import Container
from memory.errors import BadInput
from memory.personas import (
    LISTS,
    PLAIN,
    avatar_path,
    avatars,
    leading_note,
    parse_persona,
    persona_toml,
)
from memory.studio import LANGUAGES
from memory.types import Language, Persona, PersonaText, TextKind

KIND: TextKind = "persona"
HEIGHTS = {
    "temperament": 110,
    "speaking_style": 110,
    "backstory": 190,
    "opening_lines": 200,
    "boundaries": 180,
    "mood_lines": 150,
}


def form(running: Container, persona_id: str) -> str:
    """The fields; returns the text of the file that they amount to."""
    body = drafts.current(running, KIND, persona_id)
    try:
        persona = parse_persona(persona_id, body)
    except BadInput:
        if not _fields_are_there(running, persona_id):
            st.caption(t("studio.mend_file"))
            return body
        persona = parse_persona(persona_id, running.studio.text(KIND, persona_id))
    begin = drafts.fields(running, KIND, persona_id)
    st.session_state[f"{begin}_there"] = True
    avatar = _avatar(begin, persona)
    columns = st.columns(2, gap="medium")
    texts = {}
    for language, column in zip(LANGUAGES, columns, strict=True):
        with column:
            st.markdown(f"**{word('language', language)}**")
            texts[language] = _language(begin, language, persona.text(language))
    edited = Persona(id=persona_id, avatar=avatar, texts=texts)
    written = persona_toml(edited, leading_note(body))
    drafts.keep(running, KIND, persona_id, written)
    return written


def _fields_are_there(running: Container, persona_id: str) -> bool:
    """Whether the fields hold what somebody is typing, if only something unusable for now."""
    begin = drafts.fields(running, KIND, persona_id)
    return f"{begin}_there" in st.session_state and f"{begin}_zh_name" in st.session_state


def _avatar(begin: str, persona: Persona) -> str:
    names = avatars()
    with st.container(horizontal=True, vertical_alignment="center", key="studio_avatar"):
        picked = st.segmented_control(
            t("studio.avatar"),
            names,
            required=True,
            format_func=lambda value: value.removesuffix(".svg"),
            key=drafts.seed(f"{begin}_avatar", persona.avatar),
        )
        chosen = picked or persona.avatar
        st.image(avatar_path(chosen), width=40, alt="")
    return chosen


def _language(begin: str, language: Language, text: PersonaText) -> PersonaText:
    values: dict[str, Any] = {}
    for name in PLAIN:
        key = drafts.seed(f"{begin}_{language}_{name}", getattr(text, name))
        label = t(f"studio.field_{name}")
        if name in HEIGHTS:
            values[name] = st.text_area(label, height=HEIGHTS[name], key=key)
        else:
            values[name] = st.text_input(label, key=key)
    for name in LISTS:
        key = drafts.seed(f"{begin}_{language}_{name}", "\n".join(getattr(text, name)))
        typed = st.text_area(
            t(f"studio.field_{name}"),
            height=HEIGHTS[name],
            help=t("studio.one_a_line"),
            key=key,
        )
        values[name] = tuple(line.strip() for line in (typed or "").splitlines() if line.strip())
    return PersonaText(**{**values, **{name: (values[name] or "").strip() for name in PLAIN}})
