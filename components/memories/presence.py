"""Memory retention: how present one still is, and how often it was used."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity
from components.text import t
from memory.container import Container
from memory.types import Memory
from memory.vector_store.search.retention import retention


def line(running: Container, me: Identity, memory: Memory, zone: ZoneInfo) -> None:
    """Retention and use in one quiet line."""
    use = running.db.traces.uses(me.owner, [memory.id]).get(memory.id)
    last = running.db.history.of(me.owner, memory_id=memory.id, limit=1)
    score = retention(memory, use, running.clock(), last[0].at if last else None)
    used = (
        t("presence.used", count=use.count, date=use.last.astimezone(zone).date())
        if use
        else t("presence.unused")
    )
    st.caption(f"{t('presence.retention', share=f'{score:.0%}')} · {used}", help=t("presence.help"))
