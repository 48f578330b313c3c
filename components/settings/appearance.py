"""Appearance settings: light or dark, font size, an accent colour for each persona.

They hold at once, without a button: one sees what one chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.text import t, word
from memory.container import Container
from memory.types import ACCENTS, TEXT_SIZES, THEMES, Accent, Appearance

_USUAL = ACCENTS[0]


def appearance(running: Container, me: Identity) -> None:
    """What one user chose, and the ways to choose otherwise."""
    now = running.db.appearances.of(me.user.id)
    with st.container(key="appearance"):
        st.header(t("settings.appearance"), anchor=False)
        _choice(running, me, "theme", THEMES, now.theme)
        _choice(running, me, "text_size", TEXT_SIZES, now.text_size)
        st.markdown(t("settings.accents"))
        columns = st.columns(2)
        for number, persona in enumerate(running.personas.values()):
            key = f"appearance_accent_{persona.id}"
            if st.session_state.get(key) not in ACCENTS:
                st.session_state[key] = now.accents.get(persona.id, _USUAL)
            columns[number % 2].selectbox(
                plain(persona.text(me.language).name),
                ACCENTS,
                format_func=lambda value: word("accent", value),
                key=key,
                on_change=_keep,
                args=(running, me.user.id, key, ACCENTS, partial(_with_accent, persona.id)),
            )


def _choice(running: Container, me: Identity, name: str, values: tuple[Any, ...], now: str) -> None:
    key = f"appearance_{name}"
    if st.session_state.get(key) not in values:
        st.session_state[key] = now
    st.segmented_control(
        t(f"settings.{name}"),
        values,
        required=True,
        format_func=lambda value: word(name, value),
        key=key,
        on_change=_keep,
        args=(running, me.user.id, key, values, partial(_with, name)),
    )


def _with(name: str, kept: Appearance, value: Any) -> Appearance:
    return replace(kept, **{name: value})


def _with_accent(persona_id: str, kept: Appearance, value: Accent) -> Appearance:
    return replace(kept, accents={**kept.accents, persona_id: value})


def _keep(
    running: Container,
    user_id: str,
    key: str,
    values: Collection[Any],
    change: Callable[[Appearance, Any], Appearance],
) -> None:
    """Keep what was chosen.

    A browser that is slow may send it when the form has gone with whom it was of, or as
    a word of the language before: then nothing was chosen.
    """
    chosen = st.session_state.get(key)
    if chosen in values:
        appearances = running.db.appearances
        appearances.set(user_id, change(appearances.of(user_id), chosen))
