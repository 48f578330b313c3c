"""Studio: prompts and personas in versions, tried before they are used."""

import streamlit as st

from components import url_state
from components.error_boundary import sentences
from components.memories import changes as memory_changes
from components.recall.tab import recall_tab
from components.runtime import container
from components.shell import require_frame
from components.studio.examples import examples_tab
from components.studio.notice import PLACE
from components.studio.personas import personas_tab
from components.studio.playground import playground_tab
from components.studio.prompts import prompts_tab
from components.studio.reextract import reextract_tab
from components.studio.replies import replies_tab
from components.text import t

PAGE = {"order": 60, "icon": ":material/design_services:", "wide": True, "designers": True}

TABS = {
    "prompts": prompts_tab,
    "personas": personas_tab,
    "playground": playground_tab,
    "replies": replies_tab,
    "examples": examples_tab,
    "reextract": reextract_tab,
    "recall": recall_tab,
}

me = require_frame()
running = container()

with st.container(key="studio_head"):
    st.title(t("studio.title"), anchor=False)
    model = running.extraction_model
    if model.is_builtin:
        st.caption(t("studio.about_builtin"))
    else:
        st.caption(t("studio.about", model=model.name))
memory_changes.notice_bar(running, me.owner, place=PLACE)
with sentences():
    shown = url_state.tabs({name: t(f"studio.tab_{name}") for name in TABS}, key="studio_tabs")
    for name, tab in shown.items():
        # Only the open one is drawn.
        if tab.open:
            with tab, sentences():
                TABS[name](running, me)
