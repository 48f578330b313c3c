"""Bulk actions bar: open, edit, pin, export or forget what is selected."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import streamlit as st

from components.download import download
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories import changes as memory_changes
from components.memories import selection as memory_selection
from components.memories import steps as memory_steps
from components.memories.selection import Selection
from components.text import t, word
from memory.container import Container
from memory.transfer.export import Export, to_csv, to_json
from memory.types import Kind, Memory, Owner, Subject

_SHOWN = 5


def bulk_bar(running: Container, me: Identity, chosen: Selection, total: int) -> None:
    """What can be done with the selected memories; how to select all when none is.

    Args:
        running: The running parts.
        me: Whose memories.
        chosen: What is selected.
        total: How many match in all.
    """
    owner = me.owner
    if not chosen.count:
        if total > 1:
            _select_all(total)
        return
    pin = chosen.everything or not all(memory.pinned for memory in chosen.some)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="memories_bulk"
    ):
        said = "bulk.everything" if chosen.everything else "memories.selected"
        st.markdown(f"**{t(said, count=chosen.count)}**", width="content")
        if chosen.count == 1:
            st.button(
                t("memories.open"),
                key="bulk_open",
                icon=":material/right_panel_open:",
                on_click=memory_changes.open_drawer,
                args=(chosen.some[0].id,),
            )
        elif not chosen.everything and total > chosen.count:
            _select_all(total)
        if st.button(t("app.edit"), key="bulk_edit", icon=":material/edit:"):
            _edit_dialog(running, owner, chosen)
        pinning = st.button(
            t("memories.pin") if pin else t("memories.unpin"),
            key="bulk_pin",
            icon=":material/keep:" if pin else ":material/keep_off:",
        )
        _export(running, me, chosen)
        if st.button(t("app.delete"), key="bulk_delete", icon=":material/delete:"):
            confirm_delete(running, owner, chosen)
        st.button(
            t("memories.deselect"),
            key="bulk_deselect",
            type="tertiary",
            on_click=memory_selection.deselect,
        )
    if pinning:
        memory_steps.edit(running, owner, chosen, {"pinned": pin})
        st.rerun()


def confirm_delete(running: Container, owner: Owner, chosen: Selection) -> None:
    """Ask before forgetting."""

    @st.dialog(t("memories.delete_title", count=chosen.count), icon=":material/delete:")
    def dialog() -> None:
        for memory in chosen.some[:_SHOWN]:
            st.markdown(f"- {plain(shorten(memory.text, 80))}")
        if chosen.count > _SHOWN:
            st.caption(t("memories.and_more", count=chosen.count - _SHOWN))
        st.caption(t("memories.delete_note"))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(t("app.cancel"), key="delete_no"):
                st.rerun()
            sure = st.button(t("app.delete"), key="delete_yes", type="primary")
        if sure:
            memory_steps.delete(running, owner, chosen)
            memory_selection.deselect()
            st.rerun()

    dialog()


def _select_all(total: int) -> None:
    st.button(
        t("bulk.select_all", count=total),
        key="bulk_select_all",
        type="tertiary",
        icon=":material/select_all:",
        on_click=memory_selection.select_everything,
    )


def _export(running: Container, me: Identity, chosen: Selection) -> None:
    """Two files, each made when it is asked for."""
    day = running.clock().date().isoformat()

    def memories() -> list[Memory]:
        return running.store.reads.get_many(me.owner, chosen.ids())

    def as_json() -> str:
        return to_json(Export(me.user, running.clock(), memories=tuple(memories())))

    makers = {
        "json": ("application/json", as_json),
        "csv": ("text/csv", lambda: to_csv(memories())),
    }
    with st.popover(t("bulk.export"), icon=":material/download:", key="bulk_export"):
        for ending, (mime, make) in makers.items():
            name = f"niannian-{day}-{chosen.count}.{ending}"
            label = t(f"bulk.export_{ending}")
            download(label, make, name, mime, key=f"bulk_{ending}", quiet=True, icon=None)


def _edit_dialog(running: Container, owner: Owner, chosen: Selection) -> None:
    @st.dialog(t("memories.edit_title", count=chosen.count), icon=":material/edit:")
    def dialog() -> None:
        st.caption(t("memories.edit_note"))
        with st.form("bulk_form", border=False):
            changed = _changes(running.memory_service.categories(owner.user_id))
            saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
        if saved and not changed:
            st.info(t("memories.nothing_changed"), icon=":material/info:")
        elif saved:
            memory_steps.edit(running, owner, chosen, changed)
            memory_selection.deselect()
            st.rerun()

    dialog()


def _changes(categories: Iterable[str]) -> dict[str, Any]:
    """The fields of the dialog that were set; the others stay as they are."""
    left, right = st.columns(2)
    chosen: dict[str, Any] = {
        "category": left.selectbox(
            t("memories.category"),
            list(categories),
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
