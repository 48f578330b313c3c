"""The access log on the page: who did what with one's own data, newest first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from components import menu
from components.identity import Identity
from components.text import t
from memory.container import Container
from memory.types import AccessEntry

MOST = 50
# What is looked at inside another page.
_INSIDE = {"recall": "studio"}


def looks(running: Container, me: Identity) -> None:
    """A section with the last looks; nothing without accounts, where nobody is known."""
    if not running.accounts.required:
        return
    st.subheader(t("accounts.looks"), anchor=False)
    st.markdown(t("accounts.looks_text"))
    found = running.db.access_log.entries(me.user.id, limit=MOST)
    if not found:
        st.caption(t("accounts.looks_none"))
        return
    names = {user.id: user.name for user in running.db.users.all()}
    zone = running.settings.zone_for(me.user)
    st.dataframe(
        pd.DataFrame(
            {
                t("accounts.looks_when"): [
                    f"{look.at.astimezone(zone):%Y-%m-%d %H:%M}" for look in found
                ],
                t("accounts.looks_who"): [_who(look, names) for look in found],
                t("accounts.looks_action"): [t(f"accounts.action_{look.action}") for look in found],
                t("accounts.looks_what"): [_page(look.what) for look in found],
            }
        ),
        hide_index=True,
        key="looks",
    )


def _who(look: AccessEntry, names: Mapping[str, str]) -> str:
    name = names.get(look.by_user_id, t("accounts.looks_gone"))
    return t("accounts.looks_by_program", name=name) if look.token_id else name


def _page(what: str) -> str:
    """The title of a page; a route of the API as it is."""
    if what == "page":
        return t("accounts.looks_page")
    page = _INSIDE.get(what, what)
    return menu.title(page) if page in menu.names() else what
