"""Memory table: one page of memories from the store, and what is selected in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components import theme
from components.memories import cards
from components.memories import changes as memory_changes
from components.memories.filters import sort_by
from components.memories.metadata import in_short
from components.memories.query import Query, memory_filter, write
from components.page_script import narrow
from components.text import language, t, word
from memory.container import Container
from memory.nlp.dates import span
from memory.types import ByLanguage, Hit, Language, Memory, MemoryFilter, Owner

PAGE_SIZE = 15
# What a search looks at, best first; nobody reads further.
SEARCH_LIMIT = 200
# Pixels of the grid's letters and lines; rows have three lines at least and five at most.
HALF_WIDTH, LINE_HEIGHT = 8, 20
LEAST_HEIGHT, LEAST_LINES, MOST_LINES = 70, 3, 5
# Pixels. No word of a narrow column breaks in the middle; the text gets what is left.
_WIDTHS: Mapping[Language, Mapping[str, int]] = ByLanguage(
    {
        "zh": {
            "text": 300,
            "subject": 64,
            "kind": 64,
            "category": 88,
            "event_date": 98,
            "created": 98,
            "importance": 76,
            "pinned": 56,
            "for_programs": 150,
        },
        "en": {
            "text": 252,
            "subject": 66,
            "kind": 86,
            "category": 108,
            "event_date": 98,
            "created": 98,
            "importance": 90,
            "pinned": 64,
            "for_programs": 150,
        },
    }
)
# Sort fields, where the column has another name.
_FIELDS = {"created": "created_at"}
_BESIDE_DRAWER = ("text", "event_date")
# There only where a memory of the page has any, and nothing to order by.
_PROGRAMS = "for_programs"
_PAGE = "memories_page"
_ASKED = "memories_asked"
_ROUND = "memories_round"
_KEY = "memories_table_key"


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the memories that match, and how many match in all."""

    memories: tuple[Memory, ...]
    total: int


def find(running: Container, owner: Owner, query: Query, zone: ZoneInfo) -> Page:
    """The page of the result that the reader is on; only that page is fetched."""
    chosen = wanted(running, owner, query, zone)
    _start_over_if_new(owner, query)
    if query.text:
        return _search(running, owner, query.text, chosen, zone)
    total = running.store.reads.count(owner, chosen)
    offset = (_number(total) - 1) * PAGE_SIZE
    memories = running.store.reads.matching(
        owner, chosen, sort=query.sort, limit=PAGE_SIZE, offset=offset
    )
    return Page(tuple(memories), total)


def wanted(running: Container, owner: Owner, query: Query, zone: ZoneInfo) -> MemoryFilter:
    """The query as the store understands it."""
    chosen = memory_filter(query, zone)
    if query.feedback:
        chosen = replace(chosen, ids=running.db.feedback.ids(owner, query.feedback))
    return _within(running, owner, chosen) if query.within else chosen


def show(
    page: Page,
    zone: ZoneInfo,
    query: Query,
    *,
    beside_drawer: bool = False,
    all_ticked: bool = False,
) -> list[Memory]:
    """Draw the page; a click on a cell opens that memory; returns the selected ones.

    A click on a column's head orders the whole list, not the page alone. Beside an open
    drawer there is room for the most telling columns only; on a phone a memory is a card.
    """
    if narrow():
        ticked = cards.show(page.memories, st.session_state.get(_ROUND, 0), all_ticked)
        _foot(page)
        return ticked
    ids = [memory.id for memory in page.memories]
    round_of = f"{st.session_state.get(_ROUND, 0)}{'_all' if all_ticked else ''}"
    key = f"memories_table_{round_of}_{hash((*ids, query.sort))}"
    st.session_state[_KEY] = key
    all_rows = list(range(len(ids))) if all_ticked else []
    event = st.dataframe(
        _table(page.memories, zone),
        key=key,
        selection_default={"selection": {"rows": all_rows}},
        hide_index=True,
        height="content",
        row_height=round(height_of_rows(page.memories) * theme.scale()),
        column_config=_columns(query),
        column_order=_BESIDE_DRAWER if beside_drawer else None,
        on_select=lambda: _clicked(key, ids),
        selection_mode=["multi-row", "single-cell", "single-column"],
        placeholder="",
        alt=t("memories.table_alt", count=page.total),
    )
    _foot(page)
    return [page.memories[row] for row in event.selection.rows if row < len(ids)]


def _foot(page: Page) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.caption(t("memories.found", count=page.total), width="content")
        if page.total > PAGE_SIZE:
            st.pagination(_pages(page.total), key=_PAGE)


def asked() -> object:
    """What the table shows all of: the same until another filter, search or owner."""
    return st.session_state.get(_ASKED)


def everyone(running: Container, owner: Owner, query: Query, zone: ZoneInfo) -> list[str]:
    """The ids of all that match, however many the page shows."""
    chosen = wanted(running, owner, query, zone)
    if query.text:
        return [hit.memory.id for hit in _hits(running, owner, query.text, chosen, zone)]
    return running.store.reads.ids(owner, chosen)


