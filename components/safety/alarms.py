"""Alarm counts for designers: by day, kind and region, without text and without ids."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from components import row_cards
from components.page_script import narrow
from components.row_cards import RowCard
from components.text import t, word
from memory.container import Container

DAYS = (7, 30, 90, 365)


def table(running: Container) -> None:
    """The figures of the chosen time."""
    st.header(t("safety.alarms"), anchor=False)
    st.markdown(t("safety.alarms_text"))
    days = st.segmented_control(
        t("safety.alarms_days"),
        DAYS,
        default=30,
        format_func=lambda value: t("safety.days", count=value),
        key="alarm_days",
        label_visibility="collapsed",
    )
    since = running.clock().date() - timedelta(days=(days or 30) - 1)
    found = running.db.operators.alarm_counts(since)
    if not found:
        st.caption(t("safety.no_alarms"))
        return
    rows = [
        (
            one.day,
            word("alarm", one.kind),
            word("region", one.region) if one.region else t("safety.no_region"),
            one.number,
        )
        for one in found[::-1]
    ]
    columns = [t(f"safety.{name}") for name in ("day", "kind", "region", "number")]
    if narrow():
        cards = [
            RowCard(f"{day} · {kind}", (("", region), (columns[-1], number)))
            for day, kind, region, number in rows
        ]
        row_cards.show(cards, "alarms")
    else:
        figures = pd.DataFrame(rows, columns=columns)
        st.dataframe(figures, hide_index=True, width="stretch", key="alarm_table")
    st.caption(t("safety.alarms_total", count=sum(one.number for one in found)))


__all__ = ["table"]
