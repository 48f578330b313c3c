"""Memories: find, read, correct, forget, and take any of it back."""

import streamlit as st

from components import passed_plans, url_state
from components.error_boundary import sentences
from components.inbox import health
from components.markdown_escape import plain
from components.memories import browser, editor, filters, in_progress, views
from components.memories import changes as memory_changes
from components.memories import empty as no_memories
from components.runtime import container
from components.shell import require_frame
from components.text import t
from memory.types import EVERYTHING

PAGE = {"order": 20, "icon": ":material/auto_stories:", "wide": True}

VIEWS = ("table", "profile", "diary")

me = require_frame()
running = container()
zone = running.settings.zone_for(me.user)

with sentences():
    with st.container(horizontal=True, vertical_alignment="center", key="memories_head"):
        st.title(t("memories.title"), anchor=False, width="content")
        view = url_state.view(
            t("memories.view"),
            VIEWS,
            format_func=lambda value: t(f"memories.view_{value}"),
            key="memories_view",
        )
        st.space("stretch")
        if st.button(t("memories.add"), key="add_memory_button", icon=":material/add:"):
            editor.add_dialog(running, me.owner)
    memory_changes.notice_bar(running, me.owner)
    in_progress.watch(running, me)
    if running.store.reads.count(me.owner, EVERYTHING) == 0:
        no_memories.show(running)
    else:
        passed_plans.block(running, me)
        room = health.place()
        hint = t("memories.hint_table" if view == "table" else "memories.hint_text")
        names = {"user": plain(me.user.name), "persona": plain(me.persona_name)}
        st.caption(t("memories.whose", **names, hint=hint))
        if view == "table":
            reads = running.store.reads
            programs = me.designer and reads.written_by_programs(me.owner)
            apps = reads.facets(me.owner, "app_id") if programs else None
            query = filters.filter_bar(reads.facets(me.owner, "category"), apps)
            browser.with_drawer(running, me, zone, lambda: browser.table(running, me, zone, query))
        else:
            browser.with_drawer(running, me, zone, lambda: views.side_by_side(running, me, view))
        # Last, so that looking at thousands of memories keeps nobody from seeing them.
        health.show(running, me, room)
