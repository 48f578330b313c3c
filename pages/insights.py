"""Insights: how many memories, about whom, of which kind, and when."""

import streamlit as st

from components import url_state
from components.error_boundary import sentences
from components.insights import compare, everybody, overview, people, portrait, time, use
from components.insights import data as insights_data
from components.insights.follow import follow
from components.markdown_escape import plain
from components.memories import empty as no_memories
from components.runtime import container
from components.shell import require_frame
from components.text import t

PAGE = {"order": 50, "icon": ":material/bar_chart:", "wide": True}

VIEWS = ("overview", "time", "use", "compare", "portrait", "people")

me = require_frame()
running = container()
zone = running.settings.zone_for(me.user)
today = running.clock().astimezone(zone).date()
scopes = {"one": plain(me.persona_name), "all": t("insights.all_personas")}

with sentences():
    with st.container(horizontal=True, vertical_alignment="center", key="insights_head"):
        st.title(t("insights.title"), anchor=False, width="content")
        scope = st.segmented_control(
            t("insights.scope"),
            list(scopes),
            default="one",
            required=True,
            format_func=scopes.__getitem__,
            label_visibility="collapsed",
            key="insights_scope",
        )
    everyone = scope == "all"
    who = insights_data.owners(running, me, everyone)
    table = insights_data.table(running, who, zone)
    several = everybody.there(running, me)
    if table.empty and not several:
        no_memories.show(running)
    else:
        view = url_state.view(
            t("insights.view"),
            (*VIEWS, "everybody") if several else VIEWS,
            format_func=lambda value: t(f"insights.view_{value}"),
            key="insights_view",
        )
        asked = None
        if view == "everybody":
            everybody.show(running, me, zone)
        elif table.empty:
            no_memories.show(running)
        elif view == "overview":
            asked = overview.show(table, today)
        elif view == "time":
            asked = time.show(running, who, table, zone, today)
        elif view == "use":
            asked = use.show(running, me, who, table, zone)
        elif view == "compare":
            compare.show(running, me, table, today, everyone)
        elif view == "people":
            people.show(running, me, everyone, today)
        else:
            portrait.show(running, me, who, zone, today)
        if asked:
            follow(running, me, who, zone, asked)
