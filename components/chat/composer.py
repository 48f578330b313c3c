"""The bottom of the chat: where one types, what may be remembered, how remembering goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.chat import deep_link as chat_arrival
from components.chat import follow_up as chat_plans
from components.chat import message_deletion as chat_unsaying
from components.chat import remembering as chat_remembering
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.chat.companion import MAX_MESSAGE
from memory.chat.reply_runs import ReplyRun
from memory.container import Container
from memory.errors import BadInput, NiannianError
from memory.types import Session

INPUT = "chat_input"
SENT = "chat_sent"
DRAFT = "chat_draft"
PROBLEM = "chat_problem"
DONT_REMEMBER = "chat_dont_remember"
NEWS_SINCE = "chat_news_since"


def composer(
    running: Container,
    me: Identity,
    session: Session,
    news: DeltaGenerator,
    run: ReplyRun | None,
) -> tuple[str, DeltaGenerator]:
    """The pinned bottom; returns what was sent, or an empty string, and a place for controls.

    A message that can't be sent is put back into the input with one sentence. Who looks
    at another's conversation can only read it. ``run`` is the reply that this page follows.
    """
    if me.looking_at_another:
        return "", _only_reading(me)
    if DRAFT in st.session_state:
        st.session_state[INPUT] = st.session_state.pop(DRAFT)
    with st.bottom, st.container(key="composer", gap="xsmall"):
        if PROBLEM in st.session_state:
            st.warning(st.session_state.pop(PROBLEM), icon=":material/info:")
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key="composer_row",
        ):
            # No rerun: a click on it must not interrupt a reply.
            st.toggle(
                t("chat.dont_remember"),
                key=DONT_REMEMBER,
                help=t("chat.dont_remember_help"),
                on_change="ignore",
                persist_state="session",
            )
            controls = st.empty()
            with st.container(width="content", key="remembering"):
                chat_remembering.watch(
                    running, me, session, news, news_since(running), run.id if run else None
                )
    # Outside of every container: only then does the page follow the conversation down.
    st.chat_input(
        t("chat.placeholder", name=me.persona_name),
        key=INPUT,
        on_submit=_submitted,
        args=(session.id,),
    )
    text = _outgoing(session)
    if len(text) > MAX_MESSAGE:
        give_back(text, BadInput(code="message_too_long", limit=MAX_MESSAGE, given=len(text)))
    if text:
        no_news(running)
    return text, controls


def stop_button(me: Identity, run: ReplyRun, place: DeltaGenerator) -> None:
    """While a reply comes: end it here, on whichever page it was asked for."""
    if me.looking_at_another:
        return
    place.button(
        t("chat.stop"),
        key="stop_reply",
        icon=":material/stop_circle:",
        on_click=run.stop,
    )


def _only_reading(me: Identity) -> DeltaGenerator:
    with st.bottom, st.container(key="composer"):
        st.caption(f":material/visibility: {t('accounts.looking_only', name=plain(me.user.name))}")
        place = st.empty()
    # It keeps its place, and the key that tells whether the page was here before.
    st.chat_input(t("chat.placeholder", name=me.persona_name), key=INPUT, disabled=True)
    return place


def was_here() -> bool:
    """Whether the run before this one was on the chat page, too (asked before drawing)."""
    # Streamlit forgets what was in the input as soon as another page runs.
    return INPUT in st.session_state


def news_since(running: Container) -> datetime:
    """The time after which what is remembered is news: when the last message was sent."""
    since: datetime = st.session_state.setdefault(NEWS_SINCE, running.clock())
    return since


def no_news(running: Container) -> None:
    """Something is said now: what was remembered before isn't news any more."""
    st.session_state[NEWS_SINCE] = running.clock()


def may_be_remembered() -> bool:
    """Whether the turn being sent may write memories."""
    return not st.session_state.get(DONT_REMEMBER, False)


@contextmanager
def not_lost(text: str) -> Iterator[None]:
    """A message that couldn't be taken goes back into the input, with the reason."""
    sent: _Sent = st.session_state[SENT]
    try:
        yield
    except NiannianError as error:
        give_back(text, error)
    # Not through the session's state: any use of that may end this run for another
    # one, and the message, stored already, would be sent twice.
    sent.text = ""


def give_back(text: str, error: NiannianError) -> None:
    """Put ``text`` back into the input and say why; ends this run."""
    st.session_state.pop(SENT, None)
    st.session_state[DRAFT] = text
    st.session_state[PROBLEM] = error_text(error)
    st.rerun()


@dataclass
class _Sent:
    """A message on its way from the input to the database; empty once it is there."""

    session_id: str
    text: str


def _submitted(session_id: str) -> None:
    submit(session_id, str(st.session_state[INPUT] or ""))


def submit(session_id: str, text: str) -> None:
    """Keep what was sent (a callback, so before anything can end the run).

    The input itself gives it to one run only, and a click elsewhere may end that.
    """
    st.session_state[SENT] = _Sent(session_id, text)
    # The conversation goes on at its end, not at a message from long ago, and what was
    # done before isn't news any more.
    chat_arrival.leave()
    for place in (chat_unsaying.PLACE, chat_plans.PLACE):
        memory_changes.close_notice(place)


def _outgoing(session: Session) -> str:
    sent: _Sent | None = st.session_state.get(SENT)
    if sent is None:
        return ""
    text = sent.text.strip()
    if text and sent.session_id != session.id:
        # The session was left before its message got through: the input has it again.
        sent.text = ""
        st.session_state[DRAFT] = text
        st.rerun()
    return text
