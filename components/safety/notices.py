"""Service notices in the conversation, where they are due; nothing on a private install."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from memory.chat.service_notices import LOOK_BACK, ServiceNotice, notices
from memory.container import Container
from memory.types import Message

NOW = "now"
"""Under this key of :func:`by_message`: what is due before the next message."""


def by_message(
    running: Container, me: Identity, messages: Sequence[Message]
) -> Mapping[str, list[ServiceNotice]]:
    """The notices to show before each message (by its id), and before the next one.

    Args:
        running: The services.
        me: Who talks with whom, and the language of the screen.
        messages: Those that are shown, oldest first.
    """
    if not running.settings.served_to_others:
        return {}
    now = running.clock()
    first = messages[0].created_at if messages else now
    times = running.db.operators.said_times(me.user.id, since=first - LOOK_BACK, until=now)
    due = notices(
        [*times, now],
        minor=bool(me.user.minor),
        name=me.persona_name,
        language=me.language,
    )
    said = {message.created_at: message for message in messages if message.role == "user"}
    in_danger = running.safety_watch.in_danger(me.user.id) is not None
    found: dict[str, list[ServiceNotice]] = defaultdict(list)
    for notice in due:
        if notice.kind == "break" and in_danger:
            # Nobody in danger is sent away.
            continue
        if notice.at in said:
            found[_place(said[notice.at], messages)].append(notice)
        elif notice.at == now:
            found[NOW].append(notice)
    return found


def show(due: Sequence[ServiceNotice], place: str) -> None:
    """Show notices; ``place`` makes their elements' keys unique."""
    for at, notice in enumerate(due):
        with st.container(border=True, key=f"notice_{notice.kind}_{place}_{at}"):
            text = plain(notice.text)
            icon = ":material/smart_toy:" if notice.kind == "ai" else ":material/self_improvement:"
            st.markdown(f"{icon} **{text}**" if notice.kind == "ai" else f"{icon} {text}")


def _place(message: Message, messages: Sequence[Message]) -> str:
    """Before the message; before the opening line where a conversation begins with one."""
    at = messages.index(message)
    return messages[0].id if at == 1 and messages[0].opening else message.id


__all__ = ["NOW", "by_message", "show"]
