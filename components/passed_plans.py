"""Follow-up on plans whose day has passed: one click says it happened, moves or drops it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.memories import changes as memory_changes
from components.memories.spoken import sentence
from components.text import t
from memory.chat import follow_ups
from memory.container import Container
from memory.nlp.rephrase import retell_dated
from memory.types import Kind, Memory, MemoryFilter, Subject

FIRST_SHOWN = 3
MOST = 30
# So many dated memories are read to find plans, and what tells how they went.
_LOOKED_AT = 200
_ALL = "passed_plans_all"


def today_of(running: Container, me: Identity) -> date:
    """The day it is for this user."""
    return running.clock().astimezone(running.settings.zone_for(me.user)).date()


def waiting(
    running: Container, me: Identity, today: date, *, days: int | None = None
) -> list[Memory]:
    """The plans to ask about, the latest first; of the last ``days`` days, or all."""
    since = today - timedelta(days) if days else None
    about_user, dated = frozenset({Subject.USER}), frozenset({Kind.TEMPORAL})
    yesterday = today - timedelta(1)
    planned = MemoryFilter(
        subjects=about_user,
        kinds=dated,
        categories=frozenset({follow_ups.PLAN}),
        event_from=since,
        event_to=yesterday,
    )
    around = MemoryFilter(subjects=about_user, kinds=dated, event_from=since, event_to=today)
    found = running.store.reads.matching(me.owner, around, sort="-event_date", limit=_LOOKED_AT)
    if len(found) == _LOOKED_AT:
        # Beyond so many there may be plans that are older than all of these.
        found += running.store.reads.matching(
            me.owner, planned, sort="-event_date", limit=_LOOKED_AT
        )
    every = {memory.id: memory for memory in found}
    return follow_ups.passed(every.values(), today, running.settings.zone_for(me.user))


def block(running: Container, me: Identity) -> None:
    """A quiet block on the memories page; nothing if no plan is waiting."""
    today = today_of(running, me)
    found = waiting(running, me, today)
    if not found:
        return
    every = st.session_state.get(_ALL, False)
    with st.container(border=True, gap="xsmall", key="passed_plans"):
        st.markdown(f"**{t('plans.question')}** :small[:gray[{t('plans.passed')}]]")
        for memory in found[: MOST if every else FIRST_SHOWN]:
            row(running, me, memory, today, place=memory_changes.MEMORIES)
        if len(found) > FIRST_SHOWN:
            st.button(
                t("plans.fewer") if every else t("plans.all", count=len(found)),
                key="passed_plans_more",
                type="tertiary",
                icon=":material/expand_less:" if every else ":material/expand_more:",
                on_click=lambda: st.session_state.update({_ALL: not every}),
            )


def row(
    running: Container,
    me: Identity,
    memory: Memory,
    today: date,
    *,
    place: str,
    lead: str = "",
    more: Callable[[], None] | None = None,
) -> None:
    """One plan and the three things that may have become of it.

    Args:
        running: The running parts.
        me: Whose plan.
        memory: The plan.
        today: The user's day.
        place: Where the notice of what was done is shown.
        lead: What stands before the plan (Markdown).
        more: Draws further controls beside the three.
    """
    key = f"plan_{memory.id}"
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        gap="xsmall",
        key=key,
    ):
        # With its day as one says it, once.
        told = sentence(retell_dated(memory, me.persona, today))
        st.markdown(f"{lead}{plain(told)}", width="content")
        with st.container(horizontal=True, width="content", gap="xsmall", key=f"{key}_actions"):
            st.button(
                t("plans.happened"),
                key=f"{key}_happened",
                type="tertiary",
                icon=":material/check:",
                on_click=_change,
                args=(
                    running,
                    me,
                    memory,
                    follow_ups.happened(memory),
                    "plans.said_happened",
                    place,
                ),
            )
            with st.popover(t("plans.moved"), type="tertiary", icon=":material/event_upcoming:"):
                day = st.date_input(
                    t("plans.new_day"),
                    value=today + timedelta(1),
                    min_value=today,
                    format="YYYY-MM-DD",
                    key=f"{key}_day",
                )
                st.button(
                    t("app.save"),
                    key=f"{key}_moved",
                    type="primary",
                    disabled=day is None,
                    on_click=_move,
                    args=(running, me, memory, day, place),
                )
            st.button(
                t("plans.dropped"),
                key=f"{key}_dropped",
                type="tertiary",
                icon=":material/close:",
                on_click=_change,
                args=(running, me, memory, follow_ups.dropped(), "plans.said_dropped", place),
            )
            if more is not None:
                more()


def _move(running: Container, me: Identity, memory: Memory, day: date | None, place: str) -> None:
    if day is not None:
        fields = follow_ups.moved(memory, day, running.settings.zone_for(me.user))
        _change(running, me, memory, fields, "plans.said_moved", place)


def _change(
    running: Container,
    me: Identity,
    memory: Memory,
    fields: Mapping[str, Any],
    said: str,
    place: str,
) -> None:
    memory_changes.edit(running, me.owner, [memory.id], fields, place=place, said=said)
