"""The parts of the memories page: its head, its empty state, table with drawer."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import streamlit as st

from components import demo_story, url_state
from components.identity import Identity
from components.inbox import health
from components.markdown_escape import plain
from components.memories import bulk as memory_bulk
from components.memories import changes as memory_changes
from components.memories import drawer as memory_drawer
from components.memories import editor as memory_editor
from components.memories import filters as memory_filters
from components.memories import selection as memory_selection
from components.memories import table as memory_table
from components.memories import views as memory_views
from components.memories.query import Query
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.types import EVERYTHING

VIEWS = ("table", "profile", "diary")


def head(running: Container, me: Identity) -> str:
    """Title, the choice of view, the button to add; returns the view."""
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
            memory_editor.add_dialog(running, me.owner)
    memory_changes.notice_bar(running, me.owner)
    return view


def is_empty(running: Container, me: Identity) -> bool:
    """Whether nothing at all is remembered between the two, in force or not."""
    return running.store.reads.count(me.owner, EVERYTHING) == 0


def nothing_yet(running: Container) -> None:
    """What to do when there is nothing to show."""
    with st.container(border=True, horizontal_alignment="center", key="nothing_yet"):
        st.markdown(f"**{t('memories.empty_title')}**", width="content")
        alone = running.accounts.required
        st.markdown(t("accounts.empty" if alone else "memories.empty_text"), width="content")
        with st.container(
            horizontal=True, horizontal_alignment="center", vertical_alignment="center"
        ):
            st.page_link(
                page_path("chat"), label=t("memories.go_chat"), icon=":material/chat_bubble:"
            )
            st.page_link(
                page_path("settings"),
                label=t("transfer.link"),
                icon=":material/upload:",
                query_params={"tab": "data"},
            )
            demo_story.load_button(running, key="demo_from_empty")


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


def body(running: Container, me: Identity, zone: ZoneInfo, view: str) -> None:
    """The table with its filters, or one of the two readable texts."""
    room = health.place()
    st.caption(
        t(
            "memories.whose",
            user=plain(me.user.name),
            persona=plain(me.persona_name),
            hint=t("memories.hint_table" if view == "table" else "memories.hint_text"),
        )
    )
    if view == "table":
        query = memory_filters.filter_bar(running.store.reads.facets(me.owner, "category"))
        with_drawer(running, me, zone, lambda: _table(running, me, zone, query))
    else:
        with_drawer(running, me, zone, lambda: memory_views.side_by_side(running, me, view))
    # Last, so that looking at thousands of memories keeps nobody from seeing them.
    health.show(running, me, room)


def _table(running: Container, me: Identity, zone: ZoneInfo, query: Query) -> None:
    page = memory_table.find(running, me.owner, query, zone)
    if not page.memories:
        st.info(
            t("memories.none_found" if query.limits else "memories.none_in_force"),
            icon=":material/filter_alt:",
        )
        return
    bulk = st.container()
    ticked = memory_table.show(page, zone, beside_drawer=memory_drawer.opened() is not None)

    def everyone() -> list[str]:
        return memory_table.everyone(running, me.owner, query, zone)

    with bulk:
        selected = memory_selection.selected(page, ticked, everyone)
        memory_bulk.bulk_bar(running, me, selected, page.total)
