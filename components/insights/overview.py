"""Overview: three numbers, categories, subjects, kinds, dates, growth, a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from components.insights import charts as insights_charts
from components.insights.charts import HALF, Asked, Chart
from components.text import t, word
from memory.memories import stats

DAY = timedelta(days=1)
_BACK = "insights_back"


def show(table: pd.DataFrame, today: date) -> Asked | None:
    """Draw everything; where the reader clicked, if anywhere."""
    _numbers(table, today)
    left, right = st.columns(2)
    with left:
        asked = [insights_charts.draw(insights_charts.categories(table))]
    with right:
        asked.append(insights_charts.draw(insights_charts.subjects(table)))
        asked.append(insights_charts.draw(insights_charts.kinds(table)))
    which, unit, period = date_choice("insights", "event", "year")
    chart = insights_charts.dates(table, which, unit, period, today)
    asked.append(draw_or_say(chart, which))
    left, right = st.columns(2)
    with left:
        asked.append(insights_charts.draw(insights_charts.growth(table)))
    with right:
        asked.append(_calendar(table, which, today))
    return next((place for place in asked if place), None)


def date_choice(
    key: str,
    which_first: stats.DateField,
    period_first: str,
) -> tuple[stats.DateField, stats.Unit, str]:
    """By which date, in which unit, how far back."""
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_date_choice"):
        which: stats.DateField = st.segmented_control(
            t("insights.which"),
            stats.DATE_FIELDS,
            default=which_first,
            required=True,
            format_func=lambda value: word("date_field", value),
            key=f"{key}_which",
        )
        unit: stats.Unit = st.segmented_control(
            t("insights.unit"),
            stats.UNITS,
            default="week",
            required=True,
            format_func=lambda value: word("unit", value),
            key=f"{key}_unit",
        )
        period: str = st.segmented_control(
            t("insights.period"),
            list(insights_charts.PERIODS),
            default=period_first,
            required=True,
            format_func=lambda value: word("period", value),
            key=f"{key}_period",
        )
    return which, unit, period


def draw_or_say(chart: Chart | None, which: stats.DateField) -> Asked | None:
    """The chart, or one sentence that it has nothing to show."""
    if chart is not None:
        return insights_charts.draw(chart)
    st.info(t(f"insights.no_dates_{which}"), icon=":material/event_busy:")
    return None


def _numbers(table: pd.DataFrame, today: date) -> None:
    totals = stats.totals(table, today)
    with st.container(key="insights_numbers"):
        memories, sides, new = st.columns(3, wrap=False)
        memories.metric(t("insights.total"), f"{totals.memories:,}", border=True)
        both = f"{totals.about_user:,} : {totals.about_ai:,}"
        sides.metric(t("insights.sides"), both, border=True)
        new.metric(t("insights.last_week"), f"{totals.last_week:,}", border=True)


def _calendar(table: pd.DataFrame, which: stats.DateField, today: date) -> Asked | None:
    """Half a year at a time, at first the one that ends with what is planned or new."""
    span = stats.span(table, which)
    if span is None:
        return draw_or_say(None, which)
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
