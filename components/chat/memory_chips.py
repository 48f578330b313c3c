"""Memory chips: what was remembered from a message, and what was remembered just now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories import actions as memory_actions
from components.memories import before_now
from components.memories.spoken import spoken, stored
from components.text import error_text, t
from memory.container import Container
from memory.errors import NotUndoable, StoreError
from memory.types import (
    ByLanguage,
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
CHIP_LENGTH = ByLanguage({"zh": 24, "en": 46})
# What a person would call "remembered"; what only gave way to it isn't shown.
REMEMBERED = frozenset({ChangeAction.ADD, ChangeAction.EDIT, ChangeAction.MERGE})


@dataclass(frozen=True, slots=True)
class Chip:
    """A memory, and what it took the place of."""

    memory: Memory
    before: Memory | None = None


def by_message(
    running: Container, me: Identity, session: Session, since: datetime
) -> Mapping[str, list[Chip]]:
    """The memories that came from each message of a session, under its last source.

    What was remembered after ``since`` is left out: it is shown as news.
    """
    fresh = {
        batch.batch_id for batch in running.memory_service.learned(me.owner, session.id, since)
    }
    found: dict[str, list[Chip]] = defaultdict(list)
    try:
        memories = running.store.reads.matching(
            me.owner, MemoryFilter(session_id=session.id), sort="created_at"
        )
        before = before_now.replaced(running, me.owner, memories)
    except StoreError:
        # Chips are an extra: the conversation is readable without them.
        return {}
    for memory in memories:
        # What comes from a danger is kept on the memories page, not held up to them here.
        if memory.safety is not None:
            continue
        if memory.source.message_ids and memory.source.batch_id not in fresh:
            chip = Chip(memory, before.get(memory.id))
            found[memory.source.message_ids[-1]].append(chip)
    return found


def chips(me: Identity, message: Message, found: Sequence[Chip]) -> None:
    """The quiet chips under a message; a click opens that memory."""
    if not found:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"chips_{message.id}"):
        for chip in found:
            if _chip(me, chip, f"chip_{chip.memory.id}"):
                st.session_state[OPEN_MEMORY] = chip.memory.id


def news(running: Container, me: Identity, session: Session, since: datetime) -> None:
    """What extractions remembered since ``since``, with undo; part of a fragment."""
    learned = running.memory_service.learned(me.owner, session.id, since)
    changes = [change for batch in learned for change in batch.changes]
    remembered = [c.memory_id for c in changes if c.action in REMEMBERED]
    if not remembered:
        return
    undone = {c.memory_id for c in changes if c.undone_by and c.action in REMEMBERED}
    now = {m.id: m for m in running.store.reads.get_many(me.owner, remembered)}
    standing = [
        now[memory_id]
        for memory_id in dict.fromkeys(remembered)
        if memory_id not in undone and memory_id in now and now[memory_id].status is Status.ACTIVE
    ]
    shown = [memory for memory in standing if memory.safety is None]
    if standing and not shown:
        return
    standing = shown
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
    before = before_now.replaced(running, me.owner, standing)
    with st.container(horizontal=True, gap="xsmall", key="chips_news"):
        for memory in standing:
            if _chip(me, Chip(memory, before.get(memory.id)), f"news_{memory.id}"):
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
            st.text(spoken(me, memory))
            if stored(me, memory):
                st.caption(plain(memory.text))
            for old in before_now.replaced(running, me.owner, [memory]).values():
                st.caption(t("before_now.was", text=plain(old.text)))
            st.caption(memory_actions.caption(memory))
        memory_actions.actions(running, me, memory_id, memory, f"card_{memory_id}")

    card()


def _undo(running: Container, me: Identity, changes: Sequence[Change]) -> None:
    for group in dict.fromkeys(c.group_id for c in changes if c.group_id and not c.undone_by):
        try:
            running.memory_service.undoing.undo_group(me.owner, group)
        except NotUndoable as error:
            # Changed by hand meanwhile: that stays, and the reason is said.
            st.toast(error_text(error), icon=":material/info:")


def _chip(me: Identity, chip: Chip, key: str) -> bool:
    memory, length = chip.memory, CHIP_LENGTH[chip.memory.language]
    if chip.before is None:
        label = plain(shorten(spoken(me, memory), length))
    else:
        label = before_now.pair(spoken(me, chip.before), spoken(me, memory), length)
    return st.button(
        label,
        key=key,
        icon=":material/bookmark:" if chip.before is None else ":material/history:",
        help="  \n".join(
            plain(text) for text in (stored(me, memory), memory_actions.caption(memory)) if text
        ),
    )
