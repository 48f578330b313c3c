"""Who looked at one's own data: the designers' looks, newest first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.frame import PAGES
from components.identity import Identity
from components.text import t
from components.zones import zone_of
from memory.container import Container

MOST = 50
# What is looked at inside another page.
_INSIDE = {"recall": "studio"}


def looks(running: Container, me: Identity) -> None:
    """A section with the last looks; nothing without accounts, where nobody is known."""
    if not running.accounts.required:
        return
    st.subheader(t("accounts.looks"), anchor=False)
    st.markdown(t("accounts.looks_text"))
    found = running.ledger.list_looks(me.user.id, limit=MOST)
    if not found:
        st.caption(t("accounts.looks_none"))
        return
    names = {user.id: user.name for user in running.ledger.list_users()}
    zone = zone_of(me.user, running.settings)
    st.dataframe(
        pd.DataFrame(
            {
                t("accounts.looks_when"): [
                    f"{look.at.astimezone(zone):%Y-%m-%d %H:%M}" for look in found
                ],
                t("accounts.looks_who"): [
                    names.get(look.by_user_id, t("accounts.looks_gone")) for look in found
                ],
                t("accounts.looks_what"): [_page(look.what) for look in found],
            }
        ),
        hide_index=True,
        key="looks",
    )


def _page(what: str) -> str:
    """The title of a page; a route of the API as it is."""
    page = _INSIDE.get(what, what)
    return t(f"app.page_{page}") if page in dict(PAGES) else what
