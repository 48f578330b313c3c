"""Memory drawer: all fields to edit, where the memory came from, what happened to it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from components import page_script
from components.identity import Identity
from components.memories import before_now
from components.memories import bulk as memory_bulk
from components.memories import changes as memory_changes
from components.memories import editor as memory_editor
from components.memories import history as memory_history
from components.memories import metadata as memory_metadata
from components.memories import opinion as memory_opinion
from components.memories import presence as memory_presence
from components.memories import selection as memory_selection
from components.memories import table as memory_table
from components.memories import used as memory_used
from components.text import language, t
from memory.container import Container
from memory.errors import BadInput, NotFound
from memory.i18n import error_text
from memory.types import Memory, MemoryDraft, Status


def opened() -> str | None:
    """The memory that the address asks for."""
    return st.query_params.get(memory_changes.OPEN) or None


def drawer(running: Container, me: Identity, memory_id: str, zone: ZoneInfo) -> None:
    """Everything about one memory; one line if it isn't this owner's or is gone."""
    with st.container(border=True, key="memory_drawer"):
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        ):
            st.header(t("memories.one"), anchor=False, width="content")
            st.button(
                t("app.close"),
                key="close_drawer",
                icon=":material/close:",
                type="tertiary",
                on_click=_close,
            )
        try:
            memory = running.store.reads.get(me.owner, memory_id)
        except NotFound:
            st.markdown(t("memories.not_found"))
            # A deleted memory still has its history, and can be brought back from it.
            memory_used.used_in(running, me, memory_id, zone)
            memory_history.history(running, me.owner, memory_id, None, zone)
            return
        _state(running, me, memory)
        memory_presence.line(running, me, memory, zone)
        memory_opinion.thumbs(running, me, memory)
        _form(running, me, memory)
        memory_history.sources(running, me, memory, zone)
        memory_used.used_in(running, me, memory_id, zone)
        memory_history.history(running, me.owner, memory_id, memory, zone)


def _close() -> None:
    # Where the memory was opened from; a table that takes the focus would open it again.
    places = (f"line_{opened()}", f"open_card_{opened()}", "bulk_select_all", "bulk_edit")
    page_script.focus(*places)
    memory_changes.close_drawer()
    memory_table.release_cell()


def _state(running: Container, me: Identity, memory: Memory) -> None:
    """What isn't plain from the fields: no longer in force, replaced, replaces."""
    if memory.status is not Status.ACTIVE:
        st.info(t(f"memories.is_{memory.status.value}"), icon=":material/history_toggle_off:")
        with st.container(horizontal=True, key="bring_back"):
            replaced = running.memory_service.supersession.in_place_of(me.owner, memory) is not None
            if replaced:
                st.button(
                    t("before_now.swap"),
                    key="swap_back",
                    icon=":material/swap_horiz:",
                    help=t("before_now.swap_help"),
                    on_click=memory_changes.swap_back,
                    args=(running, me.owner, memory.id),
                )
            st.button(
                t("before_now.keep_both") if replaced else t("memories.restore"),
                key="restore_memory",
                icon=":material/settings_backup_restore:",
                on_click=_restore,
                args=(running, me, memory),
            )
    before_now.block(running, me.owner, memory)


def _form(running: Container, me: Identity, memory: Memory) -> None:
    # The key changes with the memory, so the fields show what an undo brought back.
    key = f"edit_{memory.id}_{memory.updated_at.timestamp()}_{memory.status.value}"
    with st.form(key, border=False):
        categories = running.memory_service.categories(me.owner.user_id)
        draft = memory_editor.fields(key, categories, memory)
        typed = memory_metadata.fields(key, memory)
        with st.container(horizontal=True):
            saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
            forget = st.form_submit_button(t("app.delete"), icon=":material/delete:")
    if forget:
        memory_bulk.confirm_delete(running, me.owner, memory_selection.of([memory]))
    elif saved:
        if wrong := memory_editor.problem(draft):
            st.error(wrong, icon=":material/info:")
            return
        try:
            kept = memory_metadata.read(typed)
            if memory.immutable and kept["immutable"] and draft.text != memory.text:
                raise BadInput(code="memory_immutable")
        except BadInput as error:
            st.error(error_text(language(), error), icon=":material/info:")
            return
        changed = _difference(memory, memory_editor.tidy(draft))
        changed |= memory_metadata.differences(memory, kept)
        if not changed:
            st.caption(t("memories.nothing_changed"))
            return
        memory_changes.edit(running, me.owner, [memory.id], changed)
        st.rerun()


def _difference(memory: Memory, draft: MemoryDraft) -> dict[str, object]:
    names = ("text", "subject", "kind", "category", "event_date", "importance", "pinned")
    return {
        name: getattr(draft, name)
        for name in names
        if getattr(draft, name) != getattr(memory, name)
    }


def _restore(running: Container, me: Identity, memory: Memory) -> None:
    memory_changes.edit(running, me.owner, [memory.id], {"status": Status.ACTIVE})
