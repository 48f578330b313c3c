"""Plotly figures of counts by category, date and subject; no words, no data access."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from components.chart_look import (
    BAR_MS,
    PART_COLOURS,
    Mode,
    Series,
    base_figure,
    category_colour,
    named_rows,
    on_dates,
    weekday_cells,
)


def category_bars(table: pd.DataFrame, names: Sequence[str], theme: Mode) -> go.Figure:
    """Horizontal bars, largest on top, the number at each bar's end."""
    bars = go.Bar(
        x=table["count"],
        y=list(names),
        orientation="h",
        text=table["count"],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [category_colour(c, theme) for c in table["category"]]},
        customdata=table["category"],
        hovertemplate="%{y}: %{x}<extra></extra>",
    )
    figure = base_figure([bars], theme, height=56 + 30 * max(len(table), 1))
    named_rows(figure)
    figure.update_layout(margin={"r": 40}, bargap=0.28, showlegend=False)
    return figure


def part_bars(
    table: pd.DataFrame, key: str, names: Sequence[str], parts: Sequence[Series], theme: Mode
) -> go.Figure:
    """Two horizontal bars, each stacked from ``parts``; for user/AI and constant/temporal."""
    bars = [
        go.Bar(
            x=table[part.column],
            y=list(names),
            name=part.name,
            orientation="h",
            text=[value or "" for value in table[part.column]],
            textangle=0,
            insidetextanchor="middle",
            textfont={"color": "#FFFFFF" if theme == "light" else "#1C1A19"},
            marker={"color": PART_COLOURS[theme][part.column]},
            customdata=[[value, part.column] for value in table[key]],
            hovertemplate=f"%{{y}}, {part.name}: %{{x}}<extra></extra>",
        )
        for part in parts
    ]
    figure = base_figure(bars, theme, height=190)
    named_rows(figure)
    figure.update_layout(barmode="stack", bargap=0.35)
    return figure


def date_bars(
    table: pd.DataFrame,
    unit: str,
    parts: Sequence[Series],
    months: str,
    theme: Mode,
    *,
    total: str = "count",
    hover: str = "%{customdata[0]}",
    height: int = 300,
) -> go.Figure:
    """Bars on a date axis, stacked from ``parts``; a gap in time is a gap on the axis.

    Args:
        table: ``start``, ``end``, a column for each part, and ``total``.
        unit: A key of ``BAR_MS``: how wide a bar is.
        parts: The column, name and colour of each part of a bar.
        months: How the axis names a month, in Plotly's format.
        theme: Light or dark.
        total: The column that holds the sum of the parts.
        hover: How a bar's date is shown beside its part and number.
        height: Of the figure, in pixels.
    """
    bars = [
        go.Bar(
            x=table["start"],
            y=table[part.column],
            name=part.name,
            width=BAR_MS[unit] * 0.86,
            offset=0,
            marker={"color": PART_COLOURS[theme][part.column]},
            customdata=[
                [str(start), str(end)]
                for start, end in zip(table["start"], table["end"], strict=True)
            ],
            hovertemplate=f"{hover}, {part.name}: %{{y}}<extra></extra>",
        )
        for part in parts
    ]
    return on_dates(bars, table[total], months, theme, height=height)


def growth_areas(
    table: pd.DataFrame, parts: Sequence[Series], months: str, theme: Mode
) -> go.Figure:
    """How many there were on each day, stacked from ``parts``."""
    areas = [
        go.Scatter(
            x=table["date"],
            y=table[part.column],
            name=part.name,
            # Only marks can be clicked, and a lone day would be an invisible line.
            mode="lines+markers",
            marker={"size": 9 if len(table) < 3 else 5},
            line={"shape": "hv", "width": 2, "color": PART_COLOURS[theme][part.column]},
            stackgroup="all",
            customdata=[[str(day), part.column] for day in table["date"]],
            hovertemplate=f"%{{x|%Y-%m-%d}}, {part.name}: %{{y}}<extra></extra>",
        )
        for part in parts
    ]
    return on_dates(areas, table["count"], months, theme, height=280)


def calendar_map(
    table: pd.DataFrame, weekdays: Sequence[str], month_name: Callable[[date], str], theme: Mode
) -> go.Figure:
    """A column a week, a row a weekday, stronger where there is more."""
    weeks = sorted(set(table["week"]))
    column = {week: place for place, week in enumerate(weeks)}
    hover = [
        [str(day), str(number)] for day, number in zip(table["date"], table["count"], strict=True)
    ]
    figure = weekday_cells(
        table, [column[week] for week in table["week"]], hover, weekdays, theme, height=230
    )
    figure.data[0].hovertemplate = "%{customdata[0]}: %{customdata[1]}<extra></extra>"
    ticks = _month_ticks(weeks, month_name)
    figure.update_xaxes(
        tickvals=list(ticks),
        ticktext=list(ticks.values()),
        range=[-0.5, len(weeks) - 0.5],
    )
    return figure


def _month_ticks(weeks: Sequence[date], month_name: Callable[[date], str]) -> dict[int, str]:
    """The first whole week of each month and how the month is called."""
    ticks: dict[int, str] = {}
    for place, week in enumerate(weeks):
        if week.day <= 7:
            ticks[place] = month_name(week)
    return ticks
