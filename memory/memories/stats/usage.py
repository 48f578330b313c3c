"""Usage statistics: which memories are used, and who said what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from memory.types import Memory, Subject


class Used(Protocol):
    """How often a memory was in a reply's context (:class:`memory.types.Use`)."""

    @property
    def count(self) -> int:
        """In how many replies."""


def usage(table: pd.DataFrame, uses: Mapping[str, Used]) -> pd.DataFrame:
    """``id``, ``persona``, ``category``, ``uses`` for every memory, the most used first.

    Of equals the more important, then the older one comes first.
    """
    found = table[["id", "persona", "category", "importance", "stored_day"]].copy()
    found["uses"] = [uses[id].count if id in uses else 0 for id in found["id"]]
    found = found.sort_values(
        ["uses", "importance", "stored_day", "id"], ascending=[False, False, True, True]
    )
    return found[["id", "persona", "category", "uses"]].reset_index(drop=True)


def most_used(used: pd.DataFrame, count: int) -> pd.DataFrame:
    """The first ``count`` of :func:`usage` that were used at all."""
    return used[used["uses"] > 0].head(count)


def used_by_category(used: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """``category``, ``used``, ``never``, ``count``; most memories first."""
    ever = used["uses"] > 0
    result = (
        pd.DataFrame({"category": used["category"], "used": ever, "never": ~ever})
        .groupby("category", as_index=False)[["used", "never"]]
        .sum()
        .astype({"used": "int64", "never": "int64"})
    )
    result["count"] = result["used"] + result["never"]
    place = {category: at for at, category in enumerate(categories)}
    result["_place"] = [place.get(category, len(place)) for category in result["category"]]
    result = result.sort_values(["count", "_place"], ascending=[False, True], kind="stable")
    return result.drop(columns="_place").reset_index(drop=True)


def said_by(
    memories: Iterable[Memory], roles: Mapping[str, str], categories: Sequence[str]
) -> pd.DataFrame:
    """``category``, ``user``, ``ai``, ``count``: out of whose messages memories came.

    A memory from messages of both sides counts for the one whose it is; one added by
    hand, or whose messages are gone, was said by nobody and isn't counted.
    """
    rows: list[tuple[str, str]] = []
    for memory in memories:
        speakers = {roles[id] for id in memory.source.message_ids if id in roles}
        if not speakers:
            continue
        if len(speakers) > 1:
            speaker = memory.subject.value
        else:
            speaker = Subject.USER.value if "user" in speakers else Subject.AI.value
        rows.append((memory.category, speaker))
    if not rows:
        return pd.DataFrame(columns=["category", "user", "ai", "count"])
    read = pd.DataFrame(rows, columns=["category", "speaker"])
    split = pd.crosstab(read["category"], read["speaker"])
    split = split.reindex(columns=[s.value for s in Subject], fill_value=0)
    result = split.rename_axis(columns=None).reset_index()
    result["count"] = result["user"] + result["ai"]
    place = {category: at for at, category in enumerate(categories)}
    result["_place"] = [place.get(category, len(place)) for category in result["category"]]
    result = result.sort_values(["count", "_place"], ascending=[False, True], kind="stable")
    return result.drop(columns="_place").reset_index(drop=True)
