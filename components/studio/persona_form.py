"""Persona form: both languages side by side; what is typed becomes the persona's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.studio import drafts
from components.text import t, word
from memory.chat.personas import (
    LISTS,
    OPTIONAL,
    PLAIN,
    avatar_path,
    avatars,
    leading_note,
    parse_persona,
    persona_toml,
)
from memory.container import Container
from memory.errors import BadInput
from memory.i18n import languages
from memory.types import Language, Persona, PersonaText, TextKind

KIND: TextKind = "persona"
LINES = (*LISTS, *OPTIONAL)
HEIGHTS = {
    "temperament": 110,
    "speaking_style": 110,
    "backstory": 190,
    "opening_lines": 200,
    "boundaries": 180,
    "mood_lines": 150,
    "example_lines": 150,
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
    fields = _Fields(running, persona_id, begin)
    fields.avatar(persona)
    columns = st.columns(2, gap="medium")
    for language, column in zip(languages(), columns, strict=True):
        with column:
            st.markdown(f"**{word('language', language)}**")
            fields.language(language, persona.text(language))
    written = fields.written()
    drafts.keep(running, KIND, persona_id, written)
    return written


def _fields_are_there(running: Container, persona_id: str) -> bool:
    """Whether the fields hold what somebody is typing, if only something unusable for now."""
    begin = drafts.fields(running, KIND, persona_id)
    return f"{begin}_there" in st.session_state and f"{begin}_zh_name" in st.session_state


@dataclass(frozen=True)
class _Fields:
    """The fields of a persona; their keys begin with ``begin``."""

    running: Container
    persona_id: str
    begin: str

    def avatar(self, persona: Persona) -> None:
        """The pictures to choose from, and the chosen one."""
        key = drafts.seed(f"{self.begin}_avatar", persona.avatar)
        with st.container(horizontal=True, vertical_alignment="center", key="studio_avatar"):
            st.segmented_control(
                t("studio.avatar"),
                avatars(),
                required=True,
                format_func=lambda value: value.removesuffix(".svg"),
                key=key,
                on_change=self.typed,
                persist_state="session",
            )
            st.image(avatar_path(st.session_state[key]), width=40, alt="")

    def language(self, language: Language, text: PersonaText) -> None:
        """What the persona says and is in one language."""
        for name in PLAIN:
            key = drafts.seed(self._key(language, name), getattr(text, name))
            label = t(f"studio.field_{name}")
            if name in HEIGHTS:
                st.text_area(
                    label,
                    height=HEIGHTS[name],
                    key=key,
                    on_change=self.typed,
                    persist_state="session",
                )
            else:
                st.text_input(label, key=key, on_change=self.typed, persist_state="session")
        for name in LINES:
            one_a_line = t("studio.one_a_line")
            exchange = name in OPTIONAL
            st.text_area(
                t(f"studio.field_{name}"),
                height=HEIGHTS[name],
                help=f"{one_a_line} {t('studio.example_lines_help')}" if exchange else one_a_line,
                key=drafts.seed(self._key(language, name), "\n".join(getattr(text, name))),
                on_change=self.typed,
                persist_state="session",
            )

    def typed(self) -> None:
        """Keep what was typed (a callback): a click elsewhere may end it and leave the tab."""
        if all(self._key(language, LINES[-1]) in st.session_state for language in languages()):
            drafts.keep(self.running, KIND, self.persona_id, self.written())

    def written(self) -> str:
        """The text of the file that the fields amount to."""
        edited = Persona(
            id=self.persona_id,
            avatar=st.session_state[f"{self.begin}_avatar"],
            texts={language: self._text(language) for language in languages()},
        )
        body = drafts.current(self.running, KIND, self.persona_id)
        return persona_toml(edited, leading_note(body))

    def _text(self, language: Language) -> PersonaText:
        values: dict[str, Any] = {}
        for name in PLAIN:
            values[name] = self._value(language, name).strip()
        for name in LINES:
            lines = self._value(language, name).splitlines()
            values[name] = tuple(line.strip() for line in lines if line.strip())
        return PersonaText(**values)

    def _value(self, language: Language, name: str) -> str:
        return st.session_state[self._key(language, name)] or ""

    def _key(self, language: Language, name: str) -> str:
        return f"{self.begin}_{language}_{name}"
