"""Chart theme, light and dark: colours, axes, cells; no words, no data access.

Colours mean something only here. The eleven category colours were searched for:
at least 3:1 against the background, and as far apart as possible in OKLab for
normal sight and for full protanopia, deuteranopia and tritanopia (Machado et al.
2009). The dark set is the same hues, lighter, so a category keeps its colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from components import runtime
from memory.types import DEFAULT_CATEGORIES

Mode = Literal["light", "dark"]

_CATEGORY_COLOURS: Mapping[Mode, tuple[str, ...]] = {
    "light": (
        *("#165AA2", "#AA4665", "#AB7100", "#6C9061", "#2A2E6D", "#845C18"),
        *("#594472", "#3795B3", "#6969A2", "#842C34", "#4D2835"),
    ),
    "dark": (
        *("#5A94D9", "#E5849E", "#E4AD61", "#A8CB9E", "#5C65A2", "#BC955E"),
        *("#8F7BA9", "#81D0ED", "#A2A3DB", "#BD686B", "#835D68"),
    ),
}
# fmt: off
PART_COLOURS: Mapping[Mode, Mapping[str, str]] = {
    "light": {
        "user": "#B4472F", "ai": "#2F6F8F", "constant": "#5F5A78", "temporal": "#9A6F00",
        "used": "#B4472F", "without": "#8A7C70", "never": "#8A7C70",
        "left": "#B4472F", "right": "#2F6F8F",
    },
    "dark": {
        "user": "#E9967A", "ai": "#6FB3D2", "constant": "#A9A3C7", "temporal": "#E0B040",
        "used": "#E9967A", "without": "#8F847B", "never": "#8F847B",
        "left": "#E9967A", "right": "#6FB3D2",
    },
}
# fmt: on
TEXT: Mapping[Mode, str] = {"light": "#2B2522", "dark": "#EDE6DE"}
QUIET: Mapping[Mode, str] = {"light": "#6B5E55", "dark": "#A89C92"}
GRID: Mapping[Mode, str] = {"light": "#E3D9CC", "dark": "#3A3532"}
# Empty days stay visible; the rest climbs to the accent colour.
_HEAT: Mapping[Mode, tuple[str, ...]] = {
    "light": ("#EDE4D8", "#E9C4B3", "#D98E74", "#B4472F", "#7A2A1A"),
    "dark": ("#2C2826", "#5B3A30", "#94553F", "#E9967A", "#FBD3C4"),
}
_FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif"
)
_DAY_MS = 24 * 60 * 60 * 1000
BAR_MS: Mapping[str, int] = {"day": _DAY_MS, "week": 7 * _DAY_MS, "month": 28 * _DAY_MS}


@dataclass(frozen=True, slots=True)
class Series:
    """One coloured part of a stacked chart: a column of the table and its name."""

    column: str
    name: str


def mode() -> Mode:
    """Whether the browser shows the dark theme."""
    return "dark" if st.context.theme.type == "dark" else "light"


def category_colour(category: str, theme: Mode) -> str:
    """The one colour of a category; one of one's own without a colour has the last one."""
    colours = _CATEGORY_COLOURS[theme]
    if category in DEFAULT_CATEGORIES:
        return colours[DEFAULT_CATEGORIES.index(category)]
    own = runtime.container().db.extraction_settings.of().categories
    return next((c.colour for c in own if c.name == category and c.colour), colours[-1])


