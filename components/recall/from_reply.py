"""Deep link from a reply to the recall debugger, with the state that the reply had."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.chat import deep_link as chat_arrival
from components.identity import Identity, owner_address
from components.markdown_escape import plain
from components.memories.moments import moment
from components.shell import page_path
from components.text import t
from components.url_state import TAB
from memory.container import Container
from memory.errors import NotFound
from memory.types import Message

REPLY = "reply"


@dataclass(frozen=True, slots=True)
class ReplyState:
    """A reply and the message that it answers."""

    reply: Message
    asked: Message


def link_to_recall(message: Message) -> None:
    """The way from a reply to its recall; nothing for a line that answers no message."""
    if not message.reply_to:
        return
    st.page_link(
        page_path("studio"),
        label=t("recall.open"),
        icon=":material/manage_search:",
        query_params={**owner_address(message.owner), TAB: "recall", REPLY: message.id},
    )


def asked_for(running: Container, me: Identity) -> ReplyState | None:
    """The reply that the address names; ``None`` without one, or if it is gone."""
    reply_id = st.query_params.get(REPLY)
    if not reply_id:
        return None
    try:
        reply = running.db.messages.get(me.owner, reply_id)
        return ReplyState(reply, running.db.messages.get(me.owner, reply.reply_to or ""))
    except NotFound:
        st.query_params.pop(REPLY, None)
        return None


def say(running: Container, me: Identity, state: ReplyState) -> None:
    """Which reply is looked at, with the way back to it."""
    zone = running.settings.zone_for(me.user)
    with st.container(horizontal=True, vertical_alignment="center", key="recall_of_reply"):
        st.caption(
            t("recall.of_reply", when=plain(moment(state.reply.created_at, zone))),
            width="content",
        )
        chat_arrival.link_to(state.reply, t("used.to_reply"))
