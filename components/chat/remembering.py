"""Remembering status: one quiet line beside the input, and the button to do it now."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.chat import memory_chips as chat_chips
from components.error_boundary import sentences
from components.identity import Identity
from components.text import code_text, t
from memory.container import Container
from memory.errors import NotFound
from memory.extraction.worker import Phase, WorkerState
from memory.types import Session

LOOK_EVERY_SECONDS = 2.0


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def watch(
    running: Container,
    me: Identity,
    session: Session,
    news: DeltaGenerator,
    since: datetime,
    followed: str | None,
) -> None:
    """Looks every two seconds; what is being typed stays untouched.

    Args:
        running: The running parts.
        me: Whose memories.
        session: The open session.
        news: Where to show what was remembered.
        since: Only news after this time, aware UTC.
        followed: The id of the reply that the page shows while it comes.
    """
    if _moved_elsewhere(running, me, session, followed):
        # Another tab or a program talks in this session: only a whole run draws that.
        st.rerun()
    state = running.extraction_worker.state(me.owner)
    left = running.db.batches.unbatched_turns(me.owner, session.id)
    said, why = _line(state, left, since)
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        if said:
            st.caption(said, help=why, width="content")
        if state.phase is not Phase.WORKING and (left or state.waiting or _failed(state)):
            st.button(
                t("chat.remember_now"),
                key="remember_now",
                type="tertiary",
                icon=":material/bookmark_add:",
                on_click=lambda: _remember_now(running, me, session),
            )
    if state.set_aside:
        _set_aside(running, me, state)
    # Written to in every run, or a fragment may not write there later.
    with news, st.container(key="news", gap="xsmall"), sentences():
        chat_chips.news(running, me, session, since)


def _moved_elsewhere(
    running: Container, me: Identity, session: Session, followed: str | None
) -> bool:
    run = running.replies.of(me.owner, session.id)
    if run is not None:
        return run.id != followed
    try:
        now = running.db.sessions.get(me.owner, session.id)
    except NotFound:
        return True
    return now.updated_at != session.updated_at


def _line(state: WorkerState, left: int, since: datetime) -> tuple[str, str | None]:
    """What to say, and the reason behind it for those who ask."""
    if state.phase is Phase.WORKING:
        return f":shimmer[{t('chat.working')}]", None
    if state.phase is Phase.WAITING:
        return t("chat.retrying"), code_text(state.error or "unexpected")
    if _failed(state):
        return t("chat.failed_to_remember"), code_text(state.error or "unexpected")
    if left:
        return t("chat.waiting", count=left), None
    if state.set_aside:
        # What couldn't be worked through isn't remembered, whatever else is.
        return "", None
    last = state.last
    if last and last.finished_at and last.finished_at > since:
        return t("chat.up_to_date"), None
    return t("chat.idle"), None


def _failed(state: WorkerState) -> bool:
    """Whether something failed that "remember now" tries again."""
    return state.phase is Phase.FAILED and state.failed != state.set_aside


def _set_aside(running: Container, me: Identity, state: WorkerState) -> None:
    """What stopped its worker again and again: said in one sentence, tried again by hand."""
    with st.container(
        key="set_aside", horizontal=True, wrap=False, vertical_alignment="center", gap="small"
    ):
        st.caption(code_text("set_aside"))
        st.button(
            t("chat.retry"),
            key="try_set_aside",
            type="tertiary",
            icon=":material/refresh:",
            on_click=_run_again,
            args=(running, me, state.set_aside),
        )


def _run_again(running: Container, me: Identity, batch_ids: Iterable[str]) -> None:
    for batch_id in batch_ids:
        with suppress(NotFound):  # another page was quicker
            running.extraction_worker.rerun(me.owner, batch_id)


def _remember_now(running: Container, me: Identity, session: Session) -> None:
    state = running.extraction_worker.state(me.owner)
    _run_again(running, me, [id for id in state.failed if id not in state.set_aside])
    running.extraction_worker.run_now(me.owner, session.id)
