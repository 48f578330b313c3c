"""Comparison of two users, or of two periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

import pandas as pd

from memory.types import Kind, Subject

Side: TypeAlias = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Take:
    """What one side holds: numbers, and shares (0 to 1) of its own whole."""

    memories: int
    about_user: float
    constant: float
    important: float

    @classmethod
    def of(cls, table: pd.DataFrame) -> Take:
        """Count one side."""
        whole = len(table) or 1
        return cls(
            memories=len(table),
            about_user=float((table["subject"] == Subject.USER.value).sum() / whole),
            constant=float((table["kind"] == Kind.CONSTANT.value).sum() / whole),
            important=float((table["importance"] >= 4).sum() / whole),
        )


def compare(left: pd.DataFrame, right: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """``category``, ``left``, ``right`` (counts), ``left_share``, ``right_share`` (0 to 1).

    Shares are of each side's own memories, so that a long acquaintance and a new one
    can be compared. Rows are in the order of ``categories``; empty ones are left out.
    """
    counts = {
        side: table["category"].value_counts() for side, table in (("left", left), ("right", right))
    }
    found = set(counts["left"].index) | set(counts["right"].index)
    order = [c for c in categories if c in found] + sorted(found - set(categories))
    result = pd.DataFrame({"category": pd.Series(order, dtype="object")})
    for side, table in (("left", left), ("right", right)):
        result[side] = counts[side].reindex(order, fill_value=0).to_numpy(dtype="int64")
        result[f"{side}_share"] = (result[side] / (len(table) or 1)).round(4)
    return result[["category", "left", "right", "left_share", "right_share"]]


def largest_gap(compared: pd.DataFrame) -> tuple[str, Side, float] | None:
    """The category whose shares differ most, which side has more of it, and by how much.

    ``None`` where nothing differs.
    """
    if compared.empty:
        return None
    gaps = compared["left_share"] - compared["right_share"]
    at = int(gaps.abs().to_numpy().argmax())
    gap = float(gaps.iloc[at])
    if not gap:
        return None
    return str(compared["category"].iloc[at]), "left" if gap > 0 else "right", abs(gap)


def within(table: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The memories that were stored from ``first`` to ``last``, both included."""
    days = table["stored_day"]
    return table[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]
