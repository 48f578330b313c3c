"""Usage view: how much of what is remembered is used, and who said it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components.identity import Identity
from components.insights import charts as insights_charts
from components.insights import flow_charts, rated
from components.insights.charts import Asked, percent
from components.insights.data import IN_FORCE
from components.insights.follow import address
from components.markdown_escape import plain, shorten
from components.shell import page_path
from components.text import t, word
from memory.container import Container
from memory.db import Slot
from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES, Owner, Use

LISTED = 8
LENGTH = 44
WHOSE = ("about", "said")


def show(
    running: Container,
    me: Identity,
    who: Sequence[Owner],
    table: pd.DataFrame,
    zone: ZoneInfo,
) -> Asked | None:
    """Numbers, replies over time and rated, who talks about what, most and never used memories."""
    uses: dict[str, Use] = {}
    for owner in who:
        uses.update(running.db.traces.uses(owner))
    used = stats.usage(table, uses)
    slots = running.db.aggregates.replies_by_slot(who)
    _numbers(used, slots)
    chart = flow_charts.replies(slots, zone, "week")
    said = None
    if chart is None:
        st.info(t("insights.no_replies"), icon=":material/forum:")
    else:
        said = insights_charts.draw(chart)
    personas = {owner.persona_id for owner in who}
    rated.show(running, me, {me.user.id: me.user}, zone, personas)
    left, right = st.columns(2)
    with left:
        asked = _speakers(running, who, table)
    with right:
        by_category = flow_charts.used_categories(used)
        other = insights_charts.draw(by_category) if by_category else None
    _lists(running, who, used)
    return said or asked or other


def _numbers(used: pd.DataFrame, slots: Sequence[Slot]) -> None:
    replies, with_memory = sum(s.count for s in slots), sum(s.used for s in slots)
    ever = int((used["uses"] > 0).sum())
    with st.container(key="insights_numbers"):
        share, some, never = st.columns(3, wrap=False)
        share.metric(
            t("insights.reply_share"),
            percent(with_memory, replies) if replies else "–",
            border=True,
        )
        some.metric(t("insights.ever_used"), f"{ever:,}", border=True)
        never.metric(t("insights.never_used"), f"{len(used) - ever:,}", border=True)


def _speakers(running: Container, who: Sequence[Owner], table: pd.DataFrame) -> Asked | None:
    whose = st.session_state.get("insights_whose") or "about"
    if whose == "said":
        memories = [m for owner in who for m in running.store.reads.iterate(IN_FORCE, owner)]
        ids = [id for memory in memories for id in memory.source.message_ids]
        roles = running.db.aggregates.roles_of(who, ids)
        data = stats.said_by(memories, roles, DEFAULT_CATEGORIES)
    else:
        data = stats.by_category(table, DEFAULT_CATEGORIES)

    def choice() -> None:
        st.segmented_control(
            t("insights.whose"),
            WHOSE,
            default="about",
            required=True,
            format_func=lambda value: t(f"insights.whose_{value}"),
            label_visibility="collapsed",
            key="insights_whose",
        )

    chart = flow_charts.speakers(data, whose)
    if chart is None:
        choice()
        st.info(t("insights.no_sources"), icon=":material/forum:")
        return None
    return insights_charts.draw(chart, choice)


def _lists(running: Container, who: Sequence[Owner], used: pd.DataFrame) -> None:
    """Some of the most used and of the never used, and all of them as CSV."""
    most = stats.most_used(used, LISTED)
    never = used[used["uses"] == 0].head(LISTED)
    texts = _texts(running, who, [*most["id"], *never["id"]])
    left, right = st.columns(2)
    for column, name, rows in ((left, "most_used", most), (right, "never_listed", never)):
        with (
            column,
            st.container(border=True, height="stretch", gap="xsmall", key=f"list_{name}"),
        ):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{t(f'insights.{name}')}**", width="stretch")
                if name == "most_used":
                    every = used.itertuples(index=False)
                    help = t("insights.csv_help")
                    insights_charts.csv("usage", list(used.columns), every, help=help)
            st.caption(t(f"insights.{name}_says"))
            if rows.empty:
                st.caption(t(f"insights.{name}_none"))
            for id, category, uses in rows[["id", "category", "uses"]].to_numpy().tolist():
                if id in texts:
                    _row(*texts[id], id, category, uses)


def _row(owner: Owner, text: str, id: str, category: str, uses: int) -> None:
    label = plain(shorten(text, LENGTH))
    note = t("insights.times", count=uses) if uses else word("category", category)
    st.page_link(
        page_path("memories"),
        label=f":small[:gray[{plain(note)}]] {label}",
        query_params=address(owner, {"memory": [id]}),
        help=plain(text),
    )


def _texts(
    running: Container, who: Sequence[Owner], ids: Sequence[str]
) -> Mapping[str, tuple[Owner, str]]:
    """The texts of a few memories: the kept table holds none.

    What comes from a danger is counted and not held up here.
    """
    return {
        memory.id: (owner, memory.text)
        for owner in who
        for memory in running.store.reads.get_many(owner, ids)
        if memory.safety is None
    }
