"""Changing memories from the pages, each step with one way back.

Every step leaves a quiet bar that says what happened and undoes it in one click.
The journal keeps the rest: the bar is only the shortest way to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st

from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.types import Actor, MemoryDraft, Owner

_NOTICE = "memories_notice"
OPEN = "memory"
"""The name under which the address says which memory's drawer is open."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bar says, whose memories it is about, and what its button would undo."""

    text: str
    owner: Owner
    group_id: str | None = None
    failed: bool = False


def add(running: Container, owner: Owner, draft: MemoryDraft) -> bool:
    """Remember something written by hand; False when it couldn't be."""
    group = str(uuid4())

    def act() -> str:
        running.keeper.add(owner, draft, actor=Actor.HAND, group_id=group)
        return group

    return _do(running, owner, act, "memories.added", "memories.known")


def edit(running: Container, owner: Owner, ids: Sequence[str], fields: Mapping[str, Any]) -> bool:
    """Change ``fields`` of all of ``ids`` as one undoable step."""
    return _do(
        running,
        owner,
        lambda: running.keeper.edit_many(owner, ids, actor=Actor.HAND, **fields),
        "memories.edited",
        "memories.nothing_changed",
    )


def delete(running: Container, owner: Owner, ids: Sequence[str]) -> bool:
    """Forget; closes the drawer if it shows one of them."""
    if st.query_params.get(OPEN) in ids:
        close_drawer()
    return _do(
        running,
        owner,
        lambda: running.keeper.delete(owner, ids, actor=Actor.HAND),
        "memories.deleted",
        "memories.nothing_changed",
    )


def undo(running: Container, owner: Owner, change_id: str) -> None:
    """Undo one change (a button's callback); the undoing can be undone too."""
    _do(
        running,
        owner,
        lambda: running.keeper.undo(owner, change_id).group_id or "",
        "memories.undone",
        "memories.undone",
    )


def undo_group(running: Container, owner: Owner, group_id: str) -> None:
    """Undo all that one step did (a button's callback)."""
    _do(
        running,
        owner,
        lambda: running.keeper.undo_group(owner, group_id)[0].group_id or "",
        "memories.undone",
        "memories.undone",
    )


def notice_bar(running: Container, owner: Owner) -> None:
    """The bar after a step: what happened, undo, close."""
    notice: Notice | None = st.session_state.get(_NOTICE)
    if notice is None or notice.owner != owner:
        return
    icon = "error" if notice.failed else "check"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="memories_notice_bar"
    ):
        st.markdown(f":material/{icon}: {notice.text}", width="stretch")
        if notice.group_id:
            st.button(
                t("app.undo"),
                key="undo_last",
                icon=":material/undo:",
                on_click=undo_group,
                args=(running, owner, notice.group_id),
            )
        st.button(
            t("app.close"),
            key="close_notice",
            type="tertiary",
            icon=":material/close:",
            on_click=_forget_notice,
        )


def open_drawer(memory_id: str) -> None:
    """Show this memory in the drawer (a callback)."""
    st.query_params[OPEN] = memory_id


def close_drawer() -> None:
    """Close the drawer (a callback)."""
    st.query_params.pop(OPEN, None)


def _do(
    running: Container, owner: Owner, action: Callable[[], str], said: str, otherwise: str
) -> bool:
    """Act and leave a notice: ``said`` with undo, or ``otherwise`` if nothing had to change."""
    try:
        group = action()
        count = len(running.ledger.changes(owner, group_id=group, limit=None))
    except NiannianError as error:
        st.session_state[_NOTICE] = Notice(error_text(error), owner, failed=True)
        return False
    st.session_state[_NOTICE] = (
        Notice(t(said, count=count), owner, group) if count else Notice(t(otherwise), owner)
    )
    return True


def _forget_notice() -> None:
    st.session_state.pop(_NOTICE, None)
