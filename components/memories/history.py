"""Memory history: what happened to one, and what was said when it was learned."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from components.changes import lines as change_lines
from components.chat import attachments as chat_attachments
from components.chat import deep_link as chat_arrival
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.memories.moments import moment
from components.text import t
from memory.container import Container
from memory.memories.undo import why_not
from memory.types import Memory, Owner

_LIMIT = 50


def history(
    running: Container, owner: Owner, memory_id: str, current: Memory | None, zone: ZoneInfo
) -> None:
    """Every change of one memory, latest first, each with its own undo."""
    changes = running.db.history.of(owner, memory_id=memory_id, limit=_LIMIT)
    if not changes:
        return
    st.markdown(f"**{t('memories.history')}**")
    for change in changes:
        with st.container(horizontal=True, vertical_alignment="top", gap="xsmall"):
            with st.container(gap=None):
                st.markdown(change_lines.title(change))
                told = [moment(change.at, zone), *change_lines.details(change)]
                st.caption("  \n".join(told))
            if why_not(change, current) is None:
                st.button(
                    t("app.undo"),
                    key=f"undo_{change.id}",
                    icon=":material/undo:",
                    type="tertiary",
                    on_click=memory_changes.undo,
                    args=(running, owner, change.id),
                )


def sources(running: Container, me: Identity, memory: Memory, zone: ZoneInfo) -> None:
    """The messages a memory was taken from, in place, with the way to their session."""
    ids = memory.source.message_ids
    messages = running.db.messages.by_ids(me.owner, ids) if ids else []
    st.markdown(f"**{t('memories.sources')}**")
    if not messages:
        said = "memories.no_sources" if not ids else "memories.sources_gone"
        st.caption(t(said))
        return
    for message in messages:
        who = me.user.name if message.role == "user" else me.persona_name
        with st.container(border=True, gap="xsmall"):
            st.caption(f"{plain(who)} · {moment(message.created_at, zone)}")
            st.text(message.text)
            chat_attachments.thumbnails(running, me, [message])
            with st.container(horizontal=True, key=f"source_{message.id}_actions"):
                chat_arrival.link_to(message, t("memories.to_message"))
