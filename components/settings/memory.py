"""Memory settings: batch size, silence, context; and re-embedding."""

from __future__ import annotations

import streamlit as st

from components.error_boundary import sentences
from components.settings.form import FORM, Fixed, note_saved, save_and_restart
from components.text import t, word
from memory.config import Settings, known_zones
from memory.container import Container
from memory.i18n import languages

_NUMBERS = {"batch_turns": (1, 100), "idle_seconds": (5, 86_400), "context_tokens": (200, 100_000)}
_FADING = {"memory_days": (0, 36_500), "memory_limit": (0, 1_000_000)}
_FILES = ("document_tokens", "vision", "keep_attachments")
_NAMES = (*_NUMBERS, *_FADING, "archive_below", *_FILES, "language", "timezone")

REFRESH_SECONDS = 2.0
"""Between two looks at how far the vectors are."""


def remembering(running: Container, fixed: Fixed) -> None:
    """How often memories are extracted, and how much of them goes into a reply."""
    settings = running.settings
    with st.form("remembering_form", border=False):
        for name, (lowest, highest) in _NUMBERS.items():
            _number(settings, fixed, name, lowest, highest)
        with st.expander(t("settings.fading"), icon=":material/hourglass_bottom:"):
            st.caption(t("settings.fading_note"))
            for name, (lowest, highest) in _FADING.items():
                _number(settings, fixed, name, lowest, highest)
            st.number_input(
                t("settings.archive_below"),
                min_value=0.0,
                max_value=0.9,
                step=0.01,
                **fixed.field(
                    "archive_below", settings.archive_below, t("settings.archive_below_help")
                ),
            )
        with st.expander(t("settings.files"), icon=":material/attach_file:"):
            _number(settings, fixed, "document_tokens", 200, 1_000_000)
            st.radio(
                t("settings.vision"),
                ("auto", "on", "off"),
                horizontal=True,
                format_func=lambda value: word("vision", value),
                **fixed.field("vision", settings.vision, t("settings.vision_help")),
            )
            st.checkbox(
                t("settings.keep_attachments"),
                **fixed.field(
                    "keep_attachments",
                    settings.keep_attachments,
                    t("settings.keep_attachments_help"),
                ),
            )
        left, right = st.columns(2)
        left.selectbox(
            t("settings.language"),
            ("auto", *languages()),
            format_func=lambda value: word("language", value),
            **fixed.field("language", settings.language, t("settings.default_help")),
        )
        right.selectbox(
            t("settings.default_timezone"),
            sorted(known_zones()),
            **fixed.field("timezone", settings.timezone, t("settings.default_help")),
        )
        fixed.say(_NAMES)
        saved = st.form_submit_button(t("app.save"), type="primary", icon=":material/check:")
    if saved:
        changes = {name: st.session_state[f"{FORM}{name}"] for name in _NAMES if name not in fixed}
        save_and_restart(settings, changes)


def _number(settings: Settings, fixed: Fixed, name: str, lowest: int, highest: int) -> None:
    arguments = fixed.field(name, getattr(settings, name), t(f"settings.{name}_help"))
    st.number_input(t(f"settings.{name}"), min_value=lowest, max_value=highest, step=1, **arguments)


@st.fragment(run_every=REFRESH_SECONDS)
def _reembedding(running: Container) -> None:
    """How far the vectors are that are being made in the background."""
    status = running.store.embedding.status()
    if status.state != "reembedding":
        st.rerun()
    share = status.done / status.total if status.total else 0.0
    said = t("settings.reembedding", done=status.done, total=status.total or "…")
    st.progress(min(share, 1.0), said)
    st.caption(t("settings.reembedding_note"))


def changed_embedder(running: Container) -> None:
    """If the stored vectors come from another embedder: what it means, and the way out."""
    status = running.store.embedding.status()
    if status.state == "reembedding":
        _reembedding(running)
    if status.state != "changed":
        return
    stored, configured = status.stored, status.configured
    with st.container(border=True, key="changed_embedder"):
        st.warning(
            t("settings.embedder_changed", stored=stored.name, configured=configured.name),
            title=t("settings.embedder_changed_title"),
            icon=":material/sync_problem:",
        )
        if st.button(t("settings.reembed"), key="reembed", icon=":material/sync:"):
            bar = st.progress(0.0, t("settings.reembedding", done=0, total="…"))

            def progress(done: int, total: int) -> None:
                said = t("settings.reembedding", done=done, total=total)
                bar.progress(min(done / total, 1.0) if total else 1.0, said)

            with sentences():
                running.store.embedding.reembed(progress)
                note_saved()
                st.rerun()
