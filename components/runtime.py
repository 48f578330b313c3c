"""Cached container: the running parts, built once per process; the only ``st.cache_resource``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.long_lived import set_aside_soon
from memory.auth.binding import check_binding
from memory.config import fixed_by_environment, load_settings
from memory.container import Container, build
from memory.types import Owner

IDENTITY = "frame_identity"
"""Where the session keeps who is talking with whom (:class:`components.identity.Identity`)."""

_running: Container | None = None
_fixed: frozenset[str] = frozenset()


def container() -> Container:
    """The running parts.

    Raises:
        NiannianError: they can't start. The frame says why, so a page needn't care.
    """
    global _running
    _running = _container()
    return _running


def ready() -> Container | None:
    """The running parts if they are there; never builds them, so it never takes long."""
    return _running


def secrets() -> Mapping[str, Any]:
    """What ``.streamlit/secrets.toml`` says, if there is one."""
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}


def fixed_settings() -> frozenset[str]:
    """Settings that environment, ``.env`` and secrets decided when the parts were built."""
    return _fixed


def reload() -> None:
    """Close everything; the next run starts it with what the settings say now."""
    _container.clear()


def halt() -> None:
    """End the work in the background: the process is about to end."""
    if _running is not None:
        _running.halt()


def _changing(running: Container, owner: Owner) -> None:
    """Write down that a designer changes another's memories on a page.

    Here, because a button's callback runs before the page knows who is there.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return
    # What the API and the background do is not on a page.
    me = st.session_state.get(IDENTITY)
    if me is not None and me.viewer is not None and me.viewer.id != owner.user_id:
        running.accounts.look(me.viewer, owner, "page", "change")


def _close(running: Container) -> None:
    global _running
    if _running is running:
        _running = None
    running.close()


@st.cache_resource(show_spinner=False, on_release=_close)
def _container() -> Container:
    global _fixed
    given = secrets()
    settings = load_settings(given)
    # Once: reading all sources anew takes longer than drawing a page.
    _fixed = fixed_by_environment(given)
    # Streamlit listens before the first page runs, so it is the page that says this.
    check_binding(st.get_option("server.address"), settings)
    running = build(settings)
    if running.accounts.required:
        running.db.history.before_change = partial(_changing, running)
    set_aside_soon()
    return running
