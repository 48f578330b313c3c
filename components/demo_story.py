"""The demo story on the screen: load it, go and look, remove it in one step."""

from __future__ import annotations

import streamlit as st

from components import identity
from components.guard import sentences
from components.text import t
from memory import demo
from memory.container import Container


def load_button(running: Container, *, key: str) -> None:
    """Load the story and go on as its first user."""
    if st.button(t("demo.load"), key=key, icon=":material/auto_stories:"):
        with sentences(), st.spinner(t("demo.loading")):
            demo.load_demo(running)
            _go(running)


def remove_button(running: Container, *, key: str) -> None:
    """Remove the story's users and all they have."""
    if st.button(t("demo.remove"), key=key, icon=":material/delete_sweep:"):
        with sentences(), st.spinner(t("demo.removing")):
            demo.remove_demo(running)
            _leave_if_gone(running)


def is_loaded(running: Container) -> bool:
    """Whether any of the story's users is there."""
    return any(user.demo for user in running.ledger.list_users())


def _go(running: Container) -> None:
    first = next((user for user in running.ledger.list_users() if user.demo), None)
    if first is not None:
        identity.switch(user_id=first.id)
    st.rerun()


def _leave_if_gone(running: Container) -> None:
    mine = st.session_state.get("chosen_user")
    if mine not in {user.id for user in running.ledger.list_users()}:
        identity.leave()
    st.rerun()
