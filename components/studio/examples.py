"""Taught examples tab: this means that, this is never a memory; tried at once."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.markdown_escape import plain
from components.studio import notice
from components.text import t
from memory.container import Container
from memory.studio.example_bench import NEVER, meanings, understood


def examples_tab(running: Container, me: Identity) -> None:
    """What was taught, one more, and what a sentence means now."""
    st.caption(t("studio.examples_about"))
    known = meanings(me.language)
    with st.form("studio_teach", clear_on_submit=True):
        text = st.text_input(t("studio.example_sentence"), key="studio_example_sentence")
        meaning = st.selectbox(
            t("studio.example_means"),
            [NEVER, *known],
            format_func=lambda name: _named(name, known),
            key="studio_example_means",
        )
        if st.form_submit_button(t("studio.example_teach"), icon=":material/school:"):
            with sentences():
                running.taught.add(text, meaning)
                notice.toast("studio.example_taught")
    _taught(running, known)
    st.header(t("studio.example_try"), anchor=False)
    tried = st.text_input(t("studio.example_try_sentence"), key="studio_example_try")
    if tried.strip():
        _show(running, tried, known)


def _named(name: str, known: dict[str, str]) -> str:
    return t("studio.example_never") if name == NEVER else f"{name} · {known.get(name, '')}"


def _taught(running: Container, known: dict[str, str]) -> None:
    taught = running.taught()
    if not taught:
        st.caption(t("studio.examples_none"))
    for place, one in enumerate(reversed(taught)):
        with st.container(horizontal=True, vertical_alignment="center", key=f"studio_ex_{place}"):
            st.markdown(f"{plain(one.text)} → {plain(_named(one.meaning, known))}")
            st.button(
                t("studio.example_forget"),
                key=f"studio_example_forget_{place}",
                icon=":material/delete:",
                type="tertiary",
                on_click=running.taught.remove,
                args=(one.text,),
            )


def _show(running: Container, tried: str, known: dict[str, str]) -> None:
    found = understood(tried, running.taught())
    if found.taught:
        st.success(
            t("studio.example_as_taught", meaning=_named(found.taught, known)),
            icon=":material/check:",
        )
    for name, likely in found.likely:
        st.markdown(f"{plain(_named(name, known))}: {likely:.0%}")
    st.caption(t("studio.example_playground"))
