"""The card that comes before everything else when somebody may be in danger."""

from __future__ import annotations

import streamlit as st

from components import region as region_picker
from components.identity import Identity
from components.safety import contact
from components.text import t
from memory import care
from memory.container import Container

# The ledger keeps the kind as text; what a later version wrote still gets help lines.
_KINDS: dict[str, care.CareKind] = {
    "suicide": "suicide",
    "self_harm": "self_harm",
    "danger": "danger",
}


def card(running: Container, me: Identity, kind: str, key: str) -> None:
    """Warm words and the help lines of the user's region, in an element of their own."""
    region = me.user.region or care.region_of(
        me.user.timezone or running.settings.timezone, me.language
    )
    known = _KINDS.get(kind, "danger")
    with st.container(border=True, gap="xsmall", key=f"care_{key}"):
        st.markdown(f":material/favorite: **{care.warm_opening(known, me.language)}**")
        for line in care.helplines(region, me.language, known, young=bool(me.user.minor)):
            st.markdown(_line(line))
        mine = contact.reminder(me)
        if mine and running.settings.served_to_others:
            st.markdown(mine)
        st.caption(t("care.note"))
        if not me.looking_at_another:
            region_picker.choice(running, me, f"lines_region_{key}")


def _line(line: care.Helpline) -> str:
    number = f" **{line.number}**" if line.number else ""
    address = f" {line.url}" if line.url and not line.number else ""
    hours = f" · {line.hours}" if line.hours else ""
    note = f" · {line.note}" if line.note else ""
    return f":material/call: {line.name}{number}{address}{hours}{note}"
