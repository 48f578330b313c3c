"""Insights charts of the overview: each with one sentence, the figure and its CSV.

A click on a bar leads to the memories behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components import chart_look, charts
from components.chart_look import Series
from components.download import download
from components.markdown_escape import plain
from components.text import t, word
from memory.memories import stats
from memory.transfer.export import rows_to_csv
from memory.types import DEFAULT_CATEGORIES

Asked = dict[str, list[str]]
"""Query parameters of the memories page; or :data:`SAID`, a time in which something was said."""

SAID = ("said_from", "said_to")
"""ISO times: from, and until before."""

PERIODS: Mapping[str, int | None] = {"quarter": 90, "year": 365, "all": None}
# The bar with the picture button is unseen: our own buttons press it.
_CONFIG = {
    "displayModeBar": True,
    "modeBarButtons": [["toImage"]],
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
}
HALF = timedelta(days=26 * 7 - 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart ready to draw; ``link`` turns a clicked point into a link."""

    name: str
    says: str
    figure: go.Figure
    data: pd.DataFrame
    link: Callable[[Mapping[str, Any]], Asked | None]


def draw(chart: Chart, controls: Callable[[], None] | None = None) -> Asked | None:
    """Put the chart on the page; returns where a click wants to go.

    ``controls`` draws what belongs to this chart alone, below its sentence.
    """
    with st.container(border=True, height="stretch", gap="xsmall", key=f"chart_{chart.name}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{t(f'insights.{chart.name}')}**", width="stretch")
            _pictures(chart.name)
            rows = chart.data.itertuples(index=False)
            csv(chart.name, list(chart.data.columns), rows, help=t("insights.csv_help"))
        st.caption(plain(chart.says))
        if controls is not None:
            controls()
        event = st.plotly_chart(
            chart.figure,
            height="stretch",
            key=f"plot_{chart.name}",
            on_select="rerun",
            selection_mode="points",
            config=_CONFIG,
            alt=chart.says,
        )
    points = event.selection.points
    return chart.link(points[0]) if points else None


def csv(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], help: str | None = None
) -> None:
    """A quiet button that saves a table."""
    table, file = rows_to_csv(columns, rows), f"niannian-{name}.csv"
    download(t("insights.csv"), table, file, "text/csv", key=f"csv_{name}", quiet=True, help=help)


def _pictures(name: str) -> None:
    """Two quiet buttons; the page's script has the browser draw the picture."""
    title = t(f"insights.{name}")
    buttons = [
        f'<button type="button" data-chart="{name}" data-format="{kind}" '
        f'aria-label="{escape(t("insights.picture", kind=kind.upper(), name=title))}">'
        f"{kind.upper()}</button>"
        for kind in ("png", "svg")
    ]
    st.html(f'<span class="pictures">{"".join(buttons)}</span>', width="content")


def categories(table: pd.DataFrame) -> Chart:
    """How the memories spread over the categories."""
    data = stats.by_category(table, DEFAULT_CATEGORIES)
    names = [word("category", value) for value in data["category"]]
    says = t(
        "insights.category_says",
        count=len(data),
        name=names[0],
        share=percent(data["count"].iloc[0], len(table)),
    )
    figure = charts.category_bars(data, names, chart_look.mode())
    return Chart("category", says, figure, data, category_link)


def subjects(table: pd.DataFrame) -> Chart:
    """About the user and about the persona."""
    data = stats.by_subject(table)
    user, ai = data["count"]
    says = t("insights.subject_says", user=user, ai=ai)
    parts = [Series(kind, word("kind", kind)) for kind in ("constant", "temporal")]
    names = [word("subject", value) for value in data["subject"]]
    figure = charts.part_bars(data, "subject", names, parts, chart_look.mode())
    return Chart("subject", says, figure, data, lambda point: pair_link(point, "subject", "kind"))


def kinds(table: pd.DataFrame) -> Chart:
    """Constant and temporal."""
    data = stats.by_kind(table)
    constant, temporal = data["count"]
    says = t("insights.kind_says", constant=constant, temporal=temporal)
    names = [word("kind", value) for value in data["kind"]]
    figure = charts.part_bars(data, "kind", names, _subjects(), chart_look.mode())
    return Chart("kind", says, figure, data, lambda point: pair_link(point, "kind", "subject"))


