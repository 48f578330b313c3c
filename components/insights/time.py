"""Time view: what changes over time, and when people talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components.insights import charts as insights_charts
from components.insights import data as insights_data
from components.insights import flow_charts
from components.insights.charts import Asked
from components.insights.overview import date_choice, draw_or_say
from components.text import t
from memory.container import Container
from memory.types import Owner


def show(
    running: Container, who: Sequence[Owner], table: pd.DataFrame, zone: ZoneInfo, today: date
) -> Asked | None:
    """Categories over time, mood over time, busiest hours; where a click wants to go."""
    which, unit, period = date_choice("time", "stored", "all")
    chart = flow_charts.category_flow(table, which, unit, period, today)
    if chart is None:
        asked = draw_or_say(None, which)
    else:
        asked = insights_charts.draw(chart, lambda: flow_charts.category_legend(chart.data))
    since = insights_data.beginning(period, today, zone)
    left, right = st.columns(2)
    with left:
        moods = flow_charts.moods(running.db.aggregates.moods(who, since=since), zone, unit)
        if moods is None:
            st.info(t("insights.no_moods"), icon=":material/mood:")
        else:
            asked = insights_charts.draw(moods) or asked
    with right:
        hours = flow_charts.hours(running.db.aggregates.messages_by_slot(who, since=since), zone)
        if hours is None:
            st.info(t("insights.no_messages"), icon=":material/chat_bubble:")
        else:
            asked = insights_charts.draw(hours) or asked
    return asked
