"""Memory chips: what was remembered from a message, and what was remembered just now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from components.identity import Identity
from components.memories import actions as memory_actions
from components.plain import plain, shorten
from components.text import error_text, t
from memory.container import Container
from memory.errors import NotUndoable, StoreError
from memory.types import (
    Change,
    ChangeAction,
    Memory,
    MemoryFilter,
    Message,
    Session,
    Status,
)

OPEN_MEMORY = "chat_open_memory"
# Characters; a Chinese one is twice as wide.
CHIP_LENGTH = {"zh": 24, "en": 46}
# What a person would call "remembered"; what only gave way to it isn't shown.
REMEMBERED = frozenset({ChangeAction.ADD, ChangeAction.EDIT, ChangeAction.MERGE})


def by_message(
    running: Container, me: Identity, session: Session, since: datetime
) -> Mapping[str, list[Memory]]:
    """The memories that came from each message of a session, under its last source.

    What was remembered after ``since`` is left out: it is shown as news.
    """
    fresh = {batch.batch_id for batch in running.keeper.learned(me.owner, session.id, since)}
    found: dict[str, list[Memory]] = defaultdict(list)
    try:
        memories = running.store.list(
            me.owner, MemoryFilter(session_id=session.id), sort="created_at"
        )
    except StoreError:
        # Chips are an extra: the conversation is readable without them.
        return {}
    for memory in memories:
        if memory.source.message_ids and memory.source.batch_id not in fresh:
            found[memory.source.message_ids[-1]].append(memory)
    return found


def chips(message: Message, memories: Sequence[Memory]) -> None:
    """The quiet chips under a message; a click opens that memory."""
    if not memories:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"chips_{message.id}"):
        for memory in memories:
            if _chip(memory, f"chip_{memory.id}"):
                st.session_state[OPEN_MEMORY] = memory.id


def news(running: Container, me: Identity, session: Session, since: datetime) -> None:
    """What extractions remembered since ``since``, with undo; part of a fragment."""
    learned = running.keeper.learned(me.owner, session.id, since)
    changes = [change for batch in learned for change in batch.changes]
    remembered = [c.memory_id for c in changes if c.action in REMEMBERED]
    if not remembered:
        return
    undone = {c.memory_id for c in changes if c.undone_by and c.action in REMEMBERED}
    now = {m.id: m for m in running.store.get_many(me.owner, remembered)}
    standing = [
        now[memory_id]
        for memory_id in dict.fromkeys(remembered)
        if memory_id not in undone and memory_id in now and now[memory_id].status is Status.ACTIVE
    ]
    if not standing:
        st.caption(f":material/bookmark_remove: {t('chat.news_undone')}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f":material/bookmark_added: {t('chat.just_remembered', count=len(standing))}",
            width="content",
        )
        st.button(
            t("app.undo"),
            key="undo_news",
            type="tertiary",
            icon=":material/undo:",
            on_click=lambda: _undo(running, me, changes),
        )
    with st.container(horizontal=True, gap="xsmall", key="chips_news"):
        for memory in standing:
            if _chip(memory, f"news_{memory.id}"):
                st.session_state[OPEN_MEMORY] = memory.id
                st.rerun()


def open_chosen(running: Container, me: Identity) -> None:
    """Open the memory whose chip was clicked."""
    memory_id = st.session_state.pop(OPEN_MEMORY, None)
    if memory_id is None:
        return

    @st.dialog(t("chat.memory"), icon=":material/bookmark:", on_dismiss="rerun")
    def card() -> None:
        memory = memory_actions.find(running, me, memory_id)
        if memory is not None:
            st.text(memory.text)
            st.caption(memory_actions.caption(memory))
        memory_actions.actions(running, me, memory_id, memory, f"card_{memory_id}")

    card()


def _undo(running: Container, me: Identity, changes: Sequence[Change]) -> None:
    for group in dict.fromkeys(c.group_id for c in changes if c.group_id and not c.undone_by):
        try:
            running.keeper.undo_group(me.owner, group)
        except NotUndoable as error:
            # Changed by hand meanwhile: that stays, and the reason is said.
            st.toast(error_text(error), icon=":material/info:")


def _chip(memory: Memory, key: str) -> bool:
    return st.button(
        plain(shorten(memory.text, CHIP_LENGTH[memory.language])),
        key=key,
        icon=":material/bookmark:",
        help=f"{memory_actions.caption(memory)}",
    )
