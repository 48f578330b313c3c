"""Sessions in the sidebar: which one is open, switch, new, folders, search."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from components import page_script
from components.chat import deep_link as chat_arrival
from components.chat import session_menu
from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories.moments import group_name
from components.text import t
from memory.container import Container
from memory.db import MessageHit
from memory.errors import NotFound
from memory.types import Session

PARAM = chat_arrival.SESSION
# After this much silence a visit begins with a new opening line, not in the middle.
SAME_VISIT = timedelta(hours=6)
SHOWN = 12
HITS = 20
SHORTCUTS = {
    "search": "/",
    "new_session": "Ctrl+Shift+O",
    "again": "Ctrl+Shift+L",
    "stop": "Esc",
    "help": "?",
}
"""What :mod:`components.page_script` listens to."""


def current(running: Container, me: Identity) -> Session:
    """The open session: the one in the address, else the latest, else a new one.

    Who looks at another's sessions opens none: without any, this ends the run.
    """
    wanted = st.query_params.get(PARAM) or st.session_state.get(_key(me))
    if wanted:
        try:
            return _open(me, running.db.sessions.get(me.owner, wanted))
        except NotFound:
            # Deleted in another tab, or an old bookmark: go on with the latest one.
            st.session_state.pop(_key(me), None)
    latest = running.db.sessions.of(me.owner, limit=1)
    if me.looking_at_another:
        if not latest:
            st.info(t("accounts.looking_no_session"), icon=":material/chat_bubble:")
            st.stop()
        return _open(me, latest[0])
    if latest and running.clock() - latest[0].updated_at < SAME_VISIT:
        return _open(me, latest[0])
    return _open(me, _new(running, me, latest[0] if latest else None))


def sidebar(running: Container, me: Identity, session: Session) -> None:
    """The list of sessions with everything that can be done to them."""
    with st.sidebar, st.container(key="sessions", gap="xxsmall"):
        if not me.looking_at_another and st.button(
            t("session.new"), icon=":material/edit_square:", width="stretch", key="new_session"
        ):
            go_to(me, _new(running, me, session).id)
        query = st.text_input(
            t("session.search"),
            placeholder=t("session.search"),
            icon=":material/search:",
            label_visibility="collapsed",
            key="session_query",
        )
        query = query.strip()
        shown = SHOWN * st.session_state.get("session_pages", 1)
        found = running.db.sessions.of(
            me.owner,
            query=query,
            limit=shown + 1,
            pinned_first=not query,
            folder=None if query else "",
        )
        hits = running.db.search.find(me.owner, query, HITS) if query else []
        if not query:
            _folders(running, me, session)
        elif not found and not hits:
            st.caption(t("session.none_found"))
        _list(running, me, found[:shown], session.id, grouped=not query)
        if len(found) > shown and st.button(t("session.more"), type="tertiary"):
            st.session_state["session_pages"] = st.session_state.get("session_pages", 1) + 1
            st.rerun()
        if hits:
            st.caption(t("session.said", count=len(hits)))
            for hit in hits:
                _hit(running, me, hit)
        with st.popover(
            t("shortcuts.title"), icon=":material/keyboard:", type="tertiary", key="shortcuts"
        ):
            for name in SHORTCUTS:
                st.markdown(f"`{SHORTCUTS[name]}` {t(f'shortcuts.{name}')}")


def _folders(running: Container, me: Identity, session: Session) -> None:
    """The folders; what is in one is read when it is open."""
    for name in running.db.sessions.folders(me.owner):
        key = f"folder_{zlib.crc32(name.encode())}"
        # The open session is in sight when one comes.
        with st.expander(
            plain(name),
            expanded=name == session.folder,
            icon=":material/folder:",
            key=key,
            on_change="rerun",
        ) as folder:
            if folder.open:
                shown = running.db.sessions.of(me.owner, pinned_first=True, folder=name, limit=None)
                _list(running, me, shown, session.id, grouped=False)


def _list(
    running: Container, me: Identity, found: Sequence[Session], open_id: str, *, grouped: bool
) -> None:
    """The sessions, under the day on which each was used last."""
    latest = running.db.search.latest(me.owner, [item.id for item in found])
    zone = running.settings.zone_for(me.user)
    today = running.clock().astimezone(zone).date()
    before = ""
    for item in found:
        day = item.updated_at.astimezone(zone).date()
        group = t("session.pinned") if item.pinned else group_name(day, today)
        if grouped and group != before:
            st.caption(group)
        before = group
        _row(running, me, item, latest.get(item.id, ""), is_open=item.id == open_id)


def _hit(running: Container, me: Identity, hit: MessageHit) -> None:
    at = hit.message.created_at.astimezone(running.settings.zone_for(me.user))
    label = f"{plain(hit.snippet)} :small[{at:%Y-%m-%d} · {plain(shorten(hit.title, 16))}]"
    with st.container(key=f"hit_{hit.message.id}"):
        if st.button(label, key=f"go_hit_{hit.message.id}", type="tertiary", width="stretch"):
            go_to(me, hit.message.session_id, hit.message.id)


def go_to(me: Identity, session_id: str | None, message_id: str | None = None) -> None:
    """Open a session (None: the latest), at one of its messages; ends this run."""
    st.session_state.pop("chat_shown", None)
    page_script.put_sidebar_away()
    chat_arrival.leave()
    if session_id:
        st.session_state[_key(me)] = session_id
        st.query_params[PARAM] = session_id
        if message_id:
            st.query_params[chat_arrival.MESSAGE] = message_id
    else:
        st.session_state.pop(_key(me), None)
        st.query_params.pop(PARAM, None)
    st.rerun()


def _new(running: Container, me: Identity, previous: Session | None) -> Session:
    """A new session; the previous one goes if nobody answered its opening line."""
    if previous and running.db.messages.count(me.owner, previous.id) <= 1:
        running.db.sessions.delete(me.owner, previous.id)
    return running.session_opener.open(me.owner, me.language)


def _open(me: Identity, session: Session) -> Session:
    st.session_state[_key(me)] = session.id
    if st.query_params.get(PARAM) != session.id:
        st.query_params[PARAM] = session.id
    return session


def _key(me: Identity) -> str:
    return f"session_of_{me.user.id}_{me.persona.id}"


def _row(running: Container, me: Identity, item: Session, latest: str, *, is_open: bool) -> None:
    title = item.title or t("session.untitled")
    label = plain(shorten(title, 40))
    if latest:
        label = f"{label} :small[{plain(latest)}]"
    state = "open" if is_open else "other"
    with st.container(horizontal=True, wrap=False, gap=None, key=f"session_{state}_{item.id}"):
        if st.button(label, key=f"go_{item.id}", type="tertiary", width="stretch") and not is_open:
            go_to(me, item.id)
        if me.looking_at_another:
            return
        session_menu.menu(running, me, item, lambda: go_to(me, None) if is_open else None)
