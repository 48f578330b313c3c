"""Journal view by day: what was done in one go is one block, undone with one click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import streamlit as st

from components.changes import blocks as change_blocks
from components.changes.filters import Chosen
from components.identity import Identity
from components.passed_plans import today_of
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.db import Block

PAGE = 15
_MARK = "changes_mark"
_ASKED = "changes_asked"


def nothing_yet() -> None:
    """What to do when nothing has changed yet."""
    with st.container(border=True, horizontal_alignment="center", key="no_changes"):
        st.markdown(t("changes.nothing"), width="content")
        st.page_link(page_path("chat"), label=t("memories.go_chat"), icon=":material/chat_bubble:")


def show(running: Container, me: Identity, zone: ZoneInfo, chosen: Chosen) -> None:
    """One page of the journal, newest first, with the way to older ones."""
    if st.session_state.get(_ASKED) != chosen:
        st.session_state[_ASKED] = chosen
        st.session_state.pop(_MARK, None)
    mark: int | None = st.session_state.get(_MARK)
    found = running.db.changelog.blocks(
        chosen.who, chosen.filter, limit=PAGE + 1, lines=change_blocks.LINES, before=mark
    )
    if not found:
        st.info(t("changes.none_found"), icon=":material/filter_alt:")
    shown = found[:PAGE]
    today = today_of(running, me)
    now = change_blocks.memories_now(running, shown)
    with st.container(key="changes_journal"):
        for day, blocks in groupby(shown, key=lambda block: _day(block, zone)):
            st.header(_day_name(day, today), anchor=False)
            for block in blocks:
                change_blocks.show(running, me, zone, chosen, block, now)
    _paging(shown, more=len(found) > PAGE, mark=mark)


def _paging(shown: Sequence[Block], *, more: bool, mark: int | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="center", key="changes_paging"):
        if mark is not None:
            st.button(
                t("changes.newest"),
                key="changes_newest",
                icon=":material/vertical_align_top:",
                type="tertiary",
                on_click=lambda: st.session_state.pop(_MARK, None),
            )
        if more:
            st.button(
                t("changes.older"),
                key="changes_older",
                icon=":material/expand_more:",
                on_click=lambda: st.session_state.update({_MARK: shown[-1].mark}),
            )


def _day(block: Block, zone: ZoneInfo) -> date:
    return block.shown[-1].at.astimezone(zone).date()


def _day_name(day: date, today: date) -> str:
    names = {today: t("changes.today"), today - timedelta(1): t("changes.yesterday")}
    return f"{names[day]} · {day}" if day in names else f"{day}"
