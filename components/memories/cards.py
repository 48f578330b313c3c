"""Memory cards, where a table has no room: a tap opens one, a tick selects it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.markdown_escape import plain, shorten
from components.memories import changes as memory_changes
from components.memories.metadata import in_short
from components.text import t, word
from memory.types import Memory

_LENGTH = 200


def show(memories: Sequence[Memory], round_of: int, all_ticked: bool) -> list[Memory]:
    """Draw them; returns the ticked ones.

    Args:
        memories: Those of one page.
        round_of: Another number starts with nothing ticked.
        all_ticked: All that match are selected.
    """
    with st.container(key="memory_cards", gap="xsmall"):
        return [memory for memory in memories if _card(memory, round_of, all_ticked)]


def _card(memory: Memory, round_of: int, all_ticked: bool) -> bool:
    with st.container(
        border=True, horizontal=True, wrap=False, gap="xsmall", key=f"card_{memory.id}"
    ):
        ticked = st.checkbox(
            t("memories.tick", text=plain(shorten(memory.text, 30))),
            value=all_ticked,
            label_visibility="collapsed",
            key=f"tick_{round_of}_{all_ticked}_{memory.id}",
        )
        label = f"{plain(shorten(memory.text, _LENGTH))} :small[{' · '.join(_said(memory))}]"
        st.button(
            label,
            key=f"open_card_{memory.id}",
            type="tertiary",
            width="stretch",
            on_click=memory_changes.open_drawer,
            args=(memory.id,),
        )
    return ticked


def _said(memory: Memory) -> list[str]:
    said = [word("category", memory.category), word("kind", memory.kind.value)]
    if memory.event_date:
        said.append(memory.event_date)
    if memory.pinned:
        said.append(t("memories.pinned"))
    if programs := in_short(memory):
        said.append(shorten(programs, _LENGTH // 4))
    return [plain(each) for each in said]
