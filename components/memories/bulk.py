"""The bar for what is selected: open, edit, pin, forget; only there when needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components.memories import changes as memory_changes
from components.memories import table as memory_table
from components.plain import plain, shorten
from components.text import t, word
from memory.container import Container
from memory.types import DEFAULT_CATEGORIES, Kind, Memory, Owner, Subject

_SHOWN = 5


def bulk_bar(running: Container, owner: Owner, selected: Sequence[Memory]) -> None:
    """What can be done with the selected memories; nothing when none is selected."""
    if not selected:
        return
    ids = [memory.id for memory in selected]
    pin = not all(memory.pinned for memory in selected)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="memories_bulk"
    ):
        st.markdown(f"**{t('memories.selected', count=len(ids))}**", width="content")
        if len(ids) == 1:
            st.button(
                t("memories.open"),
                key="bulk_open",
                icon=":material/right_panel_open:",
                on_click=memory_changes.open_drawer,
                args=(ids[0],),
            )
        if st.button(t("app.edit"), key="bulk_edit", icon=":material/edit:"):
            _edit_dialog(running, owner, ids)
        st.button(
            t("memories.pin") if pin else t("memories.unpin"),
            key="bulk_pin",
            icon=":material/keep:" if pin else ":material/keep_off:",
            on_click=_pin,
            args=(running, owner, ids, pin),
        )
        if st.button(t("app.delete"), key="bulk_delete", icon=":material/delete:"):
            confirm_delete(running, owner, selected)
        st.button(
            t("memories.deselect"),
            key="bulk_deselect",
            type="tertiary",
            on_click=memory_table.deselect,
        )


def confirm_delete(running: Container, owner: Owner, memories: Sequence[Memory]) -> None:
    """Ask before forgetting."""

    @st.dialog(t("memories.delete_title", count=len(memories)), icon=":material/delete:")
    def dialog() -> None:
        for memory in memories[:_SHOWN]:
            st.markdown(f"- {plain(shorten(memory.text, 80))}")
        if len(memories) > _SHOWN:
            st.caption(t("memories.and_more", count=len(memories) - _SHOWN))
        st.caption(t("memories.delete_note"))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(t("app.cancel"), key="delete_no"):
                st.rerun()
            if st.button(t("app.delete"), key="delete_yes", type="primary"):
                memory_changes.delete(running, owner, [memory.id for memory in memories])
                memory_table.deselect()
                st.rerun()

    dialog()


def _edit_dialog(running: Container, owner: Owner, ids: Sequence[str]) -> None:
    @st.dialog(t("memories.edit_title", count=len(ids)), icon=":material/edit:")
    def dialog() -> None:
        st.caption(t("memories.edit_note"))
        with st.form("bulk_form", border=False):
            changed = _changes()
            saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
        if saved and not changed:
            st.info(t("memories.nothing_changed"), icon=":material/info:")
        elif saved:
            memory_changes.edit(running, owner, ids, changed)
            memory_table.deselect()
            st.rerun()

    dialog()


def _changes() -> dict[str, Any]:
    """The fields of the dialog that were set; the others stay as they are."""
    left, right = st.columns(2)
    chosen: dict[str, Any] = {
        "category": left.selectbox(
            t("memories.category"),
            DEFAULT_CATEGORIES,
            index=None,
            placeholder=t("memories.unchanged"),
            format_func=lambda value: word("category", value),
            key="bulk_category",
        ),
        "importance": right.selectbox(
            t("memories.importance"),
            range(1, 6),
            index=None,
            placeholder=t("memories.unchanged"),
            key="bulk_importance",
        ),
    }
    for name, values, column in (
        ("subject", [s.value for s in Subject], left),
        ("kind", [k.value for k in Kind], right),
        ("pinned", ["yes", "no"], left),
    ):
        chosen[name] = column.segmented_control(
            t(f"memories.{name}"),
            values,
            format_func=partial(word, name),
            key=f"bulk_{name}",
        )
    found = {name: value for name, value in chosen.items() if value is not None}
    if "pinned" in found:
        found["pinned"] = found["pinned"] == "yes"
    if "subject" in found:
        found["subject"] = Subject(found["subject"])
    if "kind" in found:
        found["kind"] = Kind(found["kind"])
    return found


def _pin(running: Container, owner: Owner, ids: Sequence[str], pinned: bool) -> None:
    memory_changes.edit(running, owner, ids, {"pinned": pinned})
