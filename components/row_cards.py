"""Row cards: a table's rows on a phone, where the table has no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.markdown_escape import plain, shorten

PER_PAGE = 30
_LENGTH = 200


@dataclass(frozen=True, slots=True)
class RowCard:
    """One row: what it is about, and the other cells, each with its column's name.

    Cells without a value are left out; one without a name stands by itself.
    """

    title: str
    cells: tuple[tuple[str, object], ...] = ()

    def details(self) -> list[str]:
        """The cells as they are read."""
        found = ((name, "" if value is None else str(value)) for name, value in self.cells)
        return [f"{name} {value}".strip() for name, value in found if value]


def show(rows: Sequence[RowCard], key: str) -> None:
    """Draw them, some at a time."""
    with st.container(key=f"row_cards_{key}"):
        shown = _page(rows, key)
        items = "".join(
            f"<li>{escape(row.title)}<small>{escape(' · '.join(row.details()))}</small></li>"
            for row in shown
        )
        st.html(f'<ul class="nn-cards">{items}</ul>')


def choose(rows: Sequence[RowCard], key: str) -> int | None:
    """Draw them as buttons; returns the place of the one that was tapped last."""
    kept = f"{key}_chosen_card"
    with st.container(key=f"row_cards_{key}", gap="xsmall"):
        shown = _page(rows, key)
        first = _first(key)
        for place, row in enumerate(shown, first):
            st.button(
                _label(row),
                key=f"{key}_card_{place}",
                width="stretch",
                on_click=_keep,
                args=(kept, place),
            )
    chosen: int | None = st.session_state.get(kept)
    return chosen if chosen is not None and chosen < len(rows) else None


def tick(rows: Sequence[RowCard], key: str) -> list[int]:
    """Draw each with a box to tick; returns the places of those that are ticked."""
    with st.container(key=f"row_cards_{key}", gap="xsmall"):
        return [
            place
            for place, row in enumerate(rows)
            if st.checkbox(_label(row), key=f"{key}_tick_{place}")
        ]


def _label(row: RowCard) -> str:
    """The row in Markdown."""
    title = plain(shorten(row.title, _LENGTH))
    details = " · ".join(map(plain, row.details()))
    return f"{title} :small[{details}]" if details else title


def _keep(kept: str, place: int) -> None:
    st.session_state[kept] = place


def _first(key: str) -> int:
    return (int(st.session_state.get(f"{key}_page", 1)) - 1) * PER_PAGE


def _page(rows: Sequence[RowCard], key: str) -> Sequence[RowCard]:
    """The rows of the page that is open; the pages are drawn above them."""
    pages = -(-len(rows) // PER_PAGE)
    if st.session_state.get(f"{key}_page", 1) > pages:
        st.session_state.pop(f"{key}_page", None)
    if pages > 1:
        st.pagination(pages, key=f"{key}_page")
    return rows[_first(key) :][:PER_PAGE]
