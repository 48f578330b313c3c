"""Insights charts of time, use and comparison: one sentence each, the figure, its CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components import chart_look, charts, charts_flow
from components.chart_look import Series
from components.insights.charts import (
    Asked,
    Chart,
    custom,
    days,
    percent,
    said_between,
    said_link,
    since,
    when,
)
from components.text import t, word
from memory.db import MoodPoint, Slot
from memory.db.aggregates import SLOT_SECONDS
from memory.memories import stats
from memory.types import DEFAULT_CATEGORIES, MOOD_MOST

MOODS = range(-MOOD_MOST, MOOD_MOST + 1)


def category_flow(
    table: pd.DataFrame, which: stats.DateField, unit: stats.Unit, period: str, today: date
) -> Chart | None:
    """Categories over time; None if that period holds nothing."""
    data = stats.categories_over_time(table, which, unit, DEFAULT_CATEGORIES, since(period, today))
    if data.empty:
        return None
    names = {c: word("category", c) for c in data.columns if c not in ("start", "end", "count")}
    top = max(names, key=lambda category: int(data[category].to_numpy().sum()))
    peak = data.iloc[int(data[top].to_numpy().argmax())]
    says = t(
        "insights.category_flow_says",
        name=names[top],
        total=int(data[top].to_numpy().sum()),
        when=when(peak["start"], unit),
        count=int(peak[top]),
    )
    figure = charts_flow.category_stacks(
        data, unit, names, t("insights.axis_month"), chart_look.mode()
    )

    def link(point: Mapping[str, Any]) -> Asked | None:
        found = custom(point)
        return {**days(which, found[0], found[1]), "category": [found[2]]} if found else None

    return Chart("category_flow", says, figure, data, link)


def category_legend(data: pd.DataFrame) -> None:
    """The colours and names of the categories in a chart, in rows that fit any width."""
    theme = chart_look.mode()
    entries = [
        f'<span class="legend"><i style="background:{chart_look.category_colour(c, theme)}">'
        f"</i>{escape(word('category', c))}</span>"
        for c in data.columns
        if c not in ("start", "end", "count")
    ]
    st.html(f'<div class="legends">{"".join(entries)}</div>')


def moods(points: Sequence[MoodPoint], zone: ZoneInfo, unit: stats.Unit) -> Chart | None:
    """The user's mood over time; None where nothing was felt."""
    data = stats.moods_over_time(points, zone, unit)
    if data.empty:
        return None
    mean = sum(point.mood.score for point in points) / len(points)
    low = data.iloc[int(data["score"].to_numpy().argmin())]
    high = data.iloc[int(data["score"].to_numpy().argmax())]
    says = t(
        "insights.mood_says",
        count=len(points),
        level=word("mood", str(round(mean))),
        high=when(high["start"], unit),
        low=when(low["start"], unit),
    )
    levels = [word("mood", str(level)) for level in MOODS]
    figure = charts_flow.mood_line(data, levels, t("insights.axis_month"), chart_look.mode())
    return Chart("mood", says, figure, data, partial(_days_said, zone=zone))


def hours(slots: Sequence[Slot], zone: ZoneInfo) -> Chart | None:
    """When the user writes, by weekday and hour; None before the first message."""
    data = stats.by_hour(slots, zone)
    most = stats.busiest(data)
    if most is None:
        return None
    says = t(
        "insights.hours_says",
        total=int(data["count"].sum()),
        weekday=word("weekday_long", str(most.weekday + 1)),
        hour=f"{most.hour}:00",
    )
    weekdays = [word("weekday", str(number)) for number in range(1, 8)]
    figure = charts_flow.hour_map(data, weekdays, chart_look.mode())
    newest: dict[tuple[str, str], datetime] = {}
    for slot in slots:
        local = slot.start.astimezone(zone)
        place = (weekdays[local.weekday()], f"{local.hour}:00")
        newest[place] = max(slot.start, newest.get(place, slot.start))

    def link(point: Mapping[str, Any]) -> Asked | None:
        found = custom(point)
        last = newest.get((found[0], found[1])) if found else None
        return said_between(last, last + timedelta(seconds=SLOT_SECONDS)) if last else None

    return Chart("hours", says, figure, data, link)


