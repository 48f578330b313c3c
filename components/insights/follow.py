"""Chart click-through: from a clicked chart to the memories behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from components.chat import deep_link as chat_arrival
from components.identity import Identity
from components.insights.charts import SAID, Asked
from components.markdown_escape import plain
from components.memories import query as memory_query
from components.memories import table as memory_table
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.types import Owner


def follow(
    running: Container, me: Identity, who: Sequence[Owner], zone: ZoneInfo, asked: Asked
) -> None:
    """Go to the memories that were clicked, or to what was said then.

    If there are several, it is asked with which persona.
    """
    if SAID[0] in asked:
        _to_chat(running, who, asked)
        return
    query = memory_query.read(asked)
    counts = {
        owner: running.store.reads.count(owner, memory_table.wanted(running, owner, query, zone))
        for owner in who
    }
    found = [owner for owner, count in counts.items() if count]
    if len(found) == 1:
        st.switch_page(page_path("memories"), query_params=address(found[0], asked))
    with st.container(border=True, key="which_persona"):
        st.markdown(t("insights.which_persona"))
        with st.container(horizontal=True):
            for owner in found:
                name = running.personas[owner.persona_id].text(me.language).name
                st.page_link(
                    page_path("memories"),
                    label=f"{plain(name)} · {counts[owner]}",
                    icon=":material/arrow_forward:",
                    query_params=address(owner, asked),
                )


def _to_chat(running: Container, who: Sequence[Owner], asked: Asked) -> None:
    """Go to the last message of the time that was clicked; nothing if it is gone."""
    start, end = (datetime.fromisoformat(asked[name][0]) for name in SAID)
    found = running.db.aggregates.newest_message(who, start, end)
    if found is not None:
        owner, session_id, message_id = found
        place = {chat_arrival.SESSION: [session_id], chat_arrival.MESSAGE: [message_id]}
        st.switch_page(page_path("chat"), query_params=address(owner, place))


def address(owner: Owner, asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The address of an owner's memories page, filtered by ``asked``."""
    return {"user": [owner.user_id], "persona": [owner.persona_id], **asked}
