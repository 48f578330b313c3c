"""The bottom of the chat: where one types, what may be remembered, how remembering goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.chat import attachments as chat_attachments
from components.chat import deep_link as chat_arrival
from components.chat import follow_up as chat_plans
from components.chat import hearing as chat_hearing
from components.chat import message_deletion as chat_unsaying
from components.chat import remembering as chat_remembering
from components.chat import waiting as chat_waiting
from components.chat.camera import camera_button
from components.chat.versions import DRAFT
from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.text import error_text, t
from memory.attachments.intake import GivenFile
from memory.chat.companion import MAX_MESSAGE
from memory.chat.reply_runs import ReplyRun
from memory.container import Container
from memory.errors import BadInput, NiannianError
from memory.types import Attachment, Session

INPUT = "chat_input"
SENT = "chat_sent"
PROBLEM = "chat_problem"
SAMPLE_RATE = 16_000
"""Hertz: what models that transcribe work with."""
DONT_REMEMBER = "chat_dont_remember"
NEWS_SINCE = "chat_news_since"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What was sent: text, files, a recording; false if nothing was.

    ``audio`` is what is still to be heard, ``recordings`` is what was heard already.
    """

    text: str = ""
    files: tuple[GivenFile, ...] = ()
    audio: bytes = b""
    recordings: tuple[Attachment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.files or self.audio)


def composer(
    running: Container,
    me: Identity,
    session: Session,
    news: DeltaGenerator,
    run: ReplyRun | None,
) -> tuple[Outgoing, DeltaGenerator]:
    """The pinned bottom; returns what was sent, if anything, and a place for controls.

    A message that can't be sent is put back into the input with one sentence. Who looks
    at another's conversation can only read it. ``run`` is the reply that this page follows.
    """
    if me.looking_at_another:
        return Outgoing(), _only_reading(me)
    if DRAFT in st.session_state:
        st.session_state[INPUT] = st.session_state.pop(DRAFT)
    with st.bottom, st.container(key="composer", gap="xsmall"):
        if PROBLEM in st.session_state:
            st.warning(st.session_state.pop(PROBLEM), icon=":material/info:")
        chat_waiting.notice(session.id, partial(_send, session.id, Outgoing()))
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
            camera_button(session.id)
            controls = st.empty()
            with st.container(width="content", key="remembering"):
                chat_remembering.watch(
                    running, me, session, news, news_since(running), run.id if run else None
                )
    # Outside of every container: only then does the page follow the conversation down.
    st.chat_input(
        t("chat.placeholder", name=me.persona_name),
        key=INPUT,
        accept_file="multiple",
        file_type=chat_attachments.FILE_TYPES,
        max_upload_size=chat_attachments.MOST_MEGABYTES,
        accept_audio=running.transcriber is not None,
        audio_sample_rate=SAMPLE_RATE,
        on_submit=_submitted,
        args=(session.id,),
    )
    said = _heard(running, me, session, _outgoing(session))
    if len(said.text) > MAX_MESSAGE:
        given = len(said.text)
        give_back(said.text, BadInput(code="message_too_long", limit=MAX_MESSAGE, given=given))
    if said:
        no_news(running)
    return said, controls


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
    sent.said = Outgoing()


def give_back(text: str, error: NiannianError) -> NoReturn:
    """Put ``text`` back into the input and say why; ends this run."""
    st.session_state.pop(SENT, None)
    st.session_state[DRAFT] = text
    st.session_state[PROBLEM] = error_text(error)
    st.rerun()


@dataclass
class _Sent:
    """A message on its way from the input to the database; empty once it is there."""

    session_id: str
    said: Outgoing


def _submitted(session_id: str) -> None:
    text, files, audio = chat_attachments.given(st.session_state[INPUT])
    _send(session_id, Outgoing(text.strip(), files, audio))


def _send(session_id: str, said: Outgoing) -> None:
    """Send what was said, with what waits beside it (a callback)."""
    beside = chat_waiting.take(session_id)
    files = (*beside.files, *said.files)
    _keep(session_id, replace(said, files=files, recordings=beside.recordings))


def submit(session_id: str, text: str) -> None:
    """Send ``text`` as if it had been typed (a callback)."""
    _keep(session_id, Outgoing(text.strip()))


def _keep(session_id: str, said: Outgoing) -> None:
    """Keep what was sent (in a callback, so before anything can end the run).

    The input itself gives it to one run only, and a click elsewhere may end that.
    """
    st.session_state[SENT] = _Sent(session_id, said)
    # The conversation goes on at its end, not at a message from long ago, and what was
    # done before isn't news any more.
    chat_arrival.leave()
    for place in (chat_unsaying.PLACE, chat_plans.PLACE):
        memory_changes.close_notice(place)


def _heard(running: Container, me: Identity, session: Session, said: Outgoing) -> Outgoing:
    """What goes out once the recording is text; unless settings say "at once", nothing yet:
    the transcript is in the input, to be put right."""
    if not said.audio:
        return said
    sent: _Sent = st.session_state[SENT]
    try:
        text, recording = chat_hearing.hear(running, me, said.audio)
    except NiannianError as error:
        give_back(said.text, error)
    text = "\n".join(filter(None, [said.text, text]))
    recordings = (*said.recordings, recording)
    if running.settings.send_at_once:
        sent.said = Outgoing(text, said.files, recordings=recordings)
        return sent.said
    sent.said = Outgoing()
    chat_waiting.let_wait(chat_waiting.Waiting(session.id, recordings, said.files))
    st.session_state[DRAFT] = text
    return st.rerun()


def _outgoing(session: Session) -> Outgoing:
    sent: _Sent | None = st.session_state.get(SENT)
    if sent is None:
        return Outgoing()
    said = sent.said
    if said and sent.session_id != session.id:
        # The session was left before its message got through: the input has it again.
        sent.said = Outgoing()
        st.session_state[DRAFT] = said.text
        st.rerun()
    return said
