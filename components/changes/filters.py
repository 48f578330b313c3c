"""Filter bar of the change history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.text import t, word
from memory.db import ChangeFilter
from memory.types import DEFAULT_CATEGORIES, Actor, ChangeAction, Kind, Owner, Subject

# Days outside of these are typing mistakes, and not every database takes them.
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose changes, and which of them."""

    who: Owner | str
    filter: ChangeFilter = field(default_factory=ChangeFilter)


def bar(me: Identity, zone: ZoneInfo) -> Chosen:
    """One row: search, whose, and the rest behind a button."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="changes_filters"):
        text = st.text_input(
            t("changes.search"),
            placeholder=t("changes.search"),
            icon=":material/search:",
            label_visibility="collapsed",
            key="changes_text",
        )
        with st.popover(t("memories.filters"), icon=":material/filter_list:"):
            everybody = st.segmented_control(
                t("changes.scope"),
                [False, True],
                default=False,
                required=True,
                format_func=lambda every: _scope(me, every=every),
                key="changes_everybody",
            )
            actions = st.multiselect(
                t("changes.action"),
                [action.value for action in ChangeAction],
                format_func=lambda value: word("action", value),
                placeholder=t("changes.any"),
                key="changes_action",
            )
            actors = st.multiselect(
                t("changes.actor"),
                [actor.value for actor in Actor],
                format_func=lambda value: word("actor", value),
                placeholder=t("changes.any"),
                key="changes_actor",
            )
            subject = _one_of("subject", [s.value for s in Subject])
            kind = _one_of("kind", [k.value for k in Kind])
            category = _one_of("category", list(DEFAULT_CATEGORIES))
            left, right = st.columns(2)
            first = left.date_input(
                t("changes.day_from"),
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
                key="changes_from",
            )
            last = right.date_input(
                t("changes.day_to"),
                value=None,
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                format="YYYY-MM-DD",
                key="changes_to",
            )
    return Chosen(
        who=me.user.id if everybody else me.owner,
        filter=ChangeFilter(
            actions=tuple(ChangeAction(value) for value in actions),
            actors=tuple(Actor(value) for value in actors),
            text=text.strip(),
            subject=subject,
            kind=kind,
            category=category,
            since=_midnight(first, zone),
            until=_midnight(last + timedelta(days=1) if last else None, zone),
        ),
    )


def _scope(me: Identity, *, every: bool) -> str:
    if every:
        return t("changes.everybody")
    return t("changes.only_persona", persona=plain(me.persona_name))


def _one_of(name: str, values: list[str]) -> str | None:
    chosen: str | None = st.selectbox(
        t(f"memories.{name}"),
        values,
        index=None,
        placeholder=t("changes.any"),
        format_func=lambda value: word(name, value),
        key=f"changes_{name}",
    )
    return chosen


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=zone)
