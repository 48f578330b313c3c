"""Profile and diary views: the same memories as two readable texts, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain, shorten
from components.memories import before_now
from components.memories import changes as memory_changes
from components.memories.spoken import spoken, stored
from components.text import t, word
from memory.container import Container
from memory.nlp.language import detect
from memory.nlp.rephrase import without_day
from memory.types import DEFAULT_CATEGORIES, Kind, Memory, MemoryFilter, Subject

_STEP = 60
_KIND = {"profile": Kind.CONSTANT, "diary": Kind.TEMPORAL}
_SORT = {"profile": "-importance", "diary": "-event_date"}


def side_by_side(running: Container, me: Identity, view: str) -> None:
    """The ``profile`` or the ``diary``: left about the user, right about the persona."""
    with st.container(key=view):
        for column, subject in zip(st.columns(2, gap="large"), Subject, strict=True):
            with column:
                _side(running, me, view, subject)


def _side(running: Container, me: Identity, view: str, subject: Subject) -> None:
    name = me.user.name if subject is Subject.USER else me.persona_name
    st.header(plain(name), anchor=False)
    chosen = MemoryFilter(subjects=frozenset({subject}), kinds=frozenset({_KIND[view]}))
    total = running.store.reads.count(me.owner, chosen)
    if not total:
        st.caption(t(f"memories.{view}_empty", name=plain(name)))
        return
    shown_key = f"{view}_{subject.value}_shown"
    shown = st.session_state.get(shown_key, _STEP)
    memories = running.store.reads.matching(me.owner, chosen, sort=_SORT[view], limit=shown)
    before = before_now.replaced(running, me.owner, memories)
    for heading, group in _groups(view, memories):
        with st.container(gap=None):
            st.markdown(f"**{plain(heading)}**")
            for memory in group:
                _line(me, view, memory, before.get(memory.id))
    if total > shown:
        st.button(
            t("memories.show_more", count=total - shown),
            key=f"more_{view}_{subject.value}",
            icon=":material/expand_more:",
            on_click=_show_more,
            args=(shown_key, shown + _STEP),
        )


def _groups(view: str, memories: Sequence[Memory]) -> Iterator[tuple[str, list[Memory]]]:
    if view == "profile":
        order = {category: place for place, category in enumerate(DEFAULT_CATEGORIES)}
        by_category = sorted(memories, key=lambda m: order.get(m.category, len(order)))
        for category, group in groupby(by_category, key=lambda m: m.category):
            yield word("category", category), list(group)
    else:
        for month, group in groupby(memories, key=lambda m: (m.event_date or "")[:7]):
            yield month_name(month), list(group)


def month_name(month: str) -> str:
    """``2026-03`` or ``2026`` the way people write it; "no date" for nothing."""
    year, _, number = month.partition("-")
    if not year:
        return t("memories.no_date")
    if not number:
        return t("memories.year", year=year)
    return t("memories.month", year=year, month=word("month", str(int(number))))


def _line(me: Identity, view: str, memory: Memory, before: Memory | None) -> None:
    was = f" :small[:gray[{_was(me, before)}]]" if before else ""
    day = (memory.event_date or "")[8:10] if view == "diary" else ""
    when, said = "", spoken(me, memory)
    if day.isdigit():
        when = f":gray[{t('memories.day', day=int(day))}] "
        said = without_day(said, memory.event_date or "", detect(said, memory.language))
    st.button(
        f"{when}{plain(said)}{was}",
        key=f"line_{memory.id}",
        type="tertiary",
        icon=_icon(memory),
        wrap=True,
        help=plain(stored(me, memory) or "") or None,
        on_click=memory_changes.open_drawer,
        args=(memory.id,),
    )


def _icon(memory: Memory) -> str | None:
    if memory.safety:
        return ":material/favorite:"
    return ":material/keep:" if memory.pinned else None


def _was(me: Identity, before: Memory) -> str:
    return t("before_now.was", text=plain(shorten(spoken(me, before), before_now.LENGTH)))


def _show_more(key: str, number: int) -> None:
    st.session_state[key] = number
