"""The insights page: whose memories, which view of them, and where a click leads."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from components import url_state
from components.identity import Identity
from components.insights import compare, overview, portrait, time, use
from components.insights import data as insights_data
from components.insights.charts import Asked
from components.insights.follow import follow
from components.markdown_escape import plain
from components.memories import page as memory_page
from components.text import t
from memory.container import Container

SCOPES = ("one", "all")
VIEWS = ("overview", "time", "use", "compare", "portrait")


def head(me: Identity) -> bool:
    """Title and whose memories; returns whether all personas are meant."""
    with st.container(horizontal=True, vertical_alignment="center", key="insights_head"):
        st.title(t("insights.title"), anchor=False, width="content")
        scope = st.segmented_control(
            t("insights.scope"),
            SCOPES,
            default="one",
            required=True,
            format_func=lambda value: (
                plain(me.persona_name) if value == "one" else t("insights.all_personas")
            ),
            label_visibility="collapsed",
            key="insights_scope",
        )
    return bool(scope == "all")


def body(running: Container, me: Identity, zone: ZoneInfo, everyone: bool) -> None:
    """One view of the memories, or what to do where there is nothing to show."""
    who = insights_data.owners(running, me, everyone)
    table = insights_data.table(running, who, zone)
    if table.empty:
        memory_page.nothing_yet(running)
        return
    today = running.clock().astimezone(zone).date()
    view = url_state.view(
        t("insights.view"),
        VIEWS,
        format_func=lambda value: t(f"insights.view_{value}"),
        key="insights_view",
    )
    asked: Asked | None = None
    if view == "overview":
        asked = overview.show(table, today)
    elif view == "time":
        asked = time.show(running, who, table, zone, today)
    elif view == "use":
        asked = use.show(running, who, table, zone)
    elif view == "compare":
        compare.show(running, me, table, today, everyone)
    else:
        portrait.show(running, me, who, zone, today)
    if asked:
        follow(running, me, who, zone, asked)