def _days_said(point: Mapping[str, Any], zone: ZoneInfo) -> Asked | None:
    found = custom(point)
    if not found:
        return None
    return said_link(date.fromisoformat(found[0]), date.fromisoformat(found[1]), zone)


def replies(slots: Sequence[Slot], zone: ZoneInfo, unit: stats.Unit) -> Chart | None:
    """How many replies used memory at all; None before the first reply."""
    data = stats.replies_over_time(slots, zone, unit)
    if data.empty:
        return None
    total, used = int(data["replies"].sum()), int(data["used"].sum())
    says = t("insights.replies_says", total=total, used=used, share=percent(used, total))
    parts = [Series(name, word("reply_use", name)) for name in ("used", "without")]
    figure = charts.date_bars(
        data,
        unit,
        parts,
        t("insights.axis_month"),
        chart_look.mode(),
        total="replies",
        hover="%{x|%Y-%m-%d}",
        height=280,
    )
    return Chart("replies", says, figure, data, partial(_days_said, zone=zone))


def speakers(data: pd.DataFrame, whose: str) -> Chart | None:
    """User and AI by category: whom memories are about, or out of whose words they came."""
    if data.empty:
        return None
    user, ai = int(data["user"].sum()), int(data["ai"].sum())
    leader = data.iloc[int(data["ai"].to_numpy().argmax())]
    says = t(f"insights.speakers_says_{whose}", user=user, ai=ai)
    if int(leader["ai"]):
        says += " " + t("insights.speakers_ai_top", name=word("category", leader["category"]))
    names = [word("category", value) for value in data["category"]]
    parts = [Series(subject, word("subject", subject)) for subject in ("user", "ai")]
    figure = charts_flow.split_bars(data, names, parts, chart_look.mode())

    def link(point: Mapping[str, Any]) -> Asked | None:
        found = custom(point)
        if not found:
            return None
        asked = {"category": [found[0]]}
        return asked | {"subject": [found[1]]} if whose == "about" else asked

    return Chart("speakers", says, figure, data, link)


def used_categories(used: pd.DataFrame) -> Chart | None:
    """Used and never used memories by category."""
    data = stats.used_by_category(used, DEFAULT_CATEGORIES)
    if data.empty:
        return None
    never = int(data["never"].sum())
    says = t("insights.used_says", used=int(data["used"].sum()), never=never)
    names = [word("category", value) for value in data["category"]]
    parts = [Series(name, word("memory_use", name)) for name in ("used", "never")]
    figure = charts_flow.split_bars(data, names, parts, chart_look.mode())

    def link(point: Mapping[str, Any]) -> Asked | None:
        found = custom(point)
        return {"category": [found[0]]} if found else None

    return Chart("used", says, figure, data, link)


def compared(left: pd.DataFrame, right: pd.DataFrame, names: tuple[str, str]) -> Chart | None:
    """Two sides' categories as shares of their own; None where both are empty."""
    data = stats.compare(left, right, DEFAULT_CATEGORIES)
    if data.empty:
        return None
    gap = stats.largest_gap(data)
    says = t("insights.compare_same")
    if gap is not None:
        category, side, share = gap
        says = t(
            "insights.compare_says",
            name=word("category", category),
            side=names[0] if side == "left" else names[1],
            points=round(100 * share),
        )
    # In a figure "<a href=…>" would become a link.
    labels = [escape(word("category", value)) for value in data["category"]]
    left_name, right_name = (escape(name) for name in names)
    figure = charts_flow.pair_bars(data, labels, left_name, right_name, chart_look.mode())

    def link(point: Mapping[str, Any]) -> Asked | None:
        found = custom(point)
        return {"category": [found[0]], "side": [found[1]]} if found else None

    return Chart("compare", says, figure, data, link)
