"""Findings of the review: by kind, and what to say if there are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity
from components.inbox import actions, health
from components.inbox.card import card
from components.shell import page_path
from components.text import t
from memory.container import Container
from memory.memories.review import Finding, FindingKind

PAGE_SIZE = 10
EVERYTHING = "all"
_SHOWN = "inbox_shown"
_ASKED = "inbox_asked"
_PAGE = "inbox_page"


def show(running: Container, me: Identity, zone: ZoneInfo, findings: Sequence[Finding]) -> None:
    """The findings, those of the chosen kind, or that there are none."""
    total = running.store.reads.count(me.owner)
    if not findings:
        _nothing(total)
    else:
        st.caption(t("inbox.found", count=total, findings=len(findings)))
        chosen = _shown(findings)
        with st.container(key="inbox_cards"):
            _cards(running, me, zone, chosen)
    _kept(running, me)


def _shown(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of the kind that is chosen here or in the address."""
    options = [EVERYTHING, *(kind.value for kind in FindingKind)]
    counts = Counter(finding.kind.value for finding in findings)
    counts[EVERYTHING] = len(findings)
    asked = st.query_params.get(health.SECTION)
    if asked != st.session_state.get(_ASKED) or _SHOWN not in st.session_state:
        st.session_state[_SHOWN] = asked if asked in options and counts[asked] else EVERYTHING
        st.session_state.pop(_PAGE, None)
    st.session_state[_ASKED] = asked
    kind = st.pills(
        t("inbox.which"),
        options,
        format_func=lambda name: f"{t(f'inbox.kind_{name}')} {counts[name]}",
        label_visibility="collapsed",
        required=True,
        wrap=True,
        key=_SHOWN,
        on_change=_choose,
    )
    return [f for f in findings if kind in (EVERYTHING, f.kind.value)]


def _choose() -> None:
    chosen = st.session_state[_SHOWN]
    st.session_state[_ASKED] = None if chosen == EVERYTHING else chosen
    st.session_state.pop(_PAGE, None)
    if chosen == EVERYTHING:
        st.query_params.pop(health.SECTION, None)
    else:
        st.query_params[health.SECTION] = chosen


def _cards(running: Container, me: Identity, zone: ZoneInfo, findings: Sequence[Finding]) -> None:
    if not findings:
        st.caption(t("inbox.none_of_these"))
        return
    pages = -(-len(findings) // PAGE_SIZE)
    number = min(int(st.session_state.get(_PAGE, 1)), pages)
    if _PAGE in st.session_state and st.session_state[_PAGE] != number:
        # The last card of the last page was dealt with.
        st.session_state[_PAGE] = number
    shown = findings[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ids = {id for f in shown for memory in f.memories for id in memory.source.message_ids[:1]}
    messages = {m.id: m for m in running.db.messages.by_ids(me.owner, list(ids))}
    for kind, group in groupby(shown, key=lambda finding: finding.kind):
        _heading(running, me, kind, [f for f in findings if f.kind is kind])
        for finding in group:
            card(running, me, finding, messages, zone)
    if pages > 1:
        st.pagination(pages, key=_PAGE)


def _heading(
    running: Container, me: Identity, kind: FindingKind, findings: Sequence[Finding]
) -> None:
    sure = [finding for finding in findings if finding.sure]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        with st.container(gap=None, width="content"):
            st.header(t(f"inbox.kind_{kind.value}"), anchor=False)
            st.caption(t(f"inbox.about_{kind.value}"))
        if len(sure) > 1:
            st.button(
                t("inbox.fix_all", count=len(sure)),
                key=f"fix_all_{kind.value}",
                icon=":material/done_all:",
                help=t("inbox.fix_all_help"),
                on_click=actions.fix_all,
                args=(running, me.owner, sure),
            )


def _nothing(total: int) -> None:
    with st.container(border=True, horizontal_alignment="center", key="inbox_nothing"):
        title = t("inbox.nothing" if total else "memories.empty_title")
        st.markdown(f"**:material/check_circle: {title}**", width="content")
        said = t("inbox.nothing_text", count=total) if total else t("inbox.empty_text")
        st.markdown(said, width="content")
        name, label = ("memories", "inbox.to_memories") if total else ("chat", "memories.go_chat")
        st.page_link(page_path(name), label=t(label), icon=":material/arrow_forward:")


def _kept(running: Container, me: Identity) -> None:
    count = running.review.decisions.settled(me.owner)
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("inbox.kept_count", count=count), width="content")
        st.button(
            t("inbox.look_again"),
            key="look_again",
            type="tertiary",
            on_click=actions.look_again,
            args=(running, me.owner),
        )
