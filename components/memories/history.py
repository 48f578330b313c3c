"""What happened to one memory, and what was said when it was learned."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import streamlit as st

from components.frame import page_path
from components.identity import Identity
from components.memories import changes as memory_changes
from components.plain import plain, shorten
from components.text import t, word
from memory.container import Container
from memory.keeper.undoing import why_not
from memory.types import Change, ChangeAction, Memory, Owner

_LIMIT = 50
# Everything else about a memory is bookkeeping that would only clutter its history.
_TOLD = ("text", "subject", "kind", "category", "event_date", "importance", "pinned", "status")


def history(
    running: Container, owner: Owner, memory_id: str, current: Memory | None, zone: ZoneInfo
) -> None:
    """Every change of one memory, latest first, each with its own undo."""
    changes = running.ledger.changes(owner, memory_id=memory_id, limit=_LIMIT)
    if not changes:
        return
    st.markdown(f"**{t('memories.history')}**")
    for change in changes:
        with st.container(horizontal=True, vertical_alignment="top", gap="xsmall"):
            title, *details = _lines(change, zone)
            with st.container(gap=None):
                st.markdown(title)
                st.caption("  \n".join(details))
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
    messages = running.ledger.messages_by_ids(me.owner, ids) if ids else []
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
    st.page_link(
        page_path("chat"),
        label=t("memories.to_session"),
        icon=":material/chat_bubble:",
        query_params={
            "user": me.user.id,
            "persona": me.persona.id,
            "session": messages[0].session_id,
        },
    )


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A point in time, in the user's zone, to the minute."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _lines(change: Change, zone: ZoneInfo) -> list[str]:
    title = f"{word('action', change.action.value)} · {word('actor', change.actor.value)}"
    if change.undone_by is not None:
        title = f"~~{title}~~ {t('memories.was_undone')}"
    lines = [title, moment(change.at, zone)]
    if change.before is not None and change.after is not None:
        lines += _differences(change.before, change.after)
    elif change.action is ChangeAction.DELETE and change.before is not None:
        lines.append(plain(shorten(change.before.text, 80)))
    return lines


def _differences(before: Memory, after: Memory) -> list[str]:
    names = [field.name for field in fields(Memory) if field.name in _TOLD]
    return [
        f"{t(f'memories.{name}')}: {_said(name, getattr(before, name))} → "
        f"{_said(name, getattr(after, name))}"
        for name in names
        if getattr(before, name) != getattr(after, name)
    ]


def _said(name: str, value: object) -> str:
    if value is None or value == "":
        return t("memories.none")
    if isinstance(value, bool):
        return word("pinned", "yes" if value else "no")
    if isinstance(value, Enum):
        return word(name, str(value.value))
    if name == "category":
        return word(name, str(value))
    return plain(shorten(str(value), 120))
