"""The demo story on the screen: load it, go and look, remove it in one step."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components import identity
from components.error_boundary import sentences
from components.text import language, t
from memory.container import Container
from memory.transfer import demo
from memory.types import User


def load_button(running: Container, *, key: str) -> None:
    """Load the story and go on as one of its users; not where everybody signs in."""
    if running.accounts.required:
        return
    if st.button(t("demo.load"), key=key, icon=":material/auto_stories:"):
        with sentences(), st.spinner(t("demo.loading")):
            _go(demo.load_demo(running))


def remove_button(running: Container) -> None:
    """Remove the story's users and all they have."""
    if st.button(t("demo.remove"), key="demo_remove", icon=":material/delete_sweep:"):
        with sentences(), st.spinner(t("demo.removing")):
            demo.remove_demo(running)
            _leave_if_gone(running)


def is_loaded(running: Container) -> bool:
    """Whether any of the story's users is there."""
    return demo.is_loaded(running.db)


def _go(users: Sequence[User]) -> None:
    """Go on as the one who speaks the language of the screen."""
    if users:
        mine = next((user for user in users if user.language == language()), users[0])
        identity.switch(user_id=mine.id)
    st.rerun()


def _leave_if_gone(running: Container) -> None:
    mine = st.session_state.get("chosen_user")
    if mine not in {user.id for user in running.db.users.all()}:
        identity.leave()
    st.rerun()
