"""Memory changes made on the pages, each step undone as one.

Every step leaves a quiet bar that says what happened and undoes it in one click.
The journal keeps the rest: the bar is only the shortest way to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import streamlit as st

from components import page_script
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.priority import DRAWING_SECONDS
from memory.types import Actor, MemoryDraft, Owner

MEMORIES = "memories"
"""Where a step is taken if nothing else is said; its notice is shown there and only there."""
MANY = 1000
"""Changes whose undoing takes about a second."""
OPEN = "memory"
"""The name under which the address says which memory's drawer is open."""


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """What the bar says, whose memories it is about, and what its button would undo."""

    text: str
    owner: Owner
    group_id: str | None = None
    failed: bool = False


def note(
    text: str,
    owner: Owner,
    group_id: str | None = None,
    *,
    place: str = MEMORIES,
    failed: bool = False,
) -> None:
    """Leave a notice of a step that was taken elsewhere; ``group_id`` is what undo takes back."""
    _leave(place, ChangeNotice(text, owner, group_id, failed))


def add(running: Container, owner: Owner, draft: MemoryDraft) -> bool:
    """Remember something written by hand; False when it couldn't be."""
    group = str(uuid4())

    def act() -> str:
        running.memory_service.add(owner, draft, actor=Actor.HAND, group_id=group)
        return group

    return _do(running, owner, act, "memories.added", "memories.known")


def edit(
    running: Container,
    owner: Owner,
    ids: Sequence[str],
    fields: Mapping[str, Any],
    *,
    place: str = MEMORIES,
    said: str = "memories.edited",
) -> bool:
    """Change ``fields`` of all of ``ids`` as one undoable step; ``said`` names the notice."""
    return _do(
        running,
        owner,
        lambda: running.memory_service.edit_many(owner, ids, actor=Actor.HAND, **fields),
        said,
        "memories.nothing_changed",
        place,
    )


def swap_back(running: Container, owner: Owner, memory_id: str) -> None:
    """Bring a replaced memory back in the place of what replaced it (a callback)."""
    _do(
        running,
        owner,
        lambda: running.memory_service.supersession.swap_back(owner, memory_id),
        "before_now.swapped",
        "memories.nothing_changed",
    )


def undo(running: Container, owner: Owner, change_id: str, place: str = MEMORIES) -> None:
    """Undo one change (a button's callback); the undoing can be undone too."""
    _do(
        running,
        owner,
        lambda: running.memory_service.undoing.undo(owner, change_id).group_id or "",
        "memories.undone",
        "memories.undone",
        place,
    )


def undo_group(running: Container, owner: Owner, group_id: str, place: str = MEMORIES) -> None:
    """Undo all that one step did (a button's callback); says so if some of it stays."""
    left = 0

    def act() -> str:
        nonlocal left
        standing = running.db.history.count(owner, group_id)
        # Thousands take seconds; a few would only make it flicker.
        many = standing > MANY
        waiting = st.spinner(t("bulk.undoing", count=standing)) if many else nullcontext()
        drawing = DRAWING_SECONDS if many else 0.0
        with waiting, running.priority.foreground(after=drawing):
            undoing = running.memory_service.undoing.undo_group(owner, group_id)
        left = standing - len(undoing)
        return undoing[0].group_id or ""

    if _do(running, owner, act, "memories.undone", "memories.undone", place) and left > 0:
        notice: ChangeNotice = st.session_state[_key(place)]
        note(t("changes.undone_partly", count=left), owner, notice.group_id, place=place)


def notice_bar(running: Container, owner: Owner, *, place: str = MEMORIES) -> None:
    """The bar after a step: what happened, undo, close."""
    notice: ChangeNotice | None = st.session_state.get(_key(place))
    if notice is None or (notice.owner != owner and notice.owner.user_id != owner.user_id):
        return
    if notice.owner != owner and place == MEMORIES:
        return
    icon = "error" if notice.failed else "check"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"{place}_notice_bar"
    ):
        st.markdown(f":material/{icon}: {notice.text}", width="stretch")
        if notice.group_id:
            st.button(
                t("app.undo"),
                key=_button("undo_last", place),
                icon=":material/undo:",
                on_click=undo_group,
                args=(running, notice.owner, notice.group_id, place),
            )
        st.button(
            t("app.close"),
            key=_button("close_notice", place),
            type="tertiary",
            icon=":material/close:",
            on_click=close_notice,
            args=(place,),
        )


def close_notice(place: str = MEMORIES) -> None:
    """Take the notice away (a callback)."""
    st.session_state.pop(_key(place), None)


def open_drawer(memory_id: str) -> None:
    """Show this memory in the drawer (a callback)."""
    st.query_params[OPEN] = memory_id


def close_drawer() -> None:
    """Close the drawer (a callback)."""
    st.query_params.pop(OPEN, None)


def _do(
    running: Container,
    owner: Owner,
    action: Callable[[], str],
    said: str,
    otherwise: str,
    place: str = MEMORIES,
) -> bool:
    """Act and leave a notice: ``said`` with undo, or ``otherwise`` if nothing had to change."""
    try:
        group = action()
        count = running.db.history.count(owner, group)
    except NiannianError as error:
        _leave(place, ChangeNotice(error_text(error), owner, failed=True))
        return False
    done = ChangeNotice(t(said, count=count), owner, group)
    _leave(place, done if count else ChangeNotice(t(otherwise), owner))
    return True


def _leave(place: str, notice: ChangeNotice) -> None:
    """Let the next run show a notice; who doesn't see it hears it, with the way back at hand."""
    st.session_state[_key(place)] = notice
    page_script.speak(notice.text)
    page_script.focus_if_lost(_button("undo_last", place), _button("close_notice", place))


def _key(place: str) -> str:
    return f"{place}_notice"


def _button(name: str, place: str) -> str:
    """Two places may be on one page."""
    return name if place == MEMORIES else f"{place}_{name}"
