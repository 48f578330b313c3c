"""Filter bar: one row above the table, kept in step with the URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from components import page_script
from components.markdown_escape import plain
from components.memories import query as memory_query
from components.memories.query import FIRST_DAY, LAST_DAY, PARAMS, SORTS, Query
from components.text import t, word
from memory.types import DEFAULT_CATEGORIES, OPINIONS, Kind, Status, Subject

_WRITTEN = "memories_written"
# What one reads from the beginning of the alphabet; of the rest one wants the most first.
_UPWARDS = frozenset({"text", "category", "subject", "kind"})
_PINNED = {"yes": True, "no": False}


def filter_bar(found: Mapping[str, int], apps: Mapping[str, int] | None) -> Query:
    """Search, order and filters; returns what they ask for.

    Args:
        found: How many memories each category has, for the category filter.
        apps: How many each program has; ``None``: nobody looks at what programs wrote, or they
            wrote nothing.
    """
    _seed()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("memories.search"),
            key=_key("text"),
            type="search",
            icon=":material/search:",
            placeholder=t("memories.search_hint"),
            label_visibility="collapsed",
            max_chars=400,
        )
        with st.container(width=190):
            _sort()
    opened = st.toggle(t("memories.filters"), key="filter_switch")
    with st.container(
        horizontal=True, gap="xsmall", key="filters_open" if opened else "filters_shut"
    ):
        _filters(found, apps)
    query = _query()
    _write(query)
    return query


def _sort() -> None:
    if (st.session_state[_key("text")] or "").strip():
        # What a search finds comes best first; another order would hide that.
        st.selectbox(
            t("memories.sort"),
            [t("memories.best_first")],
            label_visibility="collapsed",
            disabled=True,
            key="memories_sort_search",
        )
        return
    now = st.session_state[_key("sort")]
    st.selectbox(
        t("memories.sort"),
        SORTS if now in SORTS else (*SORTS, now),
        key=_key("sort"),
        format_func=lambda value: word("sort", value),
        label_visibility="collapsed",
        persist_state="page",
    )


def sort_by(field: str) -> None:
    """Order the whole list by a field; once more turns it round (a callback)."""
    now = st.session_state.get(_key("sort"))
    down = f"-{field}"
    first, second = (field, down) if field in _UPWARDS else (down, field)
    st.session_state[_key("sort")] = second if now == first else first


def clear() -> None:
    """Back to everything in force, newest first (a button's callback)."""
    _fill(Query())
    st.session_state[_key("text")] = ""
    page_script.focus_if_lost(_key("text"))


def _filters(found: Mapping[str, int], apps: Mapping[str, int] | None) -> None:
    state = _query()
    with _chip("subject", len(state.subject)):
        _pills("subject", [s.value for s in Subject])
    with _chip("kind", len(state.kind)):
        _pills("kind", [k.value for k in Kind])
    with _chip("category", len(state.category)):
        _pills("category", _categories(found, state.category), found)
    with _chip("event_date", _given(state.event_from, state.event_to)):
        _days("event_from", "event_to")
        st.checkbox(t("memories.within"), key=_key("within"), help=t("memories.within_help"))
    with _chip("created", _given(state.stored_from, state.stored_to)):
        _days("stored_from", "stored_to")
    with _chip("importance", int(state.importance > 1)):
        st.segmented_control(t("memories.importance_min"), range(2, 6), key=_key("importance"))
    with _chip("pinned", int(state.pinned is not None)):
        st.segmented_control(
            t("memories.pinned"),
            list(_PINNED),
            key=_key("pinned"),
            format_func=lambda value: word("pinned", value),
        )
    with _chip("safety", int(state.safety is not None)):
        st.segmented_control(
            t("memories.safety"),
            list(_PINNED),
            key=_key("safety"),
            format_func=lambda value: word("pinned", value),
        )
        st.caption(t("memories.safety_help"))
    with _chip("feedback", len(state.feedback)):
        _pills("feedback", OPINIONS)
    with _chip("status", len(state.status)):
        _pills("status", [s.value for s in Status])
        st.caption(t("memories.status_help"))
    limiting = len(state.app) + bool(state.run) + bool(state.metadata)
    # What an old address limits can be taken back, too.
    if apps is not None or limiting:
        with _chip("for_programs", limiting):
            _programs(apps or {}, state.app)
    if state.limits:
        st.button(
            t("memories.clear_filters"),
            key="clear_filters",
            icon=":material/filter_alt_off:",
            type="tertiary",
            on_click=clear,
        )


@contextmanager
def _chip(name: str, active: int) -> Iterator[None]:
    """A small button that opens one filter and says whether it limits anything."""
    label = t(f"memories.{name}")
    with st.popover(
        f"**{label} · {active}**" if active else label, key=f"filter_{name}", wrap=False
    ):
        yield


def _pills(name: str, options: Sequence[str], found: Mapping[str, int] | None = None) -> None:
    def label(value: str) -> str:
        text = word(name, value)
        return text if found is None else f"{text} {found.get(value, 0)}"

    st.pills(
        t(f"memories.{name}"),
        options,
        selection_mode="multi",
        key=_key(name),
        format_func=label,
        wrap=True,
    )


def _programs(apps: Mapping[str, int], chosen: Sequence[str]) -> None:
    """mem0's scopes and metadata."""
    if names := sorted({*apps, *chosen}):
        st.pills(
            t("memories.app_id"),
            names,
            selection_mode="multi",
            key=_key("app"),
            format_func=lambda name: f"{plain(name)} {apps.get(name, 0)}",
            wrap=True,
        )
    for name, label in (("run", "run_id"), ("metadata", "metadata")):
        st.text_input(
            t(f"memories.{label}"),
            key=_key(name),
            max_chars=200,
            placeholder="topic=food" if name == "metadata" else None,
            help=t("memories.metadata_filter_help") if name == "metadata" else None,
        )


def _days(first: str, last: str) -> None:
    for name in (first, last):
        st.date_input(
            t(f"memories.{name}"),
            value=None,
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            format="YYYY-MM-DD",
            key=_key(name),
        )


def _categories(found: Mapping[str, int], chosen: Sequence[str]) -> list[str]:
    own = sorted({*found, *chosen} - set(DEFAULT_CATEGORIES))
    return [*DEFAULT_CATEGORIES, *own]


def _key(name: str) -> str:
    return f"memories_{name}"


def _given(*values: Any) -> int:
    return sum(value is not None for value in values)


def _seed() -> None:
    """Fill the widgets from the address when it says something that they didn't write."""
    asked = {name: st.query_params.get_all(name) for name in PARAMS if name in st.query_params}
    st.session_state.setdefault(_key("text"), "")
    if _key("sort") not in st.session_state or asked != st.session_state.get(_WRITTEN):
        _fill(memory_query.read(asked))


def _fill(query: Query) -> None:
    for name in PARAMS:
        value = getattr(query, name)
        if name in ("pinned", "safety"):
            value = next((said for said, meant in _PINNED.items() if meant is value), None)
        elif name == "importance":
            value = value if value > 1 else None
        elif isinstance(value, tuple):
            value = list(value)
        st.session_state[_key(name)] = value


def _query() -> Query:
    def of(name: str) -> Any:
        return st.session_state.get(_key(name))

    return Query(
        text=(of("text") or "").strip(),
        subject=tuple(of("subject") or ()),
        kind=tuple(of("kind") or ()),
        category=tuple(of("category") or ()),
        status=tuple(of("status") or ()),
        feedback=tuple(of("feedback") or ()),
        app=tuple(of("app") or ()),
        run=(of("run") or "").strip(),
        metadata=(of("metadata") or "").strip(),
        event_from=of("event_from"),
        event_to=of("event_to"),
        within=bool(of("within")),
        stored_from=of("stored_from"),
        stored_to=of("stored_to"),
        importance=of("importance") or 1,
        pinned=_PINNED.get(of("pinned")),
        safety=_PINNED.get(of("safety")),
        sort=of("sort") or memory_query.DEFAULT_SORT,
    )


def _write(query: Query) -> None:
    params = memory_query.write(query)
    for name in PARAMS:
        wanted = params.get(name, [])
        if not wanted and name in st.query_params:
            del st.query_params[name]
        elif wanted and st.query_params.get_all(name) != wanted:
            st.query_params[name] = wanted
    st.session_state[_WRITTEN] = params
