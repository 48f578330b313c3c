"""Comparison view: two users, or two periods, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from components.identity import Identity
from components.insights import charts as insights_charts
from components.insights import data as insights_data
from components.insights import flow_charts
from components.insights.charts import Asked, percent
from components.insights.follow import follow
from components.markdown_escape import plain
from components.profiles import user_label
from components.text import t, word
from memory.container import Container
from memory.memories import stats
from memory.types import Owner, User

QUARTER = timedelta(days=90)
MODES = ("periods", "users")
_LOOKED = "insights_looked"


def show(
    running: Container,
    me: Identity,
    table: pd.DataFrame,
    today: date,
    everyone: bool,
) -> None:
    """Choose two sides, then numbers and categories of both."""
    others = _others(running, me)
    mode = "periods"
    if others:
        mode = st.segmented_control(
            t("insights.compare_what"),
            MODES,
            default="users",
            required=True,
            format_func=lambda value: t(f"insights.compare_{value}"),
            label_visibility="collapsed",
            key="insights_compare",
        )
    here = insights_data.owners(running, me, everyone)
    sides = (
        _users(running, me, others, table, here, everyone)
        if mode == "users"
        else _periods(table, today, here)
    )
    if sides is None:
        st.info(t("insights.compare_pick"), icon=":material/date_range:")
        return
    left, right = sides
    for column, side in zip(st.columns(2), sides, strict=True):
        with column:
            _take(side.name, stats.Take.of(side.table))
    chart = flow_charts.compared(left.table, right.table, (left.name, right.name))
    if chart is None:
        st.info(t("insights.compare_empty"), icon=":material/balance:")
    else:
        asked = insights_charts.draw(chart)
        if asked:
            side = left if asked.pop("side") == ["left"] else right
            zone = running.settings.zone_for(me.user)
            follow(running, me, side.owners, zone, {**asked, **side.limits})


@dataclass(frozen=True)
class ComparedSide:
    """One side: its memories, what it is called, whose they are, and what limits them."""

    table: pd.DataFrame
    name: str
    owners: Sequence[Owner]
    limits: Asked


Sided = tuple[ComparedSide, ComparedSide]


def _others(running: Container, me: Identity) -> list[User]:
    """Users other than ``me`` that the viewer may see."""
    return [
        user
        for user in running.db.users.all()
        if user.id != me.user.id and running.accounts.may_see(me.viewer, user.id)
    ]


def _users(
    running: Container,
    me: Identity,
    others: Sequence[User],
    table: pd.DataFrame,
    here: Sequence[Owner],
    everyone: bool,
) -> Sided:
    names = {user.id: user_label(user) for user in others}
    chosen = st.selectbox(
        t("insights.compare_with", name=plain(me.user.name)),
        list(names),
        format_func=lambda value: names[value],
        key="insights_other",
    )
    other = next(user for user in others if user.id == chosen)
    if st.session_state.get(_LOOKED) != other.id:
        running.accounts.look(me.viewer, other.id, "insights")
        st.session_state[_LOOKED] = other.id
    who = insights_data.owners_of(running, other, me.persona.id, everyone)
    theirs = insights_data.table(running, who, running.settings.zone_for(other), kept="theirs")
    mine = ComparedSide(table, user_label(me.user), here, {})
    return mine, ComparedSide(theirs, names[other.id], who, {})


def _periods(table: pd.DataFrame, today: date, who: Sequence[Owner]) -> Sided | None:
    before = st.columns(2)
    first = before[0].date_input(
        t("insights.compare_first"),
        (today - 2 * QUARTER + timedelta(days=1), today - QUARTER),
        key="insights_period_first",
    )
    second = before[1].date_input(
        t("insights.compare_second"),
        (today - QUARTER + timedelta(days=1), today),
        key="insights_period_second",
    )
    spans = [span for span in (first, second) if isinstance(span, tuple) and len(span) == 2]
    if len(spans) < 2:
        return None
    left, right = (
        ComparedSide(
            stats.within(table, start, end),
            f"{start} – {end}",
            who,
            {"stored_from": [str(start)], "stored_to": [str(end)]},
        )
        for start, end in spans
    )
    return left, right


def _take(name: str, take: stats.Take) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(name)}**")
        st.markdown(t("insights.take_count", count=f"{take.memories:,}"))
        st.caption(
            t(
                "insights.take_shares",
                user=percent(round(take.about_user * 1000), 1000),
                constant=percent(round(take.constant * 1000), 1000),
                important=percent(round(take.important * 1000), 1000),
                kind=word("kind", "constant"),
            )
        )
