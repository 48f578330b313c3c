"""Page shell around every page: language, running parts, navigation, who is here.

``app.py`` runs it. A page calls :func:`require_frame` first, because on a cold
deep link (``/memories`` as the very first request) Streamlit runs the page's own
file without ``app.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import Page

from components import identity, integrity, menu, page_script, profiles, theme
from components.identity import Identity
from components.runtime import IDENTITY, container
from components.safety import statement
from components.text import error_text, t
from memory.container import Container
from memory.errors import NiannianError
from memory.types import Appearance

LOGO = Path(__file__).with_name("logo.svg")
_OPEN = "frame_open"


def run() -> None:
    """Build the frame and the page inside it."""
    page = _build()
    st.session_state[_OPEN] = True
    try:
        page.run()
    finally:
        st.session_state[_OPEN] = False


def require_frame() -> Identity:
    """Make sure the frame is there; returns who is talking with whom."""
    if not st.session_state.get(_OPEN):
        # Not only built but run around the page, as app.py would: the identity of
        # every widget depends on it, and with it the first thing somebody types.
        run()
        st.stop()
    me: Identity = st.session_state[IDENTITY]
    return me


def page_path(name: str) -> str:
    """The file of a page, for ``st.switch_page`` and ``st.page_link``."""
    return f"pages/{name}.py"


def _build() -> Page:
    # No layout yet: saying "centered" here made wide pages narrow for a moment at every run.
    st.set_page_config(page_title=t("app.name"), page_icon=LOGO)
    theme.apply()
    try:
        running = container()
    except NiannianError as error:
        st.navigation(_pages(), position="hidden")
        _start_failed(error)
    running.warm_up.hold_off()
    me = identity.current(running)
    # Now it is known in which language they are called.
    pages = _pages()
    appearance = Appearance()
    if me is not None:
        appearance = running.db.appearances.of((me.viewer or me.user).id)
        theme.wear(appearance, me.persona.id)
    page_script.show(appearance.theme)
    if me is not None and not me.designer:
        pages = [
            page for page, entry in zip(pages, menu.entries(), strict=True) if not entry.designers
        ]
    page = st.navigation(pages, position="hidden" if me is None else "sidebar")
    if me is None:
        profiles.welcome(running)
        st.stop()
    st.session_state[IDENTITY] = me
    wide = {entry.name for entry in menu.entries() if entry.wide}
    st.set_page_config(
        page_title=f"{page.title} · {t('app.name')}",
        layout="wide" if page.url_path in wide else "centered",
    )
    st.logo(LOGO, size="large")
    with st.sidebar:
        profiles.picker(running, me)
        profiles.looking(running, me, page.url_path or "chat")
        _other_embedder(running, me)
    integrity.notices(running, may_dismiss=me.designer)
    if (page.url_path or "chat") == "chat" and statement.needed(running, me):
        statement.ask(running, me)
        st.stop()
    return page


def _pages() -> list[Page]:
    return [
        st.Page(
            page_path(entry.name),
            title=menu.title(entry.name),
            icon=entry.icon,
            url_path=entry.name,
            default=entry.name == "chat",
        )
        for entry in menu.entries()
    ]


def _other_embedder(running: Container, me: Identity) -> None:
    """Say on every page that the vectors come from another embedder, and where to mend it."""
    if running.store.embedding.status().state == "changed":
        st.warning(t("app.other_embedder"), icon=":material/sync_problem:")
        if me.designer:
            st.page_link(
                page_path("settings"), label=t("app.mend_embedder"), icon=":material/arrow_forward:"
            )


def _start_failed(error: NiannianError) -> NoReturn:
    """One clear sentence instead of the page; nothing was touched, so trying again is safe."""
    with st.container(key="start_failed"):
        st.title(t("app.start_failed"), anchor=False)
        st.error(error_text(error), icon=":material/error:")
        st.button(t("app.try_again"), icon=":material/refresh:")
    st.stop()
