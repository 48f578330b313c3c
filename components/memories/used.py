"""Usage list: the replies that a memory was used in, each with a link."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from components.chat import deep_link as chat_arrival
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories.moments import moment
from components.text import t, word
from memory.container import Container
from memory.types import Message, MessageState, TraceItem

STEP = 5
LENGTH = 70


def used_in(running: Container, me: Identity, memory_id: str, zone: ZoneInfo) -> None:
    """Replies whose context held this memory, the latest first: when, what, why."""
    shown_key = f"used_shown_{memory_id}"
    shown = st.session_state.get(shown_key, STEP)
    ids = running.db.traces.using(me.owner, memory_id, limit=shown + 1)
    st.markdown(f"**{t('used.title')}**")
    if not ids:
        st.caption(t("used.never"))
        return
    for message in running.db.messages.by_ids(me.owner, ids[:shown]):
        with st.container(border=True, gap="xsmall", key=f"used_{message.id}"):
            st.caption(_how(running, me, message, memory_id, zone))
            st.markdown(plain(shorten(message.text, LENGTH)) or t("used.no_words"))
            with st.container(horizontal=True, key=f"used_{message.id}_actions"):
                chat_arrival.link_to(message, t("used.to_reply"))
    if len(ids) > shown:
        more_button("used_more", shown_key, shown)


def more_button(key: str, shown_key: str, shown: int) -> None:
    """Show more replies than the ``shown`` ones; how many is kept under ``shown_key``."""
    st.button(
        t("used.more"),
        key=key,
        type="tertiary",
        icon=":material/expand_more:",
        on_click=lambda: st.session_state.update({shown_key: shown + 4 * STEP}),
    )


def _how(running: Container, me: Identity, message: Message, memory_id: str, zone: ZoneInfo) -> str:
    parts = [moment(message.created_at, zone)]
    trace = running.db.traces.get(me.owner, message.id)
    item = next((i for i in trace.items if i.memory_id == memory_id), None) if trace else None
    if item is not None:
        parts += _reason(item)
    if message.state is MessageState.REPLACED:
        parts.append(t("used.replaced"))
    return " · ".join(parts)


def _reason(item: TraceItem) -> list[str]:
    reason = [word("reason", item.reason)]
    return reason if item.score is None else [*reason, t("trace.score", score=f"{item.score:.2f}")]
