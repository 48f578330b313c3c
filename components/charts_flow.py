"""Plotly figures of change over time, of use, and of two sides; no words, no data access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from components.chart_look import (
    BAR_MS,
    PART_COLOURS,
    QUIET,
    TEXT,
    Mode,
    Series,
    base_figure,
    category_colour,
    date_axis,
    named_rows,
    on_dates,
    weekday_cells,
)
from memory.types import MOOD_MOST

ROW_PX = 30
HOUR_STEP = 6
HEAD_PX = 56


def category_stacks(
    table: pd.DataFrame, unit: str, names: Mapping[str, str], months: str, theme: Mode
) -> go.Figure:
    """Bars on a date axis, stacked from categories; ``names`` are their columns and names."""
    days = [[str(start), str(end)] for start, end in zip(table["start"], table["end"], strict=True)]
    bars = [
        go.Bar(
            x=table["start"],
            y=table[category],
            name=name,
            width=BAR_MS[unit] * 0.86,
            offset=0,
            marker={
                "color": category_colour(category, theme),
                # Neighbours that look alike to somebody are still told apart.
                "line": {"width": 1, "color": "#FBF7F2" if theme == "light" else "#1C1A19"},
            },
            customdata=[[*day, category] for day in days],
            hovertemplate=f"%{{customdata[0]}}, {name}: %{{y}}<extra></extra>",
        )
        for category, name in names.items()
    ]
    figure = on_dates(bars, table["count"], months, theme, height=340)
    # Eleven names don't fit beside a phone's chart: the page writes them above it.
    figure.update_layout(showlegend=False)
    return figure


def hour_map(table: pd.DataFrame, weekdays: Sequence[str], theme: Mode) -> go.Figure:
    """A column an hour, a row a weekday, stronger where more was said."""
    told = [
        [weekdays[weekday], f"{hour}:00", str(count)]
        for weekday, hour, count in zip(
            table["weekday"], table["hour"], table["count"], strict=True
        )
    ]
    figure = weekday_cells(table, list(table["hour"]), told, weekdays, theme, height=250)
    figure.data[
        0
    ].hovertemplate = "%{customdata[0]} %{customdata[1]}: %{customdata[2]}<extra></extra>"
    figure.update_xaxes(
        tickvals=list(range(0, 24, HOUR_STEP)),
        ticktext=[f"{hour}:00" for hour in range(0, 24, HOUR_STEP)],
        range=[-0.5, 23.5],
    )
    return figure


def mood_line(table: pd.DataFrame, levels: Sequence[str], months: str, theme: Mode) -> go.Figure:
    """The mean mood of each unit from -2 to 2; ``levels`` names -2, -1, 0, 1, 2."""
    line = go.Scatter(
        x=table["start"],
        y=table["score"],
        mode="lines+markers",
        line={"width": 2, "color": PART_COLOURS[theme]["user"]},
        marker={"size": 9},
        customdata=[
            [str(start), str(end), word]
            for start, end, word in zip(table["start"], table["end"], table["word"], strict=True)
        ],
        hovertemplate="%{customdata[0]}: %{y} %{customdata[2]}<extra></extra>",
        showlegend=False,
    )
    figure = base_figure([line], theme, height=280)
    date_axis(figure, months)
    figure.update_yaxes(
        range=[-MOOD_MOST - 0.3, MOOD_MOST + 0.3],
        tickvals=list(range(-MOOD_MOST, MOOD_MOST + 1)),
        ticktext=[f"{level}  " for level in levels],
    )
    figure.add_hline(y=0, line={"width": 1, "dash": "dot", "color": QUIET[theme]})
    return figure


def split_bars(
    table: pd.DataFrame, names: Sequence[str], parts: Sequence[Series], theme: Mode
) -> go.Figure:
    """Horizontal bars, one a category, stacked from ``parts``."""
    bars = [
        go.Bar(
            x=table[part.column],
            y=list(names),
            name=part.name,
            orientation="h",
            marker={"color": PART_COLOURS[theme][part.column]},
            customdata=[[category, part.column] for category in table["category"]],
            hovertemplate=f"%{{y}}, {part.name}: %{{x}}<extra></extra>",
        )
        for part in parts
    ]
    figure = base_figure(bars, theme, height=HEAD_PX + 24 + ROW_PX * max(len(table), 1))
    figure.update_layout(barmode="stack", bargap=0.28)
    named_rows(figure)
    return figure


def pair_bars(
    table: pd.DataFrame, names: Sequence[str], left: str, right: str, theme: Mode
) -> go.Figure:
    """Two bars a category: the shares of either side's own memories."""
    bars = [
        go.Bar(
            x=table[f"{side}_share"],
            y=list(names),
            name=name,
            orientation="h",
            text=[f"{share:.0%}" if share else "" for share in table[f"{side}_share"]],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": TEXT[theme], "size": 12},
            marker={"color": PART_COLOURS[theme][side]},
            customdata=[
                [category, side, str(count)]
                for category, count in zip(table["category"], table[side], strict=True)
            ],
            hovertemplate=f"%{{y}}, {name}: %{{x:.0%}} (%{{customdata[2]}})<extra></extra>",
        )
        for side, name in (("left", left), ("right", right))
    ]
    figure = base_figure(bars, theme, height=HEAD_PX + 30 + 44 * max(len(table), 1))
    figure.update_layout(barmode="group", bargap=0.3, bargroupgap=0.08, margin={"r": 44})
    named_rows(figure)
    return figure
