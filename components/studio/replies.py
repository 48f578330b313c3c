"""Reply comparison tab: chat prompts and personas against each other on situations."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.identity import Identity
from components.studio import reply_results, reply_sides, situation_picker
from components.studio.reply_results import SHOWN
from components.text import t, word
from memory.container import Container
from memory.i18n import languages
from memory.studio.reply_bench import ReplyBench, ReplySide
from memory.studio.situations import SituationReader
from memory.types import Language, Situation


def bench(running: Container) -> ReplyBench:
    """Where replies are tried."""
    reader = SituationReader(running.db, running.contexts, running.settings)
    return ReplyBench(running.db, reader, running.chat_model, running.clock)


def replies_tab(running: Container, me: Identity) -> None:
    """Situations, A and B, and what both say; then everything that was kept."""
    st.caption(t("studio.replies_about"))
    language = _language(me)
    situations = situation_picker.pick(running, me, language)
    columns = st.columns(2, gap="medium")
    sides: list[ReplySide] = []
    for side, column in zip("ab", columns, strict=True):
        with column:
            chosen = reply_sides.pick(running, me, language, side)
            if chosen is not None:
                sides.append(chosen)
    if running.chat_model.is_builtin:
        st.info(t("studio.replies_builtin"), icon=":material/info:")
    same = reply_sides.same(sides)
    if same:
        st.caption(t("studio.replies_same"))
    if st.button(
        t("studio.replies_try", count=len(situations)),
        key="studio_replies_try",
        type="primary",
        icon=":material/play_arrow:",
        disabled=same or len(sides) < 2 or not situations,
    ):
        with sentences():
            _run(running, me, language, situations, sides)
    reply_results.show(running, me)


def _language(me: Identity) -> Language:
    known = languages()
    chosen: Language = st.segmented_control(
        t("studio.replies_language"),
        known,
        default=me.language if me.language in known else known[0],
        required=True,
        format_func=lambda value: word("language", value),
        label_visibility="collapsed",
        key="studio_replies_language",
        persist_state="session",
    )
    return chosen


def _run(
    running: Container,
    me: Identity,
    language: Language,
    situations: list[Situation],
    sides: list[ReplySide],
) -> None:
    if any(one.owner for one in situations):
        running.accounts.look(me.viewer, me.owner, "replies")
    total = len(situations)
    bar = st.progress(0.0, t("studio.replies_running", done=0, total=total))
    try:
        for done, (trial, _) in enumerate(bench(running).run(language, situations, sides), 1):
            # Whoever leaves half-way finds what was said so far.
            st.session_state[f"{SHOWN}_next"] = trial.id
            bar.progress(done / total, t("studio.replies_running", done=done, total=total))
    finally:
        bar.empty()
