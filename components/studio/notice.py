"""Studio notice: the bar that says what was just done."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.memories import changes as memory_changes
from components.text import t

PLACE = "studio"


def stored(me: Identity, group_id: str, count: int) -> None:
    """Memories were changed; one click undoes it."""
    if count:
        said = t("studio.stored", count=count)
        memory_changes.note(said, me.owner, group_id, place=PLACE)
    else:
        memory_changes.note(t("studio.stored_nothing"), me.owner, place=PLACE)


def toast(key: str, **params: object) -> None:
    """Something else is done; it is said once, after the next run."""
    st.toast(t(key, **params), icon=":material/check:")
