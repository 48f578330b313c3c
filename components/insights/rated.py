"""Rated replies: those with a thumb, each with a link to it and to its recall."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

import streamlit as st

from components.chat import deep_link as chat_arrival
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories.moments import moment
from components.memories.used import STEP, more_button
from components.recall.from_reply import link_to_recall
from components.text import t
from memory.container import Container
from memory.types import Message, Rating, User

LENGTH = 160
RATINGS: Mapping[Rating, str] = {"down": ":material/thumb_down:", "up": ":material/thumb_up:"}
_SHOWN = "rated_shown"


def show(
    running: Container,
    me: Identity,
    users: Mapping[str, User],
    zone: ZoneInfo,
    personas: Collection[str] = (),
) -> None:
    """The replies that somebody rated, the latest first; nothing while there are none.

    Args:
        running: The running parts.
        me: Who looks.
        users: Whose replies, by id; with several their names are said.
        zone: In which times are said.
        personas: Whose words; without any everybody's.
    """
    if not running.db.branches.rated(list(users), None, 1, personas=personas):
        return
    with st.container(border=True, gap="small", key="rated_replies"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{t('rated.title')}**", width="stretch")
            rating = st.segmented_control(
                t("rated.title"),
                list(RATINGS),
                default="down",
                required=True,
                format_func=lambda value: f"{RATINGS[value]} {t(f'rated.{value}')}",
                label_visibility="collapsed",
                key="rated_which",
            )
        shown = st.session_state.get(_SHOWN, STEP)
        found = running.db.branches.rated(list(users), rating, shown + 1, personas=personas)
        if not found:
            st.caption(t("rated.none"))
        asked = _asked(running, found[:shown])
        for message in found[:shown]:
            _row(running, me, users, message, asked.get(message.reply_to or ""), zone)
        if len(found) > shown:
            more_button("rated_more", _SHOWN, shown)


def _asked(running: Container, replies: Sequence[Message]) -> Mapping[str, Message]:
    """The messages that these answer, by id."""
    return {
        message.id: message
        for owner in dict.fromkeys(reply.owner for reply in replies)
        for message in running.db.messages.by_ids(
            owner, [reply.reply_to for reply in replies if reply.owner == owner and reply.reply_to]
        )
    }


def _row(
    running: Container,
    me: Identity,
    users: Mapping[str, User],
    reply: Message,
    asked: Message | None,
    zone: ZoneInfo,
) -> None:
    persona = running.personas.get(reply.owner.persona_id)
    said_by = persona.text(me.language).name if persona else reply.owner.persona_id
    who = [users[reply.owner.user_id].name] if len(users) > 1 else []
    with st.container(border=True, gap="xsmall", key=f"rated_{reply.id}"):
        line = " · ".join([*who, said_by, moment(reply.created_at, zone)])
        st.caption(plain(line))
        if asked is not None and not asked.care:
            st.caption(f"> {plain(shorten(asked.typed, LENGTH))}")
        st.markdown(plain(shorten(reply.text, LENGTH)) or t("used.no_words"))
        with st.container(horizontal=True, key=f"rated_{reply.id}_actions"):
            chat_arrival.link_to(reply, t("used.to_reply"))
            if me.designer:
                link_to_recall(reply)
