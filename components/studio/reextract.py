"""Re-extraction tab: extract a stored session again, compare, choose, apply."""

from __future__ import annotations

import streamlit as st

from components.identity import Identity
from components.markdown_escape import plain
from components.studio import drafts, notice, sides
from components.studio.difference import words
from components.studio.playground import bench, pick_session
from components.text import t, word
from memory.container import Container
from memory.nlp.language import detect
from memory.studio.session_review import Entry, SessionReview
from memory.types import BatchState, Language, Memory

GROUPS = ("new", "changed", "gone")
PAGE = 50
_REVIEW = "studio_review"
_TICK = "studio_tick_"


def reextract_tab(running: Container, me: Identity) -> None:
    """Choose session and prompt; then the differences to decide on."""
    st.caption(t("studio.reextract_about"))
    session_id = pick_session(running, me, "studio_anew")
    if session_id is None:
        return
    work = bench(running)
    batches = work.extracted_batches(me.owner, session_id)
    if not batches:
        st.info(t("studio.no_batches"), icon=":material/hourglass_empty:")
        return
    waiting = len(running.db.batches.of(me.owner, limit=None, session_id=session_id)) - len(
        running.db.batches.of(me.owner, [BatchState.DONE], None, session_id=session_id)
    )
    said = t("studio.batches", count=len(batches))
    st.caption(f"{said} {t('studio.batches_waiting', count=waiting)}" if waiting else said)
    choice = sides.pick(
        "studio_anew_side", running, me, _language(running, me, session_id),
        t("studio.extract_with"), sides.IN_USE,
    )  # fmt: skip
    if running.extraction_model.is_builtin:
        st.caption(t("studio.only_rules_short"))
    if (
        st.button(
            t("studio.reextract"),
            key="studio_reextract",
            type="primary",
            icon=":material/play_arrow:",
            disabled=choice.side is None,
        )
        and choice.side is not None
    ):
        bar = st.progress(0.0, t("studio.reextracting"))

        def progress(done: float) -> None:
            bar.progress(done, t("studio.reextracting"))

        review = work.review(me.owner, session_id, choice.side, progress)
        bar.empty()
        _forget_ticks()
        st.session_state[_REVIEW] = (me.owner, review)
    owner, review = st.session_state.get(_REVIEW, (None, None))
    if review is not None and owner == me.owner and review.session_id == session_id:
        _decide(running, me, review)


def _language(running: Container, me: Identity, session_id: str) -> Language:
    recent = running.db.messages.of(me.owner, session_id, limit=40)
    return detect("\n".join(m.text for m in recent if m.role == "user"), default=me.language)


def _forget_ticks() -> None:
    for key in [str(key) for key in st.session_state if str(key).startswith(_TICK)]:
        del st.session_state[key]


def _decide(running: Container, me: Identity, review: SessionReview) -> None:
    """The differences with a box each, and the button that carries out what is ticked."""
    tokens = sum(r.reply.usage.prompt_tokens + r.reply.usage.reply_tokens for r in review.runs)
    refused = sum(len(run.guarded.refused) for run in review.runs)
    with st.container(horizontal=True, gap="small", key="studio_review_figures"):
        for group in (*GROUPS, "same"):
            st.badge(t(f"studio.review_{group}", count=len(review.of(group))), color="gray")
        st.badge(t("studio.figure_refused", count=refused), color="gray")
        if tokens:
            st.badge(t("studio.figure_tokens", count=f"{tokens:,}"), color="gray")
    chosen: list[Entry] = []
    for group in GROUPS:
        entries = review.of(group)
        if entries:
            chosen += _group(group, entries)
    if all(not review.of(group) for group in GROUPS):
        st.success(t("studio.all_the_same"), icon=":material/check:")
        return
    st.button(
        t("studio.apply", count=len(chosen)),
        key="studio_apply",
        type="primary",
        icon=":material/check:",
        disabled=not chosen,
        on_click=_apply,
        args=(running, me, review, chosen),
    )


def _group(group: str, entries: list[Entry]) -> list[Entry]:
    """The differences of one sort; what isn't shown yet isn't chosen."""
    key = f"{_TICK}shown_{group}"
    shown = entries[: st.session_state.get(key, PAGE)]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.header(t(f"studio.group_{group}"), anchor=False, width="content")
        if len(shown) > 1:
            with st.container(horizontal=True, width="content", gap="small"):
                for name, value in (("all", True), ("none", False)):
                    st.button(
                        t(f"studio.tick_{name}"),
                        key=f"studio_{name}_{group}",
                        type="tertiary",
                        on_click=_tick_all,
                        args=(shown, value),
                    )
    chosen = [entry for entry in shown if _tick(entry)]
    if len(shown) < len(entries):
        st.button(
            t("memories.show_more", count=len(entries) - len(shown)),
            key=f"studio_more_{group}",
            icon=":material/expand_more:",
            on_click=lambda: st.session_state.update({key: len(shown) + PAGE}),
        )
    return chosen


def _tick_all(entries: list[Entry], value: bool) -> None:
    for entry in entries:
        st.session_state[f"{_TICK}{entry.key}"] = value


def _tick(entry: Entry) -> bool:
    """One difference; returns whether it is to be carried out."""
    memory = entry.after or entry.before
    if memory is None:
        return False
    with st.container(border=True, gap="xsmall", key=f"studio_entry_{entry.key}"):
        ticked = st.checkbox(
            plain(memory.text), key=drafts.seed(f"{_TICK}{entry.key}", entry.wanted)
        )
        if entry.before is not None and entry.after is not None:
            if "text" in entry.fields:
                old, new = words(entry.before.text, entry.after.text)
                st.html(f'<div class="nn-words">{old}<br>{new}</div>')
            for line in _differing(entry.before, entry.after, entry.fields):
                st.caption(line)
        else:
            st.caption(_meta(memory))
        if entry.touched:
            st.caption(f":material/edit: {t('studio.touched')}")
    return ticked


def _differing(before: Memory, after: Memory, fields: frozenset[str]) -> list[str]:
    return [
        f"{t(f'memories.{name}')}: {plain(_value(before, name))} → {plain(_value(after, name))}"
        for name in ("kind", "category", "event_date", "importance", "status")
        if name in fields
    ]


def _value(memory: Memory, name: str) -> str:
    value = getattr(memory, name)
    if name in ("kind", "category", "status"):
        return word(name, str(value))
    return t("memories.none") if value is None else str(value)


def _meta(memory: Memory) -> str:
    parts = [
        word("subject", memory.subject.value),
        word("kind", memory.kind.value),
        word("category", memory.category),
        memory.event_date or "",
    ]
    return " · ".join(plain(part) for part in parts if part)


def _apply(running: Container, me: Identity, review: SessionReview, chosen: list[Entry]) -> None:
    group, count = bench(running).apply(me.owner, review, chosen)
    notice.stored(me, group, count)
    st.session_state.pop(_REVIEW, None)
    _forget_ticks()
