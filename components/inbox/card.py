"""Finding card: what was found, the sentences, and what can be done in one click."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from components.identity import Identity, address
from components.inbox import actions, compare
from components.inbox.rewrite import rewrite_dialog
from components.markdown_escape import plain, shorten
from components.memories import actions as memory_actions
from components.shell import page_path
from components.text import t, word
from memory.container import Container
from memory.memories.review import PAIRS, Finding, FindingKind
from memory.nlp.dates import span
from memory.types import Kind, Memory, Message

_SAID = 160


def card(
    running: Container,
    me: Identity,
    finding: Finding,
    messages: Mapping[str, Message],
    zone: ZoneInfo,
) -> None:
    """Draw one finding.

    Args:
        running: The running parts.
        me: Whose it is.
        finding: What was found.
        messages: Messages that the memories came from, by id; what isn't there isn't shown.
        zone: Where the user's days begin.
    """
    key = slug(finding)
    with st.container(border=True, gap="small", key=f"finding_{key}"):
        if finding.kind in PAIRS:
            _both(me, finding, zone)
        else:
            _one(me, finding, messages, zone)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _buttons(running, me, finding, key)


def slug(finding: Finding) -> str:
    """A key for widgets: the same as long as the finding is."""
    ids = [memory.id.replace("-", "")[-12:] for memory in finding.memories]
    return "_".join([finding.kind.value, *ids])


def _both(me: Identity, finding: Finding, zone: ZoneInfo) -> None:
    old, new = finding.memories
    texts = compare.marked(old.text, new.text)
    names = ("inbox.earlier", "inbox.later")
    for column, memory, html, name in zip(
        st.columns(2, gap="medium"), (old, new), texts, names, strict=True
    ):
        with column, st.container(gap="xsmall"):
            st.caption(t(name, day=_stored(memory, zone)))
            _sentence(memory, html)
            _about(me, memory)
    if finding.kind is FindingKind.DUPLICATE:
        st.caption(t("inbox.merged", what=_merged(finding)))


def _merged(finding: Finding) -> str:
    """What the one that stays will be like."""
    fields = finding.fields
    parts = [f"“{plain(str(fields['text']))}”", word("category", str(fields["category"]))]
    if fields["event_date"]:
        parts.append(str(fields["event_date"]))
    parts.append(t("inbox.importance", level=fields["importance"]))
    if fields["pinned"]:
        parts.append(t("memories.pinned"))
    return " · ".join(parts)


def _one(me: Identity, finding: Finding, messages: Mapping[str, Message], zone: ZoneInfo) -> None:
    memory = finding.memories[0]
    with st.container(gap="xsmall"):
        _sentence(memory, escape(memory.text))
        _about(me, memory)
        said = [messages[id] for id in memory.source.message_ids if id in messages]
        if said and finding.kind is not FindingKind.LONG:
            who = me.user.name if said[0].role == "user" else me.persona_name
            day = said[0].created_at.astimezone(zone).date().isoformat()
            st.caption(
                t("inbox.said", who=plain(who), day=day, text=plain(shorten(said[0].text, _SAID)))
            )
        if "text" in finding.fields:
            st.caption(t("inbox.would_read", text=plain(str(finding.fields["text"]))))


def _sentence(memory: Memory, html: str) -> None:
    st.html(f'<p class="sentence" lang="{memory.language}">{html}</p>')


def _about(me: Identity, memory: Memory) -> None:
    parts = [memory_actions.caption(memory), t("inbox.importance", level=memory.importance)]
    if memory.pinned:
        parts.append(t("memories.pinned"))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(" · ".join(parts), width="content")
        st.page_link(
            page_path("memories"),
            label=t("inbox.open"),
            query_params={**address(me), "memory": memory.id},
        )


def _stored(memory: Memory, zone: ZoneInfo) -> str:
    return memory.created_at.astimezone(zone).date().isoformat()


def _buttons(running: Container, me: Identity, finding: Finding, key: str) -> None:
    """The proposal first, then what else may be right, "as it is" last."""
    draw = {
        FindingKind.DUPLICATE: _merge,
        FindingKind.CONTRADICTION: _choose,
        FindingKind.UNDATED: _date,
        FindingKind.SUBJECT: _propose,
        FindingKind.LANGUAGE: _language,
        FindingKind.LONG: _rewrite,
    }[finding.kind]
    draw(running, me, finding, key)
    st.button(
        t("inbox.keep_both" if finding.kind in PAIRS else "inbox.keep"),
        key=f"keep_{key}",
        on_click=actions.keep,
        args=(running, me.owner, finding),
    )


def _fix(running: Container, me: Identity, finding: Finding, key: str, label: str) -> None:
    st.button(
        label,
        key=f"fix_{key}",
        type="primary",
        on_click=actions.fix,
        args=(running, me.owner, finding),
    )


def _merge(running: Container, me: Identity, finding: Finding, key: str) -> None:
    _fix(running, me, finding, key, t("inbox.merge"))


def _choose(running: Container, me: Identity, finding: Finding, key: str) -> None:
    _fix(running, me, finding, key, t("inbox.later_right"))
    st.button(
        t("inbox.earlier_right"),
        key=f"other_{key}",
        on_click=actions.fix,
        args=(running, me.owner, finding, finding.memories[0].id),
    )


def _date(running: Container, me: Identity, finding: Finding, key: str) -> None:
    proposed = finding.fields.get("event_date")
    if proposed:
        _fix(running, me, finding, key, t("inbox.set_date", day=proposed))
    with st.popover(t("inbox.other_day" if proposed else "inbox.choose_day")):
        day = f"day_{key}"
        st.date_input(
            t("memories.event_date"),
            value=span(proposed)[0] if proposed else None,
            min_value="1900-01-01",
            max_value="2100-12-31",
            format="YYYY-MM-DD",
            key=day,
        )
        st.button(
            t("app.save"),
            key=f"set_{key}",
            type="primary",
            on_click=actions.set_date,
            args=(running, me.owner, finding, day),
        )
    if finding.memories[0].kind is Kind.TEMPORAL:
        st.button(
            t("inbox.lasting"),
            key=f"other_{key}",
            on_click=actions.make_constant,
            args=(running, me.owner, finding),
        )


def _propose(running: Container, me: Identity, finding: Finding, key: str) -> None:
    about = me.user.name if finding.fields["subject"] == "user" else me.persona_name
    _fix(running, me, finding, key, t("inbox.is_about", name=plain(about)))


def _language(running: Container, me: Identity, finding: Finding, key: str) -> None:
    if finding.fields:
        name = word("language", finding.fields["language"])
        _fix(running, me, finding, key, t("inbox.is_in", name=name))
        return
    _rewrite(running, me, finding, key)


def _rewrite(running: Container, me: Identity, finding: Finding, key: str) -> None:
    split = finding.kind is FindingKind.LONG
    if st.button(
        t("inbox.split" if split else "inbox.rewrite"),
        key=f"fix_{key}",
        type="primary",
        icon=":material/edit:",
    ):
        rewrite_dialog(running, me.owner, finding.memories[0], split=split)
