"""The running parts, built once per process: the only ``st.cache_resource``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st

from components.text import error_text, t
from memory.config import load_settings
from memory.container import Container, build
from memory.errors import NiannianError


def container() -> Container:
    """The running parts; where they can't start, one clear sentence instead of the page."""
    try:
        return _container()
    except NiannianError as error:
        _start_failed(error)


def secrets() -> Mapping[str, Any]:
    """What ``.streamlit/secrets.toml`` says, if there is one."""
    return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}


def reload() -> None:
    """Close everything; the next run starts it with what the settings say now."""
    _container.clear()


def _close(running: Container) -> None:
    running.close()


@st.cache_resource(show_spinner=False, on_release=_close)
def _container() -> Container:
    return build(load_settings(secrets()))


def _start_failed(error: NiannianError) -> NoReturn:
    with st.container(key="start_failed"):
        st.title(t("app.start_failed"), anchor=False)
        st.error(error_text(error), icon=":material/error:")
        st.button(t("app.try_again"), icon=":material/refresh:")
    st.stop()
