"""Superseded facts (曾经 → 现在): a memory is shown with the one it replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.markdown_escape import plain, shorten
from components.memories import changes as memory_changes
from components.text import t
from memory.container import Container
from memory.types import Memory, Owner, Status

LENGTH = 60
ARROW = ":material/arrow_forward:"
# Who it is about is said twice otherwise, and the arrow is about the rest.
_WHO = ("用户", "你", "The user ", "You ")


def replaced(running: Container, owner: Owner, memories: Sequence[Memory]) -> Mapping[str, Memory]:
    """What each of ``memories`` took the place of, by its own id; one read of the store.

    What was brought back beside its successor, or is gone, is left out.
    """
    ids = {memory.supersedes: memory.id for memory in memories if memory.supersedes}
    found = running.store.reads.get_many(owner, list(ids)) if ids else []
    return {ids[old.id]: old for old in found if old.status is Status.SUPERSEDED}


def pair(old: str, new: str, length: int = LENGTH) -> str:
    """ "住在北京 → 住在上海" as Markdown, each side at most ``length`` characters."""
    for who in _WHO:
        if old.startswith(who) and new.startswith(who):
            old, new = old.removeprefix(who), new.removeprefix(who)
    return f"{plain(shorten(old, length))} {ARROW} {plain(shorten(new, length))}"


def block(running: Container, owner: Owner, memory: Memory) -> None:
    """In a memory's drawer: what it was before and what it is now, each one click away."""
    old = replaced(running, owner, [memory]).get(memory.id)
    now = running.memory_service.supersession.in_place_of(owner, memory)
    for before, after, other, name in (
        (old, memory, old, "before"),
        (memory, now, now, "now"),
    ):
        if before is None or after is None or other is None:
            continue
        with st.container(border=True, gap="xsmall", key=f"before_now_{name}"):
            st.markdown(
                f":gray[{t('before_now.before')}] {plain(shorten(before.text, LENGTH))}  \n"
                f"{ARROW} :gray[{t('before_now.now')}] **{plain(shorten(after.text, LENGTH))}**"
            )
            with st.container(horizontal=True, key=f"before_now_{name}_actions"):
                st.button(
                    t(f"before_now.open_{name}"),
                    key=f"open_{name}",
                    icon=":material/open_in_new:",
                    type="tertiary",
                    on_click=memory_changes.open_drawer,
                    args=(other.id,),
                )
