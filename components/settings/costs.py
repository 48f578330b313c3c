"""Cost summary: what the models used lately, in tokens and seconds of audio."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from components.text import t
from memory.container import Container

DAYS = 30


def costs(running: Container) -> None:
    """Figures of the last days for everybody; nothing where no model was asked."""
    spent = running.db.aggregates.costs(running.clock() - timedelta(days=DAYS))
    if not (spent.prompt_tokens or spent.extraction_tokens or spent.audio_seconds):
        return
    st.header(t("settings.costs"), anchor=False)
    st.caption(t("settings.costs_help", days=DAYS))
    with st.container(horizontal=True, key="costs"):
        _figure("costs_replies", f"{spent.replies:,}")
        _figure("costs_prompt", f"{spent.prompt_tokens:,}")
        if spent.picture_tokens or spent.document_tokens:
            _figure("costs_attached", f"{spent.picture_tokens + spent.document_tokens:,}")
        _figure("costs_reply", f"{spent.reply_tokens:,}")
        _figure("costs_extraction", f"{spent.extraction_tokens:,}")
        if spent.audio_seconds:
            _figure("costs_audio", f"{spent.audio_seconds:,}")


def _figure(name: str, value: str) -> None:
    st.metric(t(f"settings.{name}"), value, width="content")
