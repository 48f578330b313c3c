"""The parts of the insights page: whose memories, three numbers, the charts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components.frame import page_path
from components.identity import Identity
from components.insights import charts as insights_charts
from components.insights import data as insights_data
from components.insights.charts import HALF, Asked, Chart
from components.memories import page as memory_page
from components.memories import query as memory_query
from components.memories import table as memory_table
from components.plain import plain
from components.text import t, word
from memory import stats
from memory.container import Container
from memory.types import Owner

SCOPES = ("one", "all")
DAY = timedelta(days=1)
_BACK = "insights_back"


def head(me: Identity) -> bool:
    """Title and whose memories; returns whether all personas are meant."""
    with st.container(horizontal=True, vertical_alignment="center", key="insights_head"):
        st.title(t("insights.title"), anchor=False, width="content")
        scope = st.segmented_control(
            t("insights.scope"),
            SCOPES,
            default="one",
            required=True,
            format_func=lambda value: (
                plain(me.persona_name) if value == "one" else t("insights.all_personas")
            ),
            label_visibility="collapsed",
            key="insights_scope",
        )
    return bool(scope == "all")


def body(running: Container, me: Identity, zone: ZoneInfo, everyone: bool) -> None:
    """Numbers and charts, or what to do where there is nothing to show."""
    who = insights_data.owners(running, me, everyone)
    table = insights_data.table(running, who, zone)
    if table.empty:
        memory_page.nothing_yet(running)
        return
    today = running.clock().astimezone(zone).date()
    _numbers(table, today)
    asked = _charts(table, today)
    if asked:
        _follow(running, me, who, zone, asked)


def _numbers(table: pd.DataFrame, today: date) -> None:
    totals = stats.totals(table, today)
    with st.container(key="insights_numbers"):
        memories, sides, new = st.columns(3, wrap=False)
        memories.metric(t("insights.total"), f"{totals.memories:,}", border=True)
        both = f"{totals.about_user:,} : {totals.about_ai:,}"
        sides.metric(t("insights.sides"), both, border=True)
        new.metric(t("insights.last_week"), f"{totals.last_week:,}", border=True)


def _charts(table: pd.DataFrame, today: date) -> Asked | None:
    """Draw everything; where the reader clicked, if anywhere."""
    left, right = st.columns(2)
    with left:
        asked = [insights_charts.draw(insights_charts.categories(table))]
    with right:
        asked.append(insights_charts.draw(insights_charts.subjects(table)))
        asked.append(insights_charts.draw(insights_charts.kinds(table)))
    which, unit, period = _date_choice()
    chart = insights_charts.dates(table, which, unit, period, today)
    asked.append(_draw_or_say(chart, which))
    left, right = st.columns(2)
    with left:
        asked.append(insights_charts.draw(insights_charts.growth(table)))
    with right:
        asked.append(_calendar(table, which, today))
    return next((place for place in asked if place), None)


def _date_choice() -> tuple[stats.DateField, stats.Unit, str]:
    """By which date, in which unit, how far back: for the two charts about dates."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="date_choice"):
        which: stats.DateField = st.segmented_control(
            t("insights.which"),
            stats.DATE_FIELDS,
            default="event",
            required=True,
            format_func=lambda value: word("date_field", value),
            key="insights_which",
        )
        unit = st.segmented_control(
            t("insights.unit"),
            stats.UNITS,
            default="week",
            required=True,
            format_func=lambda value: word("unit", value),
            key="insights_unit",
        )
        period = st.segmented_control(
            t("insights.period"),
            list(insights_charts.PERIODS),
            default="year",
            required=True,
            format_func=lambda value: word("period", value),
            key="insights_period",
        )
    return which, unit, period


def _calendar(table: pd.DataFrame, which: stats.DateField, today: date) -> Asked | None:
    """Half a year at a time, at first the one that ends with what is planned or new."""
    span = stats.span(table, which)
    if span is None:
        return _draw_or_say(None, which)
    newest = max(min(span[1], today + HALF / 2), min(today, span[1]))
    back = min(st.session_state.get(_BACK, 0), max((newest - span[0]) // HALF, 0))

    def controls() -> None:
        if newest - span[0] <= HALF:
            return
        with st.container(horizontal=True, gap="xsmall"):
            for name, step in (("earlier", 1), ("later", -1)):
                st.button(
                    t(f"insights.{name}"),
                    key=f"calendar_{name}",
                    type="tertiary",
                    icon=":material/chevron_left:" if step > 0 else ":material/chevron_right:",
                    disabled=not 0 <= back + step <= (newest - span[0]) // HALF,
                    on_click=_turn,
                    args=(back + step,),
                )

    chart = insights_charts.calendar(table, which, newest - back * (HALF + DAY))
    return insights_charts.draw(chart, controls)


def _turn(back: int) -> None:
    st.session_state[_BACK] = back


def _draw_or_say(chart: Chart | None, which: stats.DateField) -> Asked | None:
    if chart is not None:
        return insights_charts.draw(chart)
    st.info(t(f"insights.no_dates_{which}"), icon=":material/event_busy:")
    return None


def _follow(
    running: Container,
    me: Identity,
    who: list[Owner],
    zone: ZoneInfo,
    asked: Mapping[str, list[str]],
) -> None:
    """Go to the memories that were clicked; ask with which persona if there are several."""
    query = memory_query.read(asked)
    counts = {
        owner: running.store.count(owner, memory_table.wanted(running, owner, query, zone))
        for owner in who
    }
    found = [owner for owner, count in counts.items() if count]
    if len(found) == 1:
        st.switch_page(page_path("memories"), query_params=_address(found[0], asked))
    with st.container(border=True, key="which_persona"):
        st.markdown(t("insights.which_persona"))
        with st.container(horizontal=True):
            for owner in found:
                name = running.personas[owner.persona_id].text(me.language).name
                st.page_link(
                    page_path("memories"),
                    label=f"{plain(name)} · {counts[owner]}",
                    icon=":material/arrow_forward:",
                    query_params=_address(owner, asked),
                )


def _address(owner: Owner, asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {"user": [owner.user_id], "persona": [owner.persona_id], **asked}
