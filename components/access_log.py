"""Access log view: who did what with the user's own data, newest first."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from components import menu, row_cards
from components.identity import Identity
from components.page_script import narrow
from components.row_cards import RowCard
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
    st.header(t("accounts.looks"), anchor=False)
    st.markdown(t("accounts.looks_text"))
    found = running.db.access_log.entries(me.user.id, limit=MOST)
    if not found:
        st.caption(t("accounts.looks_none"))
        return
    names = {user.id: user.name for user in running.db.users.all()}
    zone = running.settings.zone_for(me.user)
    rows = [
        (
            f"{look.at.astimezone(zone):%Y-%m-%d %H:%M}",
            _who(look, names),
            t(f"accounts.action_{look.action}"),
            _page(look.what),
        )
        for look in found
    ]
    if narrow():
        cards = (RowCard(who, (("", at), ("", did), ("", what))) for at, who, did, what in rows)
        row_cards.show(list(cards), "looks")
        return
    columns = [t(f"accounts.looks_{name}") for name in ("when", "who", "action", "what")]
    st.dataframe(pd.DataFrame(rows, columns=columns), hide_index=True, key="looks")


def _who(look: AccessEntry, names: Mapping[str, str]) -> str:
    name = names.get(look.by_user_id, t("accounts.looks_gone"))
    return t("accounts.looks_by_program", name=name) if look.token_id else name


def _page(what: str) -> str:
    """The title of a page; a route of the API as it is."""
    if what == "page":
        return t("accounts.looks_page")
    page = _INSIDE.get(what, what)
    return menu.title(page) if page in menu.names() else what
