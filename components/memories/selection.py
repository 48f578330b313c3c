"""Table selection: some rows, or everything that the filters let through.

"Everything" is kept as a fact, not as a list: ten thousand ids travel through no
widget, and are asked for only once something is done with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from components import page_script
from components.memories import table as memory_table
from components.memories.table import Page
from memory.types import Memory

_EVERYTHING = "memories_everything"


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected memories: how many, some of them to show, and all of their ids when needed."""

    count: int
    some: tuple[Memory, ...]
    ids: Callable[[], Sequence[str]]
    everything: bool = False


def of(memories: Sequence[Memory]) -> Selection:
    """These memories."""
    return Selection(len(memories), tuple(memories), lambda: [m.id for m in memories])


def selected(
    page: Page, ticked: Sequence[Memory], everyone: Callable[[], Sequence[str]]
) -> Selection:
    """What the reader has selected on the page.

    Args:
        page: What is shown of what matches.
        ticked: The rows with a tick.
        everyone: Finds the ids of all that match.
    """
    if page.total and everything():
        return Selection(page.total, page.memories, everyone, everything=True)
    return of(ticked)


def everything() -> bool:
    """Whether all that match are selected."""
    return _EVERYTHING in st.session_state and memory_table.asked() == st.session_state[_EVERYTHING]


def select_everything() -> None:
    """Select all that match (a callback); another filter or search ends it."""
    st.session_state[_EVERYTHING] = memory_table.asked()
    page_script.focus_if_lost("bulk_edit")


def deselect() -> None:
    """Start with nothing selected (a callback)."""
    st.session_state.pop(_EVERYTHING, None)
    memory_table.deselect()
    page_script.focus_if_lost("bulk_select_all")