def dates(
    table: pd.DataFrame, which: stats.DateField, unit: stats.Unit, period: str, today: date
) -> Chart | None:
    """When it happened, or when it was stored; None if that period holds nothing."""
    data = stats.by_date(table, which, unit, since(period, today))
    if data.empty:
        return None
    top = data.iloc[int(data["count"].to_numpy().argmax())]
    says = t(
        f"insights.date_says_{which}",
        total=int(data["count"].sum()),
        when=when(top["start"], unit),
        count=int(top["count"]),
    )
    if missing := stats.left_out(table, which, unit):
        says += " " + t("insights.left_out", count=missing)
    figure = charts.date_bars(data, unit, _subjects(), t("insights.axis_month"), chart_look.mode())
    return Chart("date", says, figure, data, lambda point: date_link(point, which))


def growth(table: pd.DataFrame) -> Chart:
    """How many there were at each time."""
    data = stats.growth(table)
    says = t("insights.growth_says", start=data["date"].iloc[0], count=int(data["count"].iloc[-1]))
    figure = charts.growth_areas(data, _subjects(), t("insights.axis_month"), chart_look.mode())
    return Chart("growth", says, figure, data, _growth_link)


def calendar(table: pd.DataFrame, which: stats.DateField, last: date) -> Chart:
    """Half a year as a calendar, ending with the week of ``last``."""
    last += timedelta(days=6 - last.weekday())
    first = last - HALF
    data = stats.calendar(table, which, first, last)
    busy = int((data["count"] > 0).sum())
    says = t(f"insights.calendar_says_{which}", first=first, last=last, count=busy)
    weekdays = [word("weekday", str(number)) for number in range(1, 8)]
    figure = charts.calendar_map(data, weekdays, _month_name, chart_look.mode())
    return Chart("calendar", says, figure, data, lambda point: _day_link(point, which))


def _subjects() -> list[Series]:
    return [Series(subject, word("subject", subject)) for subject in ("user", "ai")]


def _month_name(day: date) -> str:
    return word("month_short", str(day.month))


def since(period: str, today: date) -> date | None:
    """The first day of one of :data:`PERIODS`."""
    length = PERIODS[period]
    return None if length is None else today - timedelta(days=length)


def when(start: date, unit: stats.Unit) -> str:
    """A unit of time as a sentence names it."""
    if unit == "month":
        return t("memories.month", year=start.year, month=word("month", str(start.month)))
    return t(f"insights.when_{unit}", date=start.isoformat())


def percent(part: int, whole: int) -> str:
    """A share in whole percent."""
    return f"{round(100 * part / whole)}%"


def category_link(point: Mapping[str, Any]) -> Asked | None:
    """The memories of the category that was clicked."""
    category = custom(point)
    return {"category": [category[0]]} if category else None


def pair_link(point: Mapping[str, Any], row: str, part: str) -> Asked | None:
    """The memories of the part of a row that was clicked."""
    found = custom(point)
    return {row: [found[0]], part: [found[1]]} if len(found) == 2 else None


def date_link(point: Mapping[str, Any], which: stats.DateField) -> Asked | None:
    """The memories of the days that were clicked."""
    found = custom(point)
    return days(which, found[0], found[1]) if found else None


def _growth_link(point: Mapping[str, Any]) -> Asked | None:
    """All that was known of one side by the day that was clicked."""
    found = custom(point)
    return {"subject": [found[1]], "stored_to": [found[0]]} if found else None


def said_link(first: date, last: date, zone: ZoneInfo) -> Asked:
    """What leads to the last thing that was said on some days."""
    start = datetime.combine(first, time.min, tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
    return said_between(start, end)


def said_between(start: datetime, end: datetime) -> Asked:
    """What leads to the last thing that was said in a time."""
    return dict(zip(SAID, ([start.isoformat()], [end.isoformat()]), strict=True))


def _day_link(point: Mapping[str, Any], which: stats.DateField) -> Asked | None:
    found = custom(point)
    return days(which, found[0], found[0]) if found else None


def days(which: stats.DateField, first: str, last: str) -> Asked:
    """What leads to the memories of some days."""
    asked = {f"{which}_from": [first], f"{which}_to": [last]}
    return asked | {"within": ["yes"]} if which == "event" else asked


def custom(point: Mapping[str, Any]) -> list[str]:
    """What the figure attached to the clicked point, as strings."""
    given = point.get("customdata")
    if given is None:
        return []
    if isinstance(given, str):
        return [given]
    values = given.values() if isinstance(given, Mapping) else given
    return [str(value) for value in values]
