"""Offer of a model server that runs on this machine: one click connects it."""

from __future__ import annotations

import streamlit as st

from components.settings.form import Fixed, save_and_restart
from components.text import t
from memory.container import Container
from memory.llm.local_servers import LocalServer

DECIDED = frozenset({"openai_base_url", "chat_model"})
LOOK_AGAIN_SECONDS = 0.7


def offer(running: Container, fixed: Fixed, key: str, *, pick: bool = False) -> None:
    """Say what runs here and let it be connected; nothing where there is nothing to offer.

    Args:
        running: The running parts.
        fixed: The settings that the environment decides.
        key: Of the widgets.
        pick: Let one of its models be chosen; else its first is offered.
    """
    if DECIDED & fixed:
        return
    servers = running.local_servers.current()
    if not running.local_servers.looked:
        _look_again(running)
        return
    in_use = (running.settings.openai_base_url or "").rstrip("/")
    for server in servers:
        if in_use.replace("localhost", "127.0.0.1") != server.url:
            _one(running, server, f"{key}_{server.id}", pick=pick)


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _look_again(running: Container) -> None:
    # The page is there already; once the look is over it says what was found.
    if running.local_servers.looked and running.local_servers.current():
        st.rerun()


def _one(running: Container, server: LocalServer, key: str, *, pick: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        model = server.models[0]
        st.markdown(
            f":material/computer: {t('settings.found_here', server=server.name, model=model)}"
            if not pick or len(server.models) == 1
            else f":material/computer: {t('settings.found_server', server=server.name)}",
            width="content",
        )
        if pick and len(server.models) > 1:
            model = st.selectbox(
                t("settings.chat_model"),
                server.models,
                label_visibility="collapsed",
                width=240,
                key=f"{key}_model",
            )
        if st.button(t("settings.use_it"), key=f"{key}_use", icon=":material/bolt:"):
            connect(running, server, model)


def connect(running: Container, server: LocalServer, model: str) -> None:
    """Save the server and the model as those in use, and start with them."""
    changes = {"openai_base_url": server.url, "chat_model": model, "extraction_model": ""}
    save_and_restart(running.settings, changes)
