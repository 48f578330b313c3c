"""Follow-up card above the input: one plan whose day has passed, until it is answered."""

from __future__ import annotations

import streamlit as st

from components import passed_plans
from components.error_boundary import sentences
from components.identity import Identity, address
from components.memories import changes as memory_changes
from components.shell import page_path
from components.text import t
from memory.container import Container

PLACE = "chat_plans"
# Nobody wants to be asked in a chat about what was planned a season ago.
DAYS = 30
_WAVED_AWAY = "chat_plans_waved_away"


@st.fragment
def card(running: Container, me: Identity) -> None:
    """A fragment of its own: what is being typed stays, and so does a running reply."""
    if me.looking_at_another:
        # The question is for who made the plan.
        return
    away = f"{_WAVED_AWAY}_{me.user.id}_{me.persona.id}"
    if st.session_state.get(away):
        return
    with sentences():
        today = passed_plans.today_of(running, me)
        found = passed_plans.waiting(running, me, today, days=DAYS)
        memory_changes.notice_bar(running, me.owner, place=PLACE)
        if not found:
            return
        with st.container(border=True, gap="xsmall", key="chat_plan"):
            passed_plans.row(
                running,
                me,
                found[0],
                today,
                place=PLACE,
                lead=f"**{t('plans.question')}** ",
                more=lambda: _rest(me, len(found) - 1, away),
            )


def _rest(me: Identity, others: int, away: str) -> None:
    if others:
        st.page_link(
            page_path("memories"), label=t("plans.more", count=others), query_params=address(me)
        )
    st.button(
        t("plans.later"),
        key="chat_plan_later",
        type="tertiary",
        on_click=lambda: st.session_state.update({away: True}),
    )
