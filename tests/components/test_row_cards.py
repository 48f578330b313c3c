"""Cards for rows: cells with their names, empty ones left out."""

from __future__ import annotations

from components.row_cards import RowCard


def test_cells_without_a_value_are_left_out_and_nought_is_one() -> None:
    card = RowCard("小雨", (("记忆", 0), ("", "健康"), ("最近", None), ("心情", "")))
    assert card.details() == ["记忆 0", "健康"]
