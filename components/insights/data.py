"""The memories behind the charts: read once, kept until something changes."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from components.identity import Identity
from memory import stats
from memory.container import Container
from memory.types import MemoryFilter, Owner, Status

_KEPT = "insights_kept"
IN_FORCE = MemoryFilter()
EVERYTHING = MemoryFilter(statuses=frozenset(Status))


def owners(running: Container, me: Identity, everyone: bool) -> list[Owner]:
    """The pair on the screen, or the user with every persona they have memories with."""
    if not everyone:
        return [me.owner]
    return [Owner(me.user.id, persona_id) for persona_id in running.personas]


def table(running: Container, who: Sequence[Owner], zone: ZoneInfo) -> pd.DataFrame:
    """All memories in force of ``who`` as one table.

    Reading thousands at every click would be slow, so the table is kept in the
    browser session until the journal or the number of memories says it's old.
    """
    state = (tuple(who), str(zone), tuple(_state(running, owner) for owner in who))
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == state:
        found: pd.DataFrame = kept[1]
        return found
    memories = (memory for owner in who for memory in running.store.iterate(IN_FORCE, owner))
    found = stats.frame(memories, zone)
    st.session_state[_KEPT] = (state, found)
    return found


def _state(running: Container, owner: Owner) -> tuple[str, int]:
    latest = running.ledger.changes(owner, limit=1)
    # Memories of a stock client leave no line in the journal, but they count.
    return (latest[0].id if latest else "", running.store.count(owner, EVERYTHING))