def base_figure(traces: Sequence[Any], theme: Mode, *, height: int) -> go.Figure:
    """A figure in the project's look: paper behind it, fixed axes, quiet ticks."""
    # Fixed axes: a finger on a chart scrolls the page, it doesn't move the chart.
    axis = {"gridcolor": GRID[theme], "zeroline": False, "fixedrange": True}
    # All at once: each update of a figure checks it again, which takes ten times as long.
    return go.Figure(
        list(traces),
        {
            "height": height,
            "margin": {"l": 0, "r": 8, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": _FONT, "size": 14, "color": TEXT[theme]},
            "legend": {
                "orientation": "h",
                "yanchor": "bottom",
                "y": 1.02,
                "x": 0,
                "traceorder": "normal",
                # Clicking must not hide half of the truth.
                "itemclick": False,
                "itemdoubleclick": False,
                "font": {"color": TEXT[theme], "size": 14},
            },
            "dragmode": False,
            "clickmode": "event+select",
            "hoverlabel": {"font": {"family": _FONT}},
            "barcornerradius": 3,
            "xaxis": {**axis, "tickfont": {"color": QUIET[theme], "size": 13}},
            "yaxis": {
                **axis,
                "automargin": True,
                "tickfont": {"color": TEXT[theme], "size": 13},
            },
        },
    )


def on_dates(
    traces: Sequence[Any], counts: pd.Series, months: str, theme: Mode, *, height: int
) -> go.Figure:
    """Traces on a date axis, stacked; ``counts`` are the heights of the stacks."""
    figure = base_figure(traces, theme, height=height)
    figure.update_layout(barmode="stack")
    date_axis(figure, months)
    highest = int(counts.max()) if len(counts) else 0
    figure.update_yaxes(rangemode="tozero", tickformat="d", nticks=min(highest + 1, 6))
    return figure


def named_rows(figure: go.Figure) -> None:
    """Horizontal bars under each other, the first on top, without a scale."""
    figure.update_yaxes(autorange="reversed", ticksuffix="  ", showgrid=False)
    figure.update_xaxes(visible=False)


def weekday_cells(
    table: pd.DataFrame,
    columns: Sequence[int],
    told: Sequence[Sequence[str]],
    weekdays: Sequence[str],
    theme: Mode,
    *,
    height: int,
) -> go.Figure:
    """A cell for each row of the table, below each other by weekday, stronger by count.

    Drawn from bars, not as a heat map: plotly reports clicks on bars only.

    Args:
        table: Columns ``weekday`` (0 is Monday) and ``count``.
        columns: In which column each cell stands.
        told: What the cell's hover text and a click on it know.
        weekdays: Their names.
        theme: Light or dark.
        height: In pixels.
    """
    highest = max(int(table["count"].max()) if len(table) else 1, 1)
    cells = go.Bar(
        x=list(columns),
        y=[0.86] * len(table),
        base=[weekday + 0.07 for weekday in table["weekday"]],
        width=0.86,
        marker={
            "color": table["count"],
            "cmin": 0,
            "cmax": highest,
            "colorscale": _heat_scale(theme, highest),
        },
        customdata=[list(row) for row in told],
        showlegend=False,
    )
    figure = base_figure([cells], theme, height=height)
    figure.update_yaxes(
        range=[7, 0],
        tickvals=[number + 0.5 for number in range(7)],
        ticktext=list(weekdays),
        showgrid=False,
    )
    figure.update_xaxes(showgrid=False, side="top", tickangle=0)
    figure.update_layout(barcornerradius=2, margin={"t": 24})
    return figure


def date_axis(figure: go.Figure, months: str) -> None:
    """``months`` is how the axis writes a month, as a d3 format ("%-m月<br>%Y")."""
    figure.update_xaxes(
        type="date",
        showgrid=False,
        nticks=5,
        tickangle=0,
        tickformatstops=[
            {"dtickrange": [None, _DAY_MS * 27], "value": "%m-%d<br>%Y"},
            {"dtickrange": [_DAY_MS * 27, "M11"], "value": months},
            {"dtickrange": ["M12", None], "value": "%Y"},
        ],
    )


def _heat_scale(theme: Mode, highest: int) -> list[list[float | str]]:
    """Zero has its own colour; the least that isn't zero is already clearly something."""
    empty, *steps = _HEAT[theme]
    edge = 0.5 / highest
    scale: list[list[float | str]] = [[0.0, empty], [edge, empty]]
    for place, colour in enumerate(steps):
        scale.append([edge + (1 - edge) * place / (len(steps) - 1), colour])
    return scale
