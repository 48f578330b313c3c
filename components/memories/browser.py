"""Memory browser: the table, and the drawer next to whatever is shown."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity
from components.memories import bulk as memory_bulk
from components.memories import drawer as memory_drawer
from components.memories import selection as memory_selection
from components.memories import table as memory_table
from components.memories.query import Query
from components.text import t
from memory.container import Container


def with_drawer(running: Container, me: Identity, zone: ZoneInfo, body: Callable[[], None]) -> None:
    """``body``, with the opened memory beside it (over it on a phone)."""
    memory_id = memory_drawer.opened()
    if memory_id is None:
        body()
        return
    with st.container(key="memory_split"):
        main, side = st.columns([4, 3], gap="medium")
        with main:
            body()
        with side:
            memory_drawer.drawer(running, me, memory_id, zone)


def table(running: Container, me: Identity, zone: ZoneInfo, query: Query) -> None:
    """The memories that the filters let through, with what can be done to the ticked ones."""
    page = memory_table.find(running, me.owner, query, zone)
    if not page.memories:
        st.info(
            t("memories.none_found" if query.limits else "memories.none_in_force"),
            icon=":material/filter_alt:",
        )
        return
    bulk = st.container()
    ticked = memory_table.show(
        page,
        zone,
        query,
        beside_drawer=memory_drawer.opened() is not None,
        all_ticked=memory_selection.everything(),
    )

    def everyone() -> list[str]:
        return memory_table.everyone(running, me.owner, query, zone)

    with bulk:
        selected = memory_selection.selected(page, ticked, everyone)
        memory_bulk.bulk_bar(running, me, selected, page.total)
