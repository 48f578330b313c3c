"""The studio in tabs; only the open one is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from components import url_state
from components.error_boundary import sentences
from components.identity import Identity
from components.memories import changes as memory_changes
from components.recall.page import recall_tab
from components.studio.notice import PLACE
from components.studio.personas import personas_tab
from components.studio.playground import playground_tab
from components.studio.prompts import prompts_tab
from components.studio.reextract import reextract_tab
from components.text import t
from memory.container import Container

Tab = Callable[[Container, Identity], None]
TABS: Mapping[str, Tab] = {
    "prompts": prompts_tab,
    "personas": personas_tab,
    "playground": playground_tab,
    "reextract": reextract_tab,
    "recall": recall_tab,
}


def head(running: Container, me: Identity) -> None:
    """Title, what is in use, and what was just done."""
    with st.container(key="studio_head"):
        st.title(t("studio.title"), anchor=False)
        model = running.extraction_model
        if model.is_builtin:
            st.caption(t("studio.about_builtin"))
        else:
            st.caption(t("studio.about", model=model.name))
    memory_changes.notice_bar(running, me.owner, place=PLACE)


def tabs(running: Container, me: Identity) -> None:
    """The five tabs."""
    shown = url_state.tabs({name: t(f"studio.tab_{name}") for name in TABS}, key="studio_tabs")
    for name, tab in shown.items():
        if tab.open:
            with tab, sentences():
                TABS[name](running, me)
