"""Text diff on the screen: two versions side by side, or one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from components.text import t
from memory.studio import text_diff as diff
from memory.studio.text_diff import DiffLine, DiffSpan, Row

VIEWS = ("beside", "below")


def difference(key: str, texts: Mapping[str, str], new: str) -> None:
    """What distinguishes ``new`` from one of ``texts``, which are named by their labels."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = st.selectbox(t("studio.compare_with"), list(texts), key=f"{key}_base")
        view = st.segmented_control(
            t("studio.view"),
            VIEWS,
            default="beside",
            required=True,
            format_func=lambda value: t(f"studio.view_{value}"),
            label_visibility="collapsed",
            key=f"{key}_view",
        )
    old = texts[base]
    rows = diff.side_by_side(old.strip(), new.strip())
    if not rows:
        st.caption(t("studio.no_difference"))
    elif view == "below":
        st.code(diff.unified(old.strip(), new.strip()), language="diff", wrap_lines=True)
    else:
        st.html(beside(rows))


def beside(rows: list[Row]) -> str:
    """The rows as a table; words that differ are marked."""
    body = "".join(_row(row) for row in rows)
    return (
        f'<table class="nn-diff"><thead><tr><td></td><th>{escape(t("studio.old"))}</th>'
        f"<td></td><th>{escape(t('studio.new'))}</th></tr></thead><tbody>{body}</tbody></table>"
    )


def words(old: str, new: str) -> tuple[str, str]:
    """Both sentences as HTML, with what differs marked."""
    rows = diff.side_by_side(old, new)
    row = rows[0] if len(rows) == 1 else None
    if row is None or row.left is None or row.right is None:
        return escape(old), escape(new)
    return _pieces(row.left.pieces, "del"), _pieces(row.right.pieces, "ins")


def _row(row: Row) -> str:
    if row.is_gap:
        return '<tr class="gap"><td colspan="4">⋯</td></tr>'
    kind = ' class="changed"' if row.changed else ""
    return f"<tr{kind}>{_cell(row.left, 'del')}{_cell(row.right, 'ins')}</tr>"


def _cell(line: DiffLine | None, mark: str) -> str:
    if line is None:
        return '<td class="no"></td><td class="none"></td>'
    return f'<td class="no">{line.number}</td><td>{_pieces(line.pieces, mark)}</td>'


def _pieces(pieces: tuple[DiffSpan, ...], mark: str) -> str:
    return "".join(
        f"<{mark}>{escape(piece.text)}</{mark}>" if piece.changed else escape(piece.text)
        for piece in pieces
    )
