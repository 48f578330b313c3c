"""Insights data: the memories behind the charts, cached until something changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components.identity import Identity
from components.insights.charts import since
from memory.container import Container
from memory.memories import stats
from memory.types import EVERYTHING, MemoryFilter, Owner, User

IN_FORCE = MemoryFilter()


def owners(running: Container, me: Identity, everyone: bool) -> list[Owner]:
    """The pair on the screen, or the user with every persona they have memories with."""
    return owners_of(running, me.user, me.persona.id, everyone)


def owners_of(running: Container, user: User, persona_id: str, everyone: bool) -> list[Owner]:
    """The pairs of a user: with one persona, or with every one."""
    if not everyone:
        return [Owner(user.id, persona_id)]
    return [Owner(user.id, persona) for persona in running.personas]


def beginning(period: str, today: date, zone: ZoneInfo) -> datetime | None:
    """When a period of the charts began, as an aware time."""
    first = since(period, today)
    return None if first is None else datetime.combine(first, time.min, tzinfo=zone)


def table(
    running: Container, who: Sequence[Owner], zone: ZoneInfo, *, kept: str = "kept"
) -> pd.DataFrame:
    """All memories in force of ``who`` as one table.

    Reading thousands at every click would be slow, so the table is kept in the
    browser session until the journal or the number of memories says it's old.
    ``kept`` names the place it is kept in.
    """
    place = f"insights_{kept}"
    state = (tuple(who), str(zone), tuple(_state(running, owner) for owner in who))
    before = st.session_state.get(place)
    if before is not None and before[0] == state:
        found: pd.DataFrame = before[1]
        return found
    memories = (memory for owner in who for memory in running.store.reads.iterate(IN_FORCE, owner))
    found = stats.frame(memories, zone)
    st.session_state[place] = (state, found)
    return found


def _state(running: Container, owner: Owner) -> tuple[str, int]:
    latest = running.db.history.of(owner, limit=1)
    # Memories of a stock client leave no line in the journal, but they count.
    return (latest[0].id if latest else "", running.store.reads.count(owner, EVERYTHING))