def deselect() -> None:
    """Start with nothing selected (a callback)."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def release_cell() -> None:
    """Let go of the cell that opened the drawer, so that it can be clicked again."""
    key = str(st.session_state.get(_KEY))
    if key in st.session_state:
        rows = list(st.session_state[key].selection.rows)
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}


def _search(
    running: Container, owner: Owner, text: str, chosen: MemoryFilter, zone: ZoneInfo
) -> Page:
    hits = _hits(running, owner, text, chosen, zone)
    start = (_number(len(hits)) - 1) * PAGE_SIZE
    return Page(tuple(hit.memory for hit in hits[start : start + PAGE_SIZE]), len(hits))


def _hits(
    running: Container, owner: Owner, text: str, chosen: MemoryFilter, zone: ZoneInfo
) -> list[Hit]:
    now = running.clock()
    return running.store.reads.search(
        owner,
        text,
        filter=chosen,
        limit=SEARCH_LIMIT,
        today=now.astimezone(zone).date(),
        language=language(),
        now=now,
    )


def _within(running: Container, owner: Owner, chosen: MemoryFilter) -> MemoryFilter:
    """Only memories whose whole date lies in the event days asked for.

    The store counts a memory dated 2026-05 to every day of that May; a bar of a
    chart doesn't, and leads to exactly what it counted.
    """
    first, last = chosen.event_from or date.min, chosen.event_to or date.max
    found = [
        memory.id
        for memory in running.store.reads.iterate(chosen, owner)
        if memory.event_date and _inside(memory.event_date, first, last)
    ]
    return replace(chosen, ids=frozenset(found))


def _inside(event_date: str, first: date, last: date) -> bool:
    try:
        start, end = span(event_date)
    except ValueError:
        # Another client may have written anything as a date.
        return False
    return first <= start and end <= last


def _start_over_if_new(owner: Owner, query: Query) -> None:
    asked = (owner, query.text, write(query))
    if st.session_state.get(_ASKED) != asked:
        st.session_state[_ASKED] = asked
        st.session_state.pop(_PAGE, None)


def _number(total: int) -> int:
    number: int = st.session_state.get(_PAGE, 1)
    if number > _pages(total):
        # Deleting the last page's memories mustn't leave the reader beyond the end.
        st.session_state.pop(_PAGE)
        number = 1
    return number


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _clicked(key: str, ids: Sequence[str]) -> None:
    columns = st.session_state[key].selection.columns
    if columns == [_PROGRAMS]:
        return
    if columns:
        deselect()
        sort_by(_FIELDS.get(columns[0], columns[0]))
        return
    cells = st.session_state[key].selection.cells
    if cells and cells[0][0] < len(ids):
        memory_changes.open_drawer(ids[cells[0][0]])


def _table(memories: Sequence[Memory], zone: ZoneInfo) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "text": [fitting(memory.text) for memory in memories],
            "subject": [word("subject", memory.subject.value) for memory in memories],
            "kind": [word("kind", memory.kind.value) for memory in memories],
            "category": [_category(memory) for memory in memories],
            "event_date": [memory.event_date or "" for memory in memories],
            "created": [_day(memory, zone) for memory in memories],
            "importance": [memory.importance for memory in memories],
            "pinned": [word("pinned", "yes") if memory.pinned else "" for memory in memories],
        }
    )
    programs = [in_short(memory) for memory in memories]
    return table.assign(**{_PROGRAMS: programs}) if any(programs) else table


def _category(memory: Memory) -> str:
    said = word("category", memory.category)
    return f"{said} · {t('memories.safety')}" if memory.safety else said


def height_of_rows(memories: Sequence[Memory]) -> int:
    """As high as the longest text of the page needs, in pixels, all rows alike.

    Beyond 4rem the grid wraps texts instead of cutting them off.
    """
    width = _WIDTHS[language()]["text"] // HALF_WIDTH
    lines = max((lines_of(memory.text, width) for memory in memories), default=1)
    return LEAST_HEIGHT + LINE_HEIGHT * max(0, min(lines, MOST_LINES) - LEAST_LINES)


def lines_of(text: str, width: int) -> int:
    """How many lines of ``width`` half-width letters the text takes, words kept whole."""
    lines, used = 1, 0
    for word_or_run in text.split(" "):
        wide = _half_widths(word_or_run)
        if used and used + 1 + wide > width and wide <= width:
            lines, used = lines + 1, wide
        else:
            # Chinese has no spaces and goes on in the next line anywhere.
            used += wide + (1 if used else 0)
            lines, used = lines + max(0, -(-used // width) - 1), (used - 1) % width + 1
    return lines


def _half_widths(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def fitting(text: str) -> str:
    """``text`` as far as its row shows it; the whole of it is in the drawer."""
    most = _WIDTHS[language()]["text"] // HALF_WIDTH * MOST_LINES
    if _half_widths(text) <= most:
        return text
    shown, used = "", 2
    for letter in text:
        used += _half_widths(letter)
        if used > most:
            break
        shown += letter
    return f"{shown.rstrip()}…"


def _day(memory: Memory, zone: ZoneInfo) -> date:
    return memory.created_at.astimezone(zone).date()


def _columns(query: Query) -> dict[str, Any]:
    config = st.column_config
    wide = {name: round(width * theme.scale()) for name, width in _WIDTHS[language()].items()}
    kinds: dict[str, Any] = {"importance": config.NumberColumn}
    columns = {
        name: kinds.get(name, config.TextColumn)(_head(name, query), width=wide[name])
        for name in wide
    }
    columns["created"] = config.DateColumn(
        _head("created", query), format="YYYY-MM-DD", width=wide["created"]
    )
    return columns


def _head(name: str, query: Query) -> str:
    """A column's head, with an arrow on the one that the list is ordered by."""
    by = query.sort.removeprefix("-") == _FIELDS.get(name, name) and not query.text
    arrow = ("↓ " if query.sort.startswith("-") else "↑ ") if by else ""
    return f"{arrow}{t(f'memories.{name}')}"
