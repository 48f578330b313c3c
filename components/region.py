"""Region picker: whose help lines are shown, where people need it, beside the lines."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.text import t, word
from memory.chat.safety.helplines import region_for, regions
from memory.container import Container


def choice(running: Container, me: Identity, key: str) -> str | None:
    """A small select box for the region; what is chosen is saved in the profile at once.

    Args:
        running: The services.
        me: Whose profile is changed.
        key: Of the element.

    Returns:
        The ISO code whose lines are to be shown, or None: the international directory.
    """
    current = region_for(me.user, running.settings.timezone, me.language)
    codes = list(regions())
    if current and current not in codes:
        codes.append(current)

    def chosen() -> None:
        with sentences():
            running.db.users.update(me.user.id, region=st.session_state[key])

    with st.popover(t("app.other_region"), icon=":material/public:", type="tertiary"):
        st.selectbox(
            t("app.region"),
            codes,
            index=codes.index(current) if current else None,
            format_func=lambda code: word("region", code),
            placeholder=t("app.region_unsaid"),
            help=t("app.region_help"),
            key=key,
            on_change=chosen,
        )
    return current


__all__ = ["choice"]
